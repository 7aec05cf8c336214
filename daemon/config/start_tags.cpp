// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/start_tags.hpp"

#include <algorithm>

namespace astcti::config {
namespace {

constexpr std::string_view space = " \t\r\n";

// Walks over the text and counts lines. At the end of the text everything stands still.
class Cursor {
public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    std::size_t line() const noexcept { return line_; }
    bool at_end() const noexcept { return rest_.empty(); }
    bool at(std::string_view text) const noexcept { return rest_.starts_with(text); }
    bool at_any(std::string_view characters) const noexcept {
        return at_end() || characters.find(rest_.front()) != characters.npos;
    }

    std::string_view skip(std::size_t size) noexcept {
        const auto skipped = rest_.substr(0, size);
        line_ += static_cast<std::size_t>(std::count(skipped.begin(), skipped.end(), '\n'));
        rest_.remove_prefix(skipped.size());
        return skipped;
    }

    std::string_view skip_to(std::string_view characters) noexcept {
        return skip(std::min(rest_.find_first_of(characters), rest_.size()));
    }

    void skip_past(std::string_view text) noexcept {
        skip(std::min(rest_.find(text), rest_.size()));
        skip(text.size());
    }

    void skip_space() noexcept { skip(std::min(rest_.find_first_not_of(space), rest_.size())); }

private:
    std::string_view rest_;
    std::size_t line_ = 1;
};

StartTag read_start_tag(Cursor& cursor) {
    StartTag tag{.line = cursor.line(), .attributes = {}};
    cursor.skip_to(" \t\r\n/>");
    for (cursor.skip_space(); !cursor.at_any("/>"); cursor.skip_space()) {
        const auto line = cursor.line();
        tag.attributes.emplace_back(cursor.skip_to(" \t\r\n="), line);
        cursor.skip_to("\"'");
        const auto quote = cursor.skip(1);
        cursor.skip_past(quote);
    }
    return tag;
}

} // namespace

std::size_t StartTag::line_of(std::string_view attribute) const noexcept {
    const auto found =
        std::ranges::find(attributes, attribute, &std::pair<std::string, std::size_t>::first);
    return found == attributes.end() ? line : found->second;
}

std::vector<StartTag> find_start_tags(std::string_view document) {
    std::vector<StartTag> tags;
    Cursor cursor(document);
    while (!cursor.at_end()) {
        if (cursor.at("<!--"))
            cursor.skip_past("-->");
        else if (cursor.at("<![CDATA["))
            cursor.skip_past("]]>");
        else if (cursor.at("<?"))
            cursor.skip_past("?>");
        else if (cursor.at("</"))
            cursor.skip_past(">");
        else if (cursor.at("<"))
            tags.push_back(read_start_tag(cursor));
        else
            cursor.skip(1), cursor.skip_to("<");
    }
    return tags;
}

} // namespace astcti::config
