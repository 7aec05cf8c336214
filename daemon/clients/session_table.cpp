// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/session_table.hpp"

#include <algorithm>

namespace astcti::clients {

void SessionTable::add(LoggedIn session) {
    ++of_user_[session.user];
    sessions_.push_back(std::move(session));
    ++generation_;
}

void SessionTable::remove(SessionId id) {
    ++generation_;
    ++departures_;
    silent_.erase(id);
    const auto found = std::ranges::find(sessions_, id, &LoggedIn::id);
    if (found == sessions_.end())
        return;
    const auto count = of_user_.find(found->user);
    if (--count->second == 0)
        of_user_.erase(count);
    sessions_.erase(found);
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

std::optional<SessionId> SessionTable::surplus_of(const std::string& user) const {
    const auto count = of_user_.find(user);
    if (count == of_user_.end() || count->second <= max_of_user)
        return std::nullopt;
    return std::ranges::find(sessions_, user, &LoggedIn::user)->id;
}

} // namespace astcti::clients
