// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules_parts.hpp"

#include "protocol/utf8.hpp"

#include <utility>

namespace astcti::protocol {

namespace {

constexpr std::size_t max_id = 64;
constexpr std::string_view id_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

} // namespace

bool is_rules_list(std::string_view text) noexcept {
    return !text.empty() && text.size() <= max_id &&
           text.find_first_not_of(id_characters) == text.npos;
}

std::vector<RulesPart> rules_parts(const std::string& list, std::string_view text) {
    std::vector<RulesPart> parts;
    for (std::size_t offset = 0; offset < text.size();) {
        const auto part = cut(text.substr(offset), max_rules_part);
        parts.push_back({list, text.size(), offset, std::string(part)});
        offset += part.size();
    }
    return parts;
}

std::variant<RulesAssembly::More, RulesAssembly::Whole, RulesAssembly::Wrong>
RulesAssembly::add(const RulesPart& part) {
    if (part.offset == 0) {
        list_ = part.list;
        size_ = part.size;
        text_.clear();
        refused_ = false;
    } else if (refused_) {
        return More{};
    }
    if (size_ > max_rules_size)
        return refuse(part, "longer than 32 KiB");
    if (part.list != list_ || part.size != size_ || part.offset != text_.size() ||
        part.text.empty() || part.text.size() > size_ - text_.size())
        return refuse(part, "in parts that do not belong together");
    text_ += part.text;
    if (text_.size() < size_)
        return More{};
    refused_ = true; // whole: nothing of it can follow
    size_ = 0;
    return Whole{std::exchange(list_, {}), std::exchange(text_, {})};
}

RulesAssembly::Wrong RulesAssembly::refuse(const RulesPart& part, const char* why) {
    refused_ = true;
    text_ = {};
    return {part.list, why};
}

} // namespace astcti::protocol
