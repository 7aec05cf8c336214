// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/action.hpp"
#include "daemon/ami/time.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace astcti::ami {

// The actions that Asterisk has not answered yet, known by their ActionID. The first response
// to one counts; a second one, and one to an id that was never given, belongs to nothing.
// Pure: the time is told.
class PendingActions {
public:
    static constexpr Time answer_deadline = std::chrono::seconds(10);
    // Calls that are being placed at once; more than that are not taken on.
    static constexpr std::size_t max_originates = 256;

    enum class Kind { challenge, login, ping, list, list_commands, originate };

    struct Pending {
        ActionValue id;
        Kind kind;
        Time deadline;
        std::optional<Originate> originate; // of that kind
    };

    void sent(const ActionValue& id, Kind kind, Time deadline);
    // False if too many are under way.
    [[nodiscard]] bool sent(const ActionValue& id, const Originate& originate, Time deadline);

    // Takes the action that a response with this ActionID answers; nothing if there is none.
    std::optional<Pending> answered(std::string_view id);
    // Takes one whose deadline has passed.
    std::optional<Pending> expired(Time now);
    // Takes all calls that are being placed: the connection is lost.
    std::vector<Originate> take_originates();

    // Time::max() if nothing is awaited.
    Time next_deadline() const noexcept;

private:
    std::vector<Pending> pending_; // few
};

} // namespace astcti::ami
