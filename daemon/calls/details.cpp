// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/details.hpp"

#include "daemon/ami/text.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace astcti::calls {
namespace {

using Word = std::uint64_t;

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr Word each(unsigned char byte) noexcept {
    return 0x0101010101010101U * byte;
}

// Eight characters at a time: whether one of them is no printable ASCII, or `other`. What one byte
// carries into the next does not count: it is unusual itself.
constexpr bool has_unusual(Word text, Word other) noexcept {
    const auto differing = text ^ other;
    const auto unusual = text | (text + each(1)) | ((text - each(' ')) & ~text) |
                         ((differing - each(1)) & ~differing);
    return (unusual & each(0x80)) != 0;
}

// Of less than eight characters, each once or more.
Word short_word(std::string_view text) noexcept {
    Word word = each(' ');
    if (text.size() >= sizeof(std::uint32_t)) {
        std::uint32_t first = 0;
        std::uint32_t last = 0;
        std::memcpy(&first, text.data(), sizeof first);
        std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
        return Word{first} << 32U | last;
    }
    for (const char c : text)
        word = word << 8U | static_cast<unsigned char>(c);
    return word;
}

inline bool is_plain(std::string_view text, bool escaped) noexcept {
    const auto word_at = [text](std::size_t at) {
        Word word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        return word;
    };
    // A backslash where that escapes; else what is unusual anyway.
    const auto other = escaped ? each('\\') : 0;
    if (text.size() < sizeof(Word))
        return !has_unusual(short_word(text), other);
    for (std::size_t at = 0; at < text.size() - sizeof(Word); at += sizeof(Word))
        if (has_unusual(word_at(at), other))
            return false;
    return !has_unusual(word_at(text.size() - sizeof(Word)), other);
}

// As it is, so that it need not be copied to be compared.
inline bool is_clean(std::string_view text, bool escaped) noexcept {
    if (text.size() > max_text_size || text.starts_with('<'))
        return false;
    return is_plain(text, escaped);
}

bool set_clean(LegText& field, std::string_view text) {
    if (field == text)
        return false;
    field = text;
    return true;
}

bool set_unclean(LegText& field, std::string_view raw, bool escaped) {
    return set_clean(field, CleanText(raw, escaped));
}

} // namespace

CleanText::CleanText(std::string_view raw, bool escaped) : view_(raw) {
    if (is_clean(raw, escaped))
        return;
    cleaned_ = ami::clean_text(escaped ? ami::unescape(raw) : std::string(raw));
    view_ = protocol::cut(cleaned_, max_text_size);
}

bool set_text(LegText& field, std::string_view raw, bool escaped) {
    return is_clean(raw, escaped) ? set_clean(field, raw) : set_unclean(field, raw, escaped);
}

bool update_details(Leg& leg, const ChannelEvent& event, bool old_caller_id) {
    bool changed = false;
    const auto set = [&](LegText& field, Field from, bool escaped = false) {
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

const StateWord* state_from(std::string_view text) noexcept {
    static constexpr std::array<StateWord, 9> words{{{"Up", LegState::up},
                                                     {"Ringing", LegState::ringing},
                                                     {"Ring", LegState::calling},
                                                     {"Down", LegState::down},
                                                     {"Rsrvd", LegState::down},
                                                     {"Dialing", LegState::down},
                                                     {"Pre-ring", LegState::down},
                                                     {"OffHook", LegState::down},
                                                     {"Dialing Offhook", LegState::down}}};
    const auto found = std::ranges::find(words, text, &StateWord::text);
    return found == words.end() ? nullptr : &*found;
}

// A Uniqueid is [SYSTEM-]SECONDS.SERIAL, with the moment at which the channel began: the same
// after a restart. Anything else, and a clock that is far from ours, is not believed.
Clock start_of(std::string_view uniqueid, Clock now) noexcept {
    constexpr Clock second = 1000000;
    constexpr Clock day = 86400 * second;
    if (const auto dash = uniqueid.rfind('-'); dash != uniqueid.npos)
        uniqueid.remove_prefix(dash + 1);
    constexpr std::size_t most_digits = 19; // of which no number is too large
    Clock seconds = 0;
    std::size_t digits = 0;
    for (; digits < uniqueid.size() && is_digit(uniqueid[digits]); ++digits)
        seconds = 10 * seconds + static_cast<Clock>(uniqueid[digits] - '0');
    if (digits == 0 || digits > most_digits || digits == uniqueid.size() || uniqueid[digits] != '.')
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
