// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/event_writer.hpp"

#include "protocol/utf8.hpp"
#include "protocol/xml_writer.hpp"

#include <charconv>
#include <iterator>

namespace astcti::protocol {
namespace {

struct Decimal {
    explicit Decimal(std::uint64_t value) noexcept {
        end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    }

    operator std::string_view() const noexcept { return {digits, end}; }

    char digits[20] = {};
    char* end = digits;
};

void append_text(std::string& out, std::string_view name, std::string_view text) {
    append_element(out, name, cut(text, max_name_size));
}

void append_number(std::string& out, std::string_view name, std::uint64_t value) {
    if (value != 0)
        append_element(out, name, Decimal(value));
}

void begin(std::string& out, std::string_view name, const Event& event) {
    out += '<';
    out += name;
    append_attribute(out, "seq", Decimal(event.seq));
    append_attribute(out, "time", Decimal(event.time));
}

void append_variables(std::string& out, const Call& call) {
    std::size_t count = 0;
    for (const auto& [name, value] : call.variables) {
        if (value.empty())
            continue;
        if (++count > max_variables)
            break;
        out += "<variable";
        append_attribute(out, "name", cut(name, max_name_size));
        out += '>';
        append_escaped(out, cut(value, max_variable_size));
        out += "</variable>";
    }
}

void append_call(std::string& out, const Call& call) {
    append_element(out, "direction", to_word(call.direction));
    append_text(out, "uniqueid", call.uniqueid);
    append_text(out, "linkedid", call.linkedid);
    append_text(out, "channel", call.channel);
    append_text(out, "own-number", call.own_number);
    append_text(out, "own-name", call.own_name);
    append_text(out, "peer-number", call.peer_number);
    append_text(out, "peer-name", call.peer_name);
    append_text(out, "peer-uniqueid", call.peer_uniqueid);
    append_element(out, "presentation", call.withheld ? "withheld" : "");
    append_element(out, "internal", call.internal ? "yes" : "");
    append_text(out, "called-number", call.called_number);
    append_text(out, "context", call.context);
    append_text(out, "queue", call.queue);
    append_element(out, "calldata", cut(call.calldata, max_variable_size));
    append_variables(out, call);
    append_number(out, "start", call.start);
    append_number(out, "answer", call.answer);
    append_number(out, "end", call.end);
    append_element(out, "end-reason", to_word(call.end_reason));
    append_number(out, "cause", call.cause);
}

struct Writer {
    std::string& out;
    const Event& event;

    void operator()(const SnapshotBegin& body) const {
        begin(out, "SnapshotBegin", event);
        append_attribute(out, "epoch", body.epoch);
        append_attribute(out, "user", body.user);
        append_attribute(out, "extension", body.extension);
        out += "/>\n";
    }

    void operator()(const SnapshotEnd&) const {
        begin(out, "SnapshotEnd", event);
        out += "/>\n";
    }

    void operator()(const PbxState& body) const {
        begin(out, "Pbx", event);
        append_attribute(out, "pbx", body.pbx);
        append_attribute(out, "state", body.up ? "up" : "down");
        out += "/>\n";
    }

    void operator()(const RulesPart& body) const {
        begin(out, "Rules", event);
        append_attribute(out, "list", body.list);
        append_attribute(out, "size", Decimal(body.size));
        append_attribute(out, "offset", Decimal(body.offset));
        out += '>';
        append_escaped(out, cut(body.text, max_rules_part));
        out += "</Rules>\n";
    }

    void operator()(const CallEvent& body) const {
        const auto name = event_name(body);
        begin(out, name, event);
        append_attribute(out, "pbx", body.call.pbx);
        append_attribute(out, "call", body.call.id);
        if (body.peer_changed)
            append_attribute(out, "state", to_word(body.call.state));
        out += '>';
        append_call(out, body.call);
        out += "</";
        out += name;
        out += ">\n";
    }
};

} // namespace

std::string_view event_name(const CallEvent& event) noexcept {
    if (event.peer_changed)
        return "Peer";
    if (event.resumed)
        return "Resumed";
    switch (event.call.state) {
    case CallState::dialing:
        return "Dialing";
    case CallState::alerting:
        return "Alerting";
    case CallState::ringing:
        return "Ringing";
    case CallState::answered:
        return "Answered";
    case CallState::held:
        return "Held";
    case CallState::ended:
        return "Ended";
    }
    return {};
}

void append_event(std::string& out, const Event& event) {
    std::visit(Writer{out, event}, event.body);
}

} // namespace astcti::protocol
