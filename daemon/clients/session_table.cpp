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
    ++departures_;
    std::erase_if(sessions_, [id](const auto& session) { return session.id == id; });
    silent_.erase(id);
}

void SessionTable::replace(const LoggedIn& session) {
    const auto found = std::ranges::find(sessions_, session.id, &LoggedIn::id);
    if (found == sessions_.end())
        return;
    *found = session;
    ++generation_;
    ++departures_;
}

void SessionTable::set_silent(SessionId id, bool is_silent) {
    if (is_silent)
        silent_.insert(id);
    else
        silent_.erase(id);
}

const LoggedIn* SessionTable::find(SessionId id) const noexcept {
    const auto found = std::ranges::find(sessions_, id, &LoggedIn::id);
    return found == sessions_.end() ? nullptr : &*found;
}

bool SessionTable::has_user(std::string_view user) const noexcept {
    return std::ranges::any_of(sessions_, [&](const auto& session) {
        return session.user == user && !is_silent(session.id);
    });
}

bool SessionTable::has_original_at(std::string_view extension) const noexcept {
    return std::ranges::any_of(sessions_, [&](const auto& session) {
        return session.original && session.extension == extension && !is_silent(session.id);
    });
}

std::vector<SessionId> SessionTable::silent_originals_at(std::string_view extension) const {
    std::vector<SessionId> ids;
    for (const auto& session : sessions_)
        if (session.original && session.extension == extension && is_silent(session.id))
            ids.push_back(session.id);
    return ids;
}

std::optional<SessionId> SessionTable::surplus_of(std::string_view user) const noexcept {
    const auto is_of_user = [user](const auto& session) { return session.user == user; };
    const auto count = std::ranges::count_if(sessions_, is_of_user);
    if (static_cast<std::size_t>(count) <= max_of_user)
        return std::nullopt;
    return std::ranges::find_if(sessions_, is_of_user)->id;
}

} // namespace astcti::clients
