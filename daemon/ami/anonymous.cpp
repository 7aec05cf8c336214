// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/anonymous.hpp"

#include "daemon/ami/anonymous_text.hpp"
#include "daemon/ami/header_kind.hpp"
#include "daemon/ami/packet.hpp"
#include "daemon/ami/text.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace astcti::ami {
namespace {

constexpr std::string_view banner_start = "Asterisk Call Manager/";
// A longer one is replaced by as many letters: the parser's limits must see it as it was.
constexpr std::size_t max_name = 200;

// Nobody's name or number: what Asterisk or a provider says instead of one.
constexpr std::array<std::string_view, 14> nobody{
    "",        "<unknown>", "<null>",      "<none>",    "(null)",     "unknown", "anonymous",
    "private", "withheld",  "unavailable", "withdrawn", "restricted", "no name", "blocked"};

constexpr std::array<std::string_view, 14> technologies{
    "PJSIP", "SIP",  "IAX2", "Local", "DAHDI", "Zap",    "Agent",
    "SCCP",  "MGCP", "H323", "mISDN", "Khomp", "Dongle", "Custom"};

bool is_nobody(std::string_view text) {
    return std::any_of(nobody.begin(), nobody.end(),
                       [&](std::string_view word) { return same_key(word, text); });
}

bool is_device(std::string_view text) {
    const auto end = text.find('/');
    return end != text.npos && text.find(' ') == text.npos &&
           std::any_of(technologies.begin(), technologies.end(), [&](std::string_view technology) {
               return same_key(technology, text.substr(0, end));
           });
}

bool is_key(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
}

class Anonymiser {
public:
    explicit Anonymiser(Pseudonyms::Random random) : pseudonyms_(random), text_(pseudonyms_) {}

    void line(std::string& out, std::string_view line);

private:
    struct Key {
        HeaderKind kind = HeaderKind::value;
        std::string text;
    };

    const Key& key(std::string_view text);
    HeaderKind kind_in_packet(std::string_view key, HeaderKind kind) const;
    void note(std::string_view key, std::string_view value);
    std::string value(HeaderKind kind, std::string_view text);
    std::string person(std::string_view text);
    std::string name(std::string_view text);
    std::string pair(std::string_view text);

    Pseudonyms pseudonyms_;
    AnonymousText text_;
    std::unordered_map<std::string_view, Key> keys_; // views into the recording

    // Of the packet so far.
    bool at_begin_ = true;
    bool is_user_event_ = false;
    bool is_body_ = false; // of a UserEvent
    std::string_view variable_;
    std::string_view application_;
};

void Anonymiser::line(std::string& out, std::string_view line) {
    if (line.empty()) {
        at_begin_ = true;
        is_user_event_ = is_body_ = false;
        variable_ = application_ = {};
        return;
    }
    const auto colon = line.find(':');
    if (at_begin_ && line.starts_with(banner_start) && colon == line.npos) {
        out += line;
        return;
    }
    at_begin_ = false;
    if (colon == line.npos || colon == 0) {
        out += text_.without_letters(line);
        return;
    }
    const auto& known = key(line.substr(0, colon));
    const auto begin = colon + (line.substr(colon + 1).starts_with(' ') ? 2 : 1);
    const auto text = line.substr(begin);
    out += known.text;
    out += line.substr(colon, begin - colon);
    out += value(kind_in_packet(line.substr(0, colon), known.kind), text);
    note(line.substr(0, colon), text);
}

const Anonymiser::Key& Anonymiser::key(std::string_view text) {
    const auto found = keys_.find(text);
    if (found != keys_.end())
        return found->second;
    Key known;
    known.kind = kind_of_header(text);
    const bool is_plain = is_key(text.substr(0, text.find('(')));
    known.text = is_plain ? text_.with_letters(text) : text_.without_letters(text);
    return keys_.emplace(text, std::move(known)).first->second;
}

// What the value of this header is the value of was told before it.
HeaderKind Anonymiser::kind_in_packet(std::string_view key, HeaderKind kind) const {
    if (is_body_ && (kind == HeaderKind::own || kind == HeaderKind::content))
        return HeaderKind::value; // such as "Status", "Value": the words of the dialplan's author
    if (kind != HeaderKind::content)
        return kind;
    return same_key(key, "Value") ? kind_of_variable(variable_) : kind_of_application(application_);
}

void Anonymiser::note(std::string_view key, std::string_view value) {
    if (same_key(key, "Event"))
        is_user_event_ = same_key(value, "UserEvent");
    else if (same_key(key, "UserEvent"))
        is_body_ = is_user_event_;
    else if (same_key(key, "Variable"))
        variable_ = value;
    else if (same_key(key, "Application"))
        application_ = value;
}

std::string Anonymiser::value(HeaderKind kind, std::string_view text) {
    switch (kind) {
    case HeaderKind::id:
        return text_.id(text);
    case HeaderKind::moment:
        return text_.moment(text);
    case HeaderKind::own:
        return text_.with_letters(text);
    case HeaderKind::device:
        return text_.channel(text);
    case HeaderKind::number:
        return person(text);
    case HeaderKind::name:
        return name(text);
    case HeaderKind::pair:
        return pair(text);
    case HeaderKind::typed: {
        std::string out(text);
        std::replace_if(out.begin(), out.end(), is_digit, '1');
        return out;
    }
    default:
        return is_device(text) ? text_.channel(text) : text_.without_letters(text);
    }
}

// 390612345678, or up to Asterisk 1.4 "Anna Rossi" <390612345678>
std::string Anonymiser::person(std::string_view text) {
    if (is_nobody(text))
        return std::string(text);
    if (is_device(text))
        return text_.channel(text);
    const auto begin = text.rfind('<');
    if (begin != text.npos && begin > 0 && text.ends_with('>')) {
        auto called = text.substr(0, begin);
        const auto first = called.find_first_not_of("\" ");
        const auto last = called.find_last_not_of("\" ");
        std::string out(called);
        if (first != called.npos)
            out.replace(first, last + 1 - first, name(called.substr(first, last + 1 - first)));
        return out + person(text.substr(begin));
    }
    const bool has_letters =
        std::any_of(text.begin(), text.end(), [](char c) { return is_letter(c); });
    return has_letters ? text_.without_letters(text) : text_.with_letters(text);
}

std::string Anonymiser::name(std::string_view text) {
    if (is_nobody(text))
        return std::string(text);
    if (is_device(text))
        return text_.channel(text);
    if (std::none_of(text.begin(), text.end(), is_letter))
        return text_.with_letters(text);
    return text.size() > max_name ? text_.without_letters(text) : pseudonyms_.name(unescape(text));
}

// calldata=12345
std::string Anonymiser::pair(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == text.npos)
        return text_.without_letters(text);
    const auto variable = text.substr(0, equals);
    return text_.with_letters(variable) + "=" +
           value(kind_of_variable(variable), text.substr(equals + 1));
}

} // namespace

std::string anonymised(std::string_view recording, Pseudonyms::Random random) {
    Anonymiser anonymiser(random);
    std::string out;
    out.reserve(recording.size());
    while (!recording.empty()) {
        const auto end = std::min(recording.find('\n'), recording.size());
        auto line = recording.substr(0, end);
        std::string_view line_end = recording.substr(end, 1);
        recording.remove_prefix(end + line_end.size());
        const bool has_return = line.ends_with('\r');
        if (has_return)
            line.remove_suffix(1);
        anonymiser.line(out, line);
        if (has_return)
            out += '\r';
        out += line_end;
    }
    return out;
}

} // namespace astcti::ami
