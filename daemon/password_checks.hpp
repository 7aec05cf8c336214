// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/session_table.hpp"
#include "daemon/event/timer.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace astcti {

// The passwords that are being looked at, or are to be after a moment: each costs a password hash,
// so there are few at a time, and fewer of one source.
class PasswordChecks {
public:
    static constexpr std::size_t max_checks = 64;
    // And as many of those that are to wait first, as their account is being guessed at: they take
    // nobody else's place meanwhile.
    static constexpr std::size_t max_delayed = 64;
    // Of those without limits for a source, whom the administrator knows: after a restart of a
    // switch they log in all at once. Less than the workers' queue.
    static constexpr std::size_t max_shared_checks = 2000;
    static constexpr std::size_t max_of_source = 2;
    // For whoever is told to come again.
    static constexpr auto retry = std::chrono::seconds(2);

    explicit PasswordChecks(event::Loop& loop) : loop_(loop), timer_(loop, [this] { run_due(); }) {}
    PasswordChecks(const PasswordChecks&) = delete;

    struct Check {
        std::string source; // empty: a trusted network, or this machine
        bool is_delayed = false;
    };
    bool may_begin(const Check& check) const;
    void begin(const Check& check);
    void end(const Check& check);

    void run_later(std::chrono::milliseconds delay, std::function<void()> run);

private:
    void run_due();

    event::Loop& loop_;
    std::size_t& count(const Check& check) noexcept { return check.is_delayed ? delayed_ : count_; }

    std::size_t count_ = 0; // of those with a source
    std::size_t delayed_ = 0;
    std::map<std::string, std::size_t> of_source_;
    std::multimap<std::chrono::microseconds, std::function<void()>> later_; // by when
    event::Timer timer_;
};

} // namespace astcti
