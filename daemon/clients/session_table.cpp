// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/session_table.hpp"

#include <algorithm>

namespace astcti::clients {

void SessionTable::add(LoggedIn session) {
    sessions_.push_back(std::move(session));
    ++generation_;
}

void SessionTable::remove(SessionId id) {
    ++generation_;
    std::erase_if(sessions_, [id](const auto& session) { return session.id == id; });
}

const LoggedIn* SessionTable::find(SessionId id) const noexcept {
    const auto found = std::ranges::find(sessions_, id, &LoggedIn::id);
    return found == sessions_.end() ? nullptr : &*found;
}

bool SessionTable::has_user(std::string_view user) const noexcept {
    return std::ranges::find(sessions_, user, &LoggedIn::user) != sessions_.end();
}

bool SessionTable::has_original_at(std::string_view extension) const noexcept {
    return std::ranges::any_of(sessions_, [extension](const auto& session) {
        return session.original && session.extension == extension;
    });
}

} // namespace astcti::clients
