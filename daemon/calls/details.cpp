// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/details.hpp"

#include "daemon/ami/text.hpp"
#include "protocol/utf8.hpp"

#include <charconv>

namespace astcti::calls {
namespace {

// Clean as it is, so that it need not be copied to be compared.
bool is_plain(std::string_view text, bool escaped) noexcept {
    for (const char c : text)
        if (c < ' ' || c == 0x7F || (escaped && c == '\\'))
            return false;
    return text.empty() || text.front() != '<';
}

} // namespace

bool set_text(std::string& field, std::string_view raw, bool escaped) {
    if (raw.size() <= max_text_size && is_plain(raw, escaped)) {
        if (field == raw)
            return false;
        field = raw;
        return true;
    }
    auto text = ami::clean_text(escaped ? ami::unescape(raw) : std::string(raw));
    text.resize(protocol::cut(text, max_text_size).size());
    if (field == text)
        return false;
    field = std::move(text);
    return true;
}

bool update_details(Leg& leg, const ChannelEvent& event, bool old_caller_id) {
    bool changed = false;
    const auto set = [&](std::string& field, Field from, bool escaped = false) {
        if (event.has(from))
            changed |= set_text(field, event.get(from), escaped);
    };
    const bool escaped = event.is_escaped();
    const bool is_callers = old_caller_id && leg.dialed;
    set(leg.linkedid, Field::linkedid);
    set(is_callers ? leg.connected_number : leg.number, Field::number);
    set(is_callers ? leg.connected_name : leg.name, Field::name, escaped);
    set(leg.connected_number, Field::connected_number);
    set(leg.connected_name, Field::connected_name, escaped);
    set(leg.context, Field::context);
    set(leg.extension, Field::exten);
    if (event.has(Field::presentation)) {
        const bool withheld = is_prohibited(event.get(Field::presentation));
        changed |= withheld != leg.withheld;
        leg.withheld = withheld;
    }
    return changed;
}

std::optional<LegState> state_from(std::string_view text) noexcept {
    if (text == "Up")
        return LegState::up;
    if (text == "Ringing")
        return LegState::ringing;
    if (text == "Ring")
        return LegState::calling;
    if (text == "Down" || text == "Rsrvd" || text == "Dialing" || text == "Pre-ring" ||
        text == "OffHook" || text == "Dialing Offhook")
        return LegState::down;
    return std::nullopt;
}

// A Uniqueid is [SYSTEM-]SECONDS.SERIAL, with the moment at which the channel began: the same
// after a restart. Anything else, and a clock that is far from ours, is not believed.
Clock start_of(std::string_view uniqueid, Clock now) noexcept {
    constexpr Clock second = 1000000;
    constexpr Clock day = 86400 * second;
    if (const auto dash = uniqueid.rfind('-'); dash != uniqueid.npos)
        uniqueid.remove_prefix(dash + 1);
    Clock seconds = 0;
    const auto [end, error] =
        std::from_chars(uniqueid.data(), uniqueid.data() + uniqueid.size(), seconds);
    if (error != std::errc{} || end == uniqueid.data() + uniqueid.size() || *end != '.')
        return now;
    const bool plausible = seconds < now / second + 60 && seconds * second + day > now;
    return plausible ? seconds * second : now;
}

std::uint32_t cause_from(std::string_view text) noexcept {
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value <= 255 ? value : 0;
}

std::uint32_t cause_of_reason(std::string_view reason) noexcept {
    if (reason == "5")
        return 17; // busy
    if (reason == "1" || reason == "3")
        return 19; // hung up, or rang in vain
    if (reason == "8")
        return 34; // no circuit
    return 0;
}

std::string_view status_of_reason(std::string_view reason) noexcept {
    if (reason == "3")
        return "NOANSWER";
    if (reason == "5")
        return "BUSY";
    return reason == "8" ? "CONGESTION" : "";
}

bool is_prohibited(std::string_view presentation) noexcept {
    constexpr std::uint32_t restriction = 0x60; // the bits of AST_PRES_RESTRICTION
    constexpr std::uint32_t prohibited = 0x20;
    return (cause_from(presentation) & restriction) == prohibited;
}

} // namespace astcti::calls
