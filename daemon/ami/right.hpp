// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string_view>

namespace astcti::ami {

// The classes of read= and write= in manager.conf (main/manager.c, perms[], 1.4 to 23).
enum class Right : std::size_t {
    system,
    call,
    log,
    verbose,
    command,
    agent,
    user,
    config,
    dtmf,
    reporting,
    cdr,
    dialplan,
    originate,
    agi,
    cc,
    aoc,
    test,
    security,
    message,
    count
};

class RightSet {
public:
    bool has(Right right) const noexcept { return bits_[static_cast<std::size_t>(right)]; }
    void add(Right right) noexcept { bits_.set(static_cast<std::size_t>(right)); }
    std::size_t size() const noexcept { return bits_.count(); }

private:
    std::bitset<static_cast<std::size_t>(Right::count)> bits_;
};

std::string_view name_of(Right right) noexcept;
std::optional<Right> right_of(std::string_view name) noexcept;

// Of an event's Privilege, "call,all": the one right that brings it. Nothing of anything else:
// items of a list say "Call", or no Privilege at all, and are no proof of a right.
std::optional<Right> right_of_event(std::string_view privilege) noexcept;
// The Privilege of an event as it came, whose second line it is in all versions; empty if it is
// not.
std::string_view privilege_in(std::string_view packet) noexcept;

// Why a right that astctid does not use should be taken away.
std::string_view danger_of_write(Right right) noexcept;
std::string_view cost_of_read(Right right) noexcept;

} // namespace astcti::ami
