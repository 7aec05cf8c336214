// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/logins.hpp"

#include "daemon/accounts/device_choice.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace astcti {

using accounts::LoginOutcome;
using accounts::Store;
using accounts::StoreError;

namespace {

// A thousand people at once keep as many processors busy as there are threads, for as long as
// their hashes take. One is left for the loop, which tells of calls.
unsigned threads() {
    const auto processors = std::thread::hardware_concurrency();
    return std::clamp(processors, 2U, Logins::max_threads + 1) - 1;
}

} // namespace

Logins::Logins(event::Loop& loop, accounts::StorePool::Maker make, accounts::LoginRules rules)
    : stores_(std::move(make)), rules_(rules), workers_(loop, threads()), quick_(loop, 1) {}

void Logins::log_in(const accounts::Credentials& credentials, const std::string& peer,
                    const Answer& answer) {
    const bool has_hash = std::holds_alternative<accounts::PasswordLogin>(credentials) ||
                          std::holds_alternative<accounts::Md5Login>(credentials);
    auto& pool = has_hash ? workers_ : quick_;
    const bool submitted =
        pool.submit([this, credentials, peer, answer]() -> event::WorkerPool::Done {
            LoginOutcome outcome;
            try {
                outcome = stores_.with([&](Store& store) {
                    return accounts::log_in(store, verified_, credentials, peer, rules_);
                });
            } catch (const StoreError& error) {
                outcome.result = LoginOutcome::Result::try_later;
                outcome.why = error.what();
            }
            return [answer, outcome] { answer(outcome); };
        });
    if (submitted)
        return;
    LoginOutcome busy;
    busy.result = LoginOutcome::Result::try_later;
    busy.why = "too many people log in at the same time";
    answer(busy);
}

void Logins::check_device(const std::string& user, const std::string& peer,
                          const std::string& device, const Allowed& answer) {
    const bool submitted =
        quick_.submit([this, user, peer, device, answer]() -> event::WorkerPool::Done {
            std::optional<bool> allowed;
            try {
                allowed = stores_.with(
                    [&](Store& store) { return accounts::may_choose(store, user, peer, device); });
            } catch (const StoreError&) {
                allowed.reset();
            }
            return [answer, allowed] { answer(allowed); };
        });
    if (!submitted)
        answer(std::nullopt);
}

void Logins::read_devices(Devices answer) {
    static_cast<void>(
        workers_.submit([this, answer = std::move(answer)]() -> event::WorkerPool::Done {
            std::optional<std::set<std::string>> devices;
            try {
                devices = stores_.with([](Store& store) { return store.devices(); });
            } catch (const StoreError&) {
                devices.reset();
            }
            return [answer, devices] { answer(devices); };
        }));
}

void Logins::check(Trouble answer) {
    static_cast<void>(
        workers_.submit([this, answer = std::move(answer)]() -> event::WorkerPool::Done {
            std::string trouble;
            try {
                stores_.with([](Store& store) {
                    store.check();
                    return true;
                });
            } catch (const StoreError& error) {
                trouble = error.what();
            }
            return [answer, trouble] { answer(trouble); };
        }));
}

} // namespace astcti
