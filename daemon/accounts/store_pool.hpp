// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/breaker.hpp"
#include "daemon/accounts/store.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace astcti::accounts {

// Lends stores to worker threads: as many as work at the same time, each with a connection that
// it keeps. While the database is away it says so at once, but for one try a second.
class StorePool {
public:
    using Maker = std::function<std::unique_ptr<Store>()>;

    using Clock = std::function<Breaker::Time()>;

    explicit StorePool(Maker make, Clock now = &std::chrono::steady_clock::now)
        : make_(std::move(make)), now_(std::move(now)) {}
    StorePool(const StorePool&) = delete;
    StorePool& operator=(const StorePool&) = delete;

    // Runs `work` with a store. Blocks. Throws what it throws, and StoreError if the database was
    // away a moment ago.
    template <typename Work>
    auto with(Work work) {
        auto store = take();
        try {
            auto result = work(*store);
            give_back(std::move(store));
            return result;
        } catch (const BadRow&) {
            give_back(std::move(store));
            throw;
        } catch (const std::exception& error) {
            failed(error.what());
            throw;
        }
    }

private:
    std::unique_ptr<Store> take();
    void give_back(std::unique_ptr<Store> store);
    void failed(const char* why);

    Maker make_;
    Clock now_;
    std::mutex mutex_;
    Breaker breaker_;
    std::vector<std::unique_ptr<Store>> idle_;
};

} // namespace astcti::accounts
