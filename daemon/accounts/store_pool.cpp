// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/store_pool.hpp"

namespace astcti::accounts {

std::unique_ptr<Store> StorePool::take() {
    {
        const std::scoped_lock lock(mutex_);
        if (!breaker_.may_try(now_()))
            throw StoreError(breaker_.why());
        if (!idle_.empty()) {
            auto store = std::move(idle_.back());
            idle_.pop_back();
            return store;
        }
    }
    return make_();
}

void StorePool::give_back(std::unique_ptr<Store> store) {
    const std::scoped_lock lock(mutex_);
    breaker_.succeeded();
    idle_.push_back(std::move(store));
}

// The store goes: what is wrong may be its connection.
void StorePool::failed(const char* why) {
    const std::scoped_lock lock(mutex_);
    breaker_.failed(why, now_());
}

} // namespace astcti::accounts
