// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/logins.hpp"

#include "daemon/accounts/device_choice.hpp"
#include "daemon/base/log.hpp"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

namespace astcti {

using accounts::BadRow;
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

LoginOutcome later(std::string why) {
    LoginOutcome outcome;
    outcome.result = LoginOutcome::Result::try_later;
    outcome.why = std::move(why);
    return outcome;
}

LoginOutcome busy() {
    return later("too many people log in at the same time");
}

} // namespace

Logins::Logins(event::Loop& loop, accounts::StorePool::Maker make, accounts::LoginRules rules)
    : begin_(loop, together, [this] { begin_look_ups(); }), stores_(std::move(make)), rules_(rules),
      workers_(loop, threads()), quick_(loop, 1) {}

void Logins::log_in(accounts::Credentials credentials, const std::string& peer, Answer answer) {
    const bool has_hash = std::holds_alternative<accounts::PasswordLogin>(credentials) ||
                          std::holds_alternative<accounts::Md5Login>(credentials);
    if (has_hash)
        check_hash(credentials, peer, answer);
    else
        look_up(std::move(credentials), peer, std::move(answer));
}

void Logins::check_hash(const accounts::Credentials& credentials, const std::string& peer,
                        const Answer& answer) {
    const bool submitted =
        workers_.submit([this, credentials, peer, answer]() -> event::WorkerPool::Done {
            LoginOutcome outcome;
            try {
                outcome = stores_.with([&](Store& store) {
                    return accounts::log_in(store, verified_, credentials, peer, rules_);
                });
            } catch (const StoreError& error) {
                outcome = later(error.what());
            }
            return [answer, outcome] { answer(outcome); };
        });
    if (!submitted)
        answer(busy());
}

void Logins::look_up(accounts::Credentials credentials, const std::string& peer, Answer answer) {
    asked_.push_back({std::move(credentials), peer, std::move(answer), {}});
    if (asked_.size() >= max_together)
        begin_look_ups();
    else
        begin_.request();
}

void Logins::begin_look_ups() {
    if (asked_.empty())
        return;
    const auto all = std::make_shared<LookUps>(std::exchange(asked_, {}));
    const bool submitted = quick_.submit([this, all]() -> event::WorkerPool::Done {
        look_up_together(*all);
        return [all] {
            const base::LogBatch lines;
            for (const auto& one : *all)
                one.answer(one.outcome);
        };
    });
    if (submitted)
        return;
    for (const auto& one : *all)
        one.answer(busy());
}

// One wrong row is its user's alone; if the accounts cannot be read the rest is put off.
void Logins::look_up_together(LookUps& all) {
    auto next = all.begin();
    const auto look_up_each = [&](Store& store) {
        for (; next != all.end(); ++next) {
            try {
                next->outcome =
                    accounts::log_in(store, verified_, next->credentials, next->peer, rules_);
            } catch (const BadRow& error) {
                next->outcome = later(error.what());
            }
        }
    };
    try {
        stores_.with([&](Store& store) {
            store.read_together([&] { look_up_each(store); });
            return true;
        });
    } catch (const StoreError& error) {
        for (; next != all.end(); ++next)
            next->outcome = later(error.what());
    }
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
