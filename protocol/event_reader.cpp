// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/event_reader.hpp"

#include "protocol/rules_parts.hpp"

#include <charconv>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <memory>

namespace astcti::protocol {
namespace {

using Document = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;
using Context = std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)>;

std::string_view view(const xmlChar* text) noexcept {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view{};
}

const xmlChar* xml(const char* text) noexcept {
    return reinterpret_cast<const xmlChar*>(text);
}

std::string take(xmlChar* text) {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> owned(text, xmlFree);
    return std::string(view(text));
}

std::string attribute(const xmlNode* node, const char* name) {
    return take(xmlGetNoNsProp(node, xml(name)));
}

std::optional<std::uint64_t> number(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

template <typename Number>
bool read_number(std::string_view text, Number& out) noexcept {
    const auto value = number(text);
    out = static_cast<Number>(value.value_or(0));
    return value && *value == out;
}

// False if the element's text is not what its name promises.
bool read_field(Call& call, std::string_view name, const xmlNode* node, std::string text) {
    if (name == "direction") {
        const auto direction = direction_from(text);
        call.direction = direction.value_or(Direction::inbound);
        return direction.has_value();
    }
    if (name == "presentation" || name == "internal") {
        (name == "internal" ? call.internal : call.withheld) = text == "yes" || text == "withheld";
        return true;
    }
    if (name == "end-reason") {
        // A reason of a later version is still an end.
        call.end_reason = end_reason_from(text).value_or(EndReason::normal);
        return true;
    }
    if (name == "cause") {
        std::uint64_t cause = 0;
        const bool good = read_number(text, cause) && cause <= 255;
        call.cause = good ? static_cast<std::uint32_t>(cause) : 0;
        return good;
    }
    if (name == "start")
        return read_number(text, call.start);
    if (name == "answer")
        return read_number(text, call.answer);
    if (name == "end")
        return read_number(text, call.end);
    if (name == "uniqueid")
        call.uniqueid = std::move(text);
    else if (name == "linkedid")
        call.linkedid = std::move(text);
    else if (name == "channel")
        call.channel = std::move(text);
    else if (name == "peer-uniqueid")
        call.peer_uniqueid = std::move(text);
    else if (name == "own-number")
        call.own_number = std::move(text);
    else if (name == "own-name")
        call.own_name = std::move(text);
    else if (name == "peer-number")
        call.peer_number = std::move(text);
    else if (name == "peer-name")
        call.peer_name = std::move(text);
    else if (name == "called-number")
        call.called_number = std::move(text);
    else if (name == "context")
        call.context = std::move(text);
    else if (name == "queue")
        call.queue = std::move(text);
    else if (name == "calldata")
        call.calldata = std::move(text);
    else if (name == "variable" && call.variables.size() < max_variables)
        call.variables.emplace_back(attribute(node, "name"), std::move(text));
    return true;
}

struct CallKind {
    std::string_view name;
    CallState state;
};

constexpr CallKind call_kinds[] = {
    {"Dialing", CallState::dialing}, {"Alerting", CallState::alerting},
    {"Ringing", CallState::ringing}, {"Answered", CallState::answered},
    {"Held", CallState::held},       {"Ended", CallState::ended},
};

std::optional<CallEvent> call_event_named(std::string_view name) {
    CallEvent event;
    if (name == "Peer") {
        event.peer_changed = true;
        return event;
    }
    if (name == "Resumed") {
        event.call.state = CallState::answered;
        event.resumed = true;
        return event;
    }
    for (const auto& kind : call_kinds) {
        if (kind.name == name) {
            event.call.state = kind.state;
            return event;
        }
    }
    return std::nullopt;
}

// Of a Peer event; a server of version 0.1 does not tell it.
CallState state_of_peer(const Call& call, std::string_view word) noexcept {
    if (const auto state = call_state_from(word))
        return *state;
    if (call.answer != 0)
        return CallState::answered;
    return call.direction == Direction::inbound ? CallState::ringing : CallState::dialing;
}

std::variant<Event, UnknownEvent, EventError> read_call(Event event, CallEvent body,
                                                        const xmlNode* root) {
    body.call.pbx = attribute(root, "pbx");
    body.call.id = attribute(root, "call");
    if (body.call.id.empty() || body.call.pbx.empty())
        return EventError{"a call event without call or pbx"};
    for (auto* node = root->children; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        const auto name = view(node->name);
        if (!read_field(body.call, name, node, take(xmlNodeGetContent(node))))
            return EventError{"a wrong value in <" + std::string(name) + ">"};
    }
    if (body.peer_changed)
        body.call.state = state_of_peer(body.call, attribute(root, "state"));
    event.body = std::move(body);
    return event;
}

std::variant<Event, UnknownEvent, EventError> read_rules_part(Event event, const xmlNode* root) {
    RulesPart part;
    part.list = attribute(root, "list");
    part.text = take(xmlNodeGetContent(root));
    if (!is_rules_list(part.list) || !read_number(attribute(root, "size"), part.size) ||
        !read_number(attribute(root, "offset"), part.offset))
        return EventError{"no list, size or offset in <Rules>"};
    event.body = std::move(part);
    return event;
}

std::variant<Event, UnknownEvent, EventError> read_root(const xmlNode* root) {
    Event event;
    if (!read_number(attribute(root, "seq"), event.seq) ||
        !read_number(attribute(root, "time"), event.time))
        return EventError{"no number in seq or time"};

    const auto name = view(root->name);
    if (name == "Rules")
        return read_rules_part(std::move(event), root);
    if (auto body = call_event_named(name))
        return read_call(std::move(event), std::move(*body), root);
    if (name == "SnapshotBegin") {
        event.body = SnapshotBegin{attribute(root, "epoch"), attribute(root, "user"),
                                   attribute(root, "extension")};
    } else if (name == "SnapshotEnd") {
        event.body = SnapshotEnd{};
    } else if (name == "Pbx") {
        const auto state = attribute(root, "state");
        if (state != "up" && state != "down")
            return EventError{"a wrong state in <Pbx>"};
        event.body = PbxState{attribute(root, "pbx"), state == "up"};
    } else {
        return UnknownEvent{std::string(name)};
    }
    return event;
}

} // namespace

std::variant<Event, UnknownEvent, EventError> read_event(std::string_view line) {
    if (line.size() > max_event_line)
        return EventError{"longer than an event can be"};
    // The writer escapes every '<' of a value: these can only be declarations.
    if (line.find("<!") != line.npos || line.find("<?") != line.npos)
        return EventError{"a declaration in it"};

    const Context context(xmlNewParserCtxt(), xmlFreeParserCtxt);
    if (!context)
        return EventError{"out of memory"};
    const Document document(
        xmlCtxtReadMemory(context.get(), line.data(), static_cast<int>(line.size()), nullptr,
                          "UTF-8", XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        xmlFreeDoc);
    if (!document)
        return EventError{"not well-formed XML"};
    return read_root(xmlDocGetRootElement(document.get()));
}

} // namespace astcti::protocol
