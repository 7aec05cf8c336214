// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/lru.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::clients {

// What wrong passwords cost. Each source (an address, or a Unix user), and each source with each
// account, has some for nothing, then has to wait: 2 s, 4 s, and so on up to ten minutes. Every
// five minutes one is forgotten. An account is never locked: its owner comes in at once from where
// she came from before, and from elsewhere after a moment. Tokens and peer credentials are no
// passwords and wait for nothing. Pure: the time is an argument.
class Penalties {
public:
    using Time = std::chrono::microseconds; // of a clock that only goes forward
    using Milliseconds = std::chrono::milliseconds;

    static constexpr unsigned free_for_source = 10;
    static constexpr unsigned free_for_pair = 3;
    static constexpr unsigned free_for_shared_pair = 10; // many people are behind such a source
    static constexpr unsigned free_for_account = 5;
    static constexpr Milliseconds first_wait = std::chrono::seconds(2);
    static constexpr Milliseconds max_wait = std::chrono::minutes(10);
    static constexpr auto fading = std::chrono::minutes(5);
    // For an account that is guessed at, from where it never came from.
    static constexpr Milliseconds max_delay = std::chrono::seconds(5);
    // Passwords for one account, of a source of many people that it came from before, that wait for
    // their turn: one each `max_delay`.
    static constexpr int max_turns = 6;
    // Of each of the three kinds, and of the places that accounts came from.
    static constexpr std::size_t max_entries = 16384;

    // Where several people come from the source alone is nobody's fault: `shared` (a trusted
    // network) leaves that out. Whoever logged in from there before is not put off because of
    // another one there who guesses, who would always ask again before her: each has a turn.
    void failed(std::string_view source, std::string_view account, bool shared, Time now);
    void succeeded(std::string_view source, std::string_view account, Time now);
    // Logged in by a token: the account comes from there, whatever is guessed.
    void came_from(std::string_view source, std::string_view account);

    // How long no password is looked at. It does not grow by asking.
    Milliseconds wait(std::string_view source, std::string_view account, bool shared,
                      Time now) const;
    // How long the password that is let in is to wait before it is looked at; this takes its turn.
    Milliseconds delay(std::string_view source, std::string_view account, bool shared, Time now);

    std::size_t size() const noexcept { return sources_.size() + pairs_.size() + accounts_.size(); }

private:
    struct Failures {
        unsigned count = 0;
        Time last{};
        Time next_turn{}; // not before
    };
    using Table = Lru<Failures>;

    static unsigned faded(const Failures& failures, Time now) noexcept;
    static void add(Table& table, std::string_view name, Time now);
    static Milliseconds left(Table& table, std::string_view name, unsigned free,
                             Milliseconds longest, Time now);
    Milliseconds until_turn(std::string_view pair, Time now) const;

    mutable Table sources_{max_entries};
    mutable Table pairs_{max_entries};
    mutable Table accounts_{max_entries};
    mutable Lru<bool> known_{max_entries}; // pairs that logged in
};

} // namespace astcti::clients
