// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/demo/script.hpp"

#include <string>
#include <utility>

namespace astcti::demo {
namespace {

using protocol::Call;
using protocol::CallEvent;
using protocol::CallState;
using protocol::Direction;
using protocol::EndReason;
using protocol::Event;
using std::chrono::milliseconds;

constexpr const char* pbx = "demo";

// Writes a round, one call after the other; knows what time it is in it.
class Writer {
public:
    Writer(unsigned int round, protocol::Microseconds start) : round_(round), now_(start) {}

    Call call(Direction direction, std::string number, std::string name) {
        const auto id = std::to_string(round_) + "." + std::to_string(++calls_);
        Call call;
        call.id = std::string(pbx) + ":" + id + ":200";
        call.pbx = pbx;
        call.uniqueid = id;
        call.linkedid = id;
        call.channel = "DEMO/200-" + id;
        call.direction = direction;
        call.own_number = "200";
        call.own_name = "You";
        call.peer_number = std::move(number);
        call.peer_name = std::move(name);
        call.context = "astctidemo";
        call.called_number = "200";
        return call;
    }

    void step(milliseconds wait, Call& call, CallState state, bool peer_changed = false) {
        now_ += static_cast<protocol::Microseconds>(wait.count()) * 1000;
        const bool resumed = call.state == CallState::held && state == CallState::answered;
        call.state = state;
        if (call.start == 0)
            call.start = now_;
        if (call.answer == 0 && state == CallState::answered)
            call.answer = now_;
        steps_.push_back({wait, Event{0, now_, CallEvent{call, peer_changed, resumed}}});
    }

    void end(milliseconds wait, Call& call, EndReason reason, std::uint32_t cause) {
        call.end_reason = reason;
        call.cause = cause;
        call.end = now_ + static_cast<protocol::Microseconds>(wait.count()) * 1000;
        step(wait, call, CallState::ended);
    }

    std::vector<Step> take() { return std::move(steps_); }

private:
    unsigned int round_;
    unsigned int calls_ = 0;
    protocol::Microseconds now_;
    std::vector<Step> steps_;
};

void customer(Writer& writer) {
    auto call = writer.call(Direction::inbound, "+390655501234", "Anna Bianchi");
    call.queue = "support";
    call.called_number = "100";
    call.calldata = "12345";
    writer.step(milliseconds(1000), call, CallState::ringing);
    writer.step(milliseconds(4000), call, CallState::answered);
    writer.step(milliseconds(2000), call, CallState::held);
    writer.step(milliseconds(1000), call, CallState::answered);
    writer.end(milliseconds(2000), call, EndReason::normal, 16);
}

void colleague(Writer& writer) {
    auto call = writer.call(Direction::inbound, "202", "Carla, next door");
    call.internal = true;
    writer.step(milliseconds(1500), call, CallState::ringing);
    writer.step(milliseconds(2000), call, CallState::answered);
    call.internal = false;
    call.peer_number = "+390655505678";
    call.peer_name = "Mario Rossi & Sons";
    call.calldata = "777";
    writer.step(milliseconds(2000), call, CallState::answered, true);
    writer.end(milliseconds(2000), call, EndReason::normal, 16);
}

void nobody_answers(Writer& writer) {
    auto call = writer.call(Direction::inbound, "+390655508888", "Giulia Verdi");
    writer.step(milliseconds(1500), call, CallState::ringing);
    writer.end(milliseconds(3000), call, EndReason::cancelled, 16);
}

void unknown(Writer& writer) {
    auto call = writer.call(Direction::inbound, "", "");
    call.withheld = true;
    writer.step(milliseconds(1500), call, CallState::ringing);
    writer.end(milliseconds(2000), call, EndReason::answered_elsewhere, 26);
}

void outbound(Writer& writer) {
    auto call = writer.call(Direction::outbound, "+390655501234", "");
    call.called_number = "+390655501234";
    writer.step(milliseconds(1500), call, CallState::dialing);
    writer.step(milliseconds(500), call, CallState::alerting);
    writer.step(milliseconds(1500), call, CallState::answered);
    writer.end(milliseconds(1500), call, EndReason::normal, 16);
}

} // namespace

std::vector<Event> opening() {
    return {Event{0, 0, protocol::SnapshotBegin{"demo", "demo", "DEMO/200"}},
            Event{0, 0, protocol::PbxState{pbx, true}}, Event{0, 0, protocol::SnapshotEnd{}}};
}

std::vector<Step> calls(unsigned int round, protocol::Microseconds start) {
    Writer writer(round, start);
    customer(writer);
    colleague(writer);
    nobody_answers(writer);
    unknown(writer);
    outbound(writer);
    return writer.take();
}

} // namespace astcti::demo
