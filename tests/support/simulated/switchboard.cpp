// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/switchboard.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace astcti::simulated {
namespace {

using protocol::CallState;

constexpr std::size_t max_calls = 4; // of a telephone

protocol::Call describe(const std::string& id, const std::string& device, const std::string& owner,
                        std::uint64_t serial, CallState state, bool is_big) {
    protocol::Call call;
    call.id = id;
    call.pbx = "pbx1";
    call.state = state;
    call.peer_name = owner;
    call.calldata = fmt::format("{} {}", device, serial);
    if (is_big)
        for (std::size_t i = 0; i < protocol::max_variables; ++i)
            call.variables.emplace_back(std::to_string(i),
                                        std::string(protocol::max_variable_size, 'x'));
    return call;
}

protocol::OriginalEvent original(const protocol::Call& call) {
    protocol::OriginalEvent event;
    event.uniqueid = call.id;
    event.caller_name = call.peer_name;
    event.appdata = call.calldata;
    if (!call.variables.empty()) {
        event.context = std::string(protocol::max_name_size, 'x');
        event.caller_number = event.context;
    }
    return event;
}

} // namespace

void Switchboard::serve(Reception& reception, unsigned life) {
    reception_ = &reception;
    epoch_ = fmt::format("life{}", life);
    dials_.clear();
}

bool Switchboard::hears(const clients::LoggedIn& session, std::string_view device) {
    return session.extension == device ||
           std::ranges::find(session.further_devices, device) != session.further_devices.end();
}

void Switchboard::change(const std::string& device, bool is_big) {
    auto& random = World::the().random;
    auto& telephone = telephones_[device];
    auto& calls = telephone.calls;
    const bool begins = calls.empty() || (calls.size() < max_calls && random.chance(40));
    std::string id;
    auto state = CallState::ringing;
    if (begins) {
        id = fmt::format("c{}", ++last_call_);
    } else {
        id = std::next(calls.begin(), static_cast<std::ptrdiff_t>(random.below(calls.size())))
                 ->first;
        state = random.chance(40) ? CallState::ended : CallState::answered;
    }
    const auto serial = ++telephone.serial;
    if (state == CallState::ended)
        calls.erase(id);
    else
        calls[id] = serial;
    const auto call = describe(id, device, telephone.owner, serial, state, is_big);
    // Told as Daemon does: to whom is settled first, as a client may be closed meanwhile.
    std::vector<clients::LoggedIn> told;
    std::ranges::copy_if(reception_->sessions().all(), std::back_inserter(told),
                         [&](const auto& session) { return hears(session, device); });
    for (const auto& session : told)
        if (auto* connection = reception_->clients().find(session.id)) {
            ++events;
            const auto now = World::the().real_time();
            if (session.original)
                connection->tell(original(call), now, false);
            else
                connection->tell(protocol::EventBody(protocol::CallEvent{call}), now, false);
        }
}

void Switchboard::send_snapshot(clients::Connection& connection) {
    const auto session = connection.session().entry();
    if (session.original)
        return;
    const auto tell = [&](protocol::EventBody body) {
        connection.tell(std::move(body), World::the().real_time(), true);
    };
    tell(protocol::SnapshotBegin{connection.session().epoch(epoch_), session.user,
                                 session.extension});
    for (const auto& [device, telephone] : telephones_) {
        if (!hears(session, device))
            continue;
        tell(protocol::PbxState{fmt::format("{} {}", device, telephone.serial), true});
        for (const auto& [id, serial] : telephone.calls)
            tell(protocol::CallEvent{
                describe(id, device, telephone.owner, serial, CallState::answered, false)});
    }
    tell(protocol::SnapshotEnd{});
}

void Switchboard::send_rules(clients::Connection& connection) {
    connection.perform(connection.session().rules_done({}));
}

void Switchboard::originate(clients::Connection& connection,
                            const clients::OriginateRequest& request) {
    const auto now = World::the().now();
    auto& [since, count] =
        dials_.try_emplace(connection.session().entry().user, now, 0).first->second;
    const auto allowed =
        clients::DialRate::at_once + (now - since) / 1000 / clients::DialRate::interval.count();
    if (++count > allowed)
        World::the().breaks("somebody dials too often");
    if (!clients::is_allowed({{"demo", "_2XX"}}, {request.number, request.context, "1"}))
        World::the().breaks("a number is dialled that may not be");
    ++dialled;
    connection.perform(connection.session().originate_done(true));
}

void Switchboard::sessions_changed() {
    std::set<clients::SessionId> ids;
    std::set<std::string> originals;
    for (const auto& session : reception_->sessions().all()) {
        if (!ids.insert(session.id).second)
            World::the().breaks("a session is in the table twice");
        if (!reception_->clients().find(session.id))
            World::the().breaks("a session is in the table that has no connection");
        if (session.original && !originals.insert(session.extension).second)
            World::the().breaks("an extension has two clients of the original");
    }
}

} // namespace astcti::simulated
