// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace astcti::clients {

// Numbers the connections of this daemon's life; never used twice.
using SessionId = std::uint64_t;

// A session that is logged in, as far as routing needs to know it.
struct LoggedIn {
    SessionId id = 0;
    std::string user;
    std::string extension; // the device whose calls it is told; empty: none
    bool original = false; // speaks the original's dialect
    // The account's other telephones, whose calls it is told as well.
    std::vector<std::string> further_devices = {};
    std::string dial = {}; // what rings when the person dials; empty: the extension

    bool operator==(const LoggedIn&) const = default;
};

// Who is logged in, in the order of their logins.
class SessionTable {
public:
    // More of one person give way to new ones: a program that logs in and forgets to leave must
    // not use up what is there for all, nor keep its owner out.
    static constexpr std::size_t max_of_user = 32;

    void add(LoggedIn session);
    void remove(SessionId id);
    // The one of the same id has changed; its user is the same.
    void replace(const LoggedIn& session);
    // Nothing was heard of it for long: it is told events, but keeps nobody else out.
    void set_silent(SessionId id, bool is_silent);

    const std::vector<LoggedIn>& all() const noexcept { return sessions_; }
    const LoggedIn* find(SessionId id) const noexcept;

    // Another number after each change.
    std::uint64_t generation() const noexcept { return generation_; }
    // Another number after each change but an addition, which is at the end of all().
    std::uint64_t departures() const noexcept { return departures_; }

    bool has_user(std::string_view user) const noexcept;
    // The original had one client an extension.
    bool has_original_at(std::string_view extension) const noexcept;
    // The silent ones that another may take the place of.
    std::vector<SessionId> silent_originals_at(std::string_view extension) const;
    // The oldest of a person who has more than max_of_user.
    std::optional<SessionId> surplus_of(const std::string& user) const;

private:
    bool is_silent(SessionId id) const noexcept { return silent_.contains(id); }

    std::unordered_map<std::string, std::size_t> of_user_; // how many
    std::set<SessionId> silent_;
    std::vector<LoggedIn> sessions_;
    std::uint64_t generation_ = 0;
    std::uint64_t departures_ = 0;
};

} // namespace astcti::clients
