// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/pseudonyms.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace astcti::ami {
namespace {

constexpr std::size_t max_prefix = 3;
constexpr std::size_t phone_digits = 6;
// There are fewer short words of Latin letters than of all alphabets: two may become one.
constexpr int max_draws = 1000;

bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (is_capital(c))
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

} // namespace

// As many outputs as inputs are there for each length of digits, so draws come to an end.
template <typename Draw>
const std::string& Pseudonyms::drawn(Kind& kind, std::string_view real, Draw draw) {
    const auto found = kind.given.find(real);
    if (found != kind.given.end())
        return found->second;
    std::string pseudonym;
    for (int draws = 0;; ++draws) {
        pseudonym = draw();
        const bool is_itself = real.size() >= phone_digits && pseudonym == real;
        if (draws >= max_draws * 1000 || (!is_itself && kind.used.insert(pseudonym).second))
            break;
    }
    return kind.given.emplace(real, std::move(pseudonym)).first->second;
}

std::string Pseudonyms::draw_digits(std::size_t count) {
    std::string digits(count, '0');
    for (auto& digit : digits)
        digit = static_cast<char>('0' + below(10));
    return digits;
}

std::string Pseudonyms::number(std::string_view digits) {
    const auto zeros = std::min(digits.find_first_not_of('0'), digits.size());
    if (zeros == digits.size())
        return std::string(digits); // nobody's
    const auto prefix = std::min(zeros, max_prefix);
    const auto rest = digits.substr(prefix);
    return std::string(prefix, '0') + drawn(numbers_, rest, [&] {
               auto drawn_digits = draw_digits(rest.size());
               drawn_digits[0] = rest[0] == '0' ? '0' : static_cast<char>('1' + below(9));
               return drawn_digits;
           });
}

std::string Pseudonyms::typed(std::string_view digits) {
    if (digits.size() >= phone_digits)
        return number(digits);
    return drawn(typed_, digits, [&] { return draw_digits(digits.size()); });
}

std::string Pseudonyms::word(std::string_view letters) {
    int draws = 0;
    auto out = drawn(words_, lower(letters), [&] {
        std::string word(letters.size(), 'a');
        for (auto& letter : word)
            letter = static_cast<char>('a' + below(26));
        if (++draws > max_draws)
            words_.used.erase(word);
        return word;
    });
    for (std::size_t i = 0; i < out.size(); ++i)
        if (is_capital(letters[i]))
            out[i] = static_cast<char>(out[i] - 'a' + 'A');
    return out;
}

std::string Pseudonyms::name(std::string_view text) {
    const auto found = names_.find(text);
    if (found != names_.end())
        return found->second;
    return names_.emplace(text, fmt::format("Name {}", names_.size() + 1)).first->second;
}

std::string Pseudonyms::address(std::string_view digits, bool is_ipv6) {
    constexpr std::array<std::string_view, 4> nobodys{"127.0.0.1", "0.0.0.0", "::1", "::"};
    if (std::find(nobodys.begin(), nobodys.end(), digits) != nobodys.end())
        return std::string(digits);
    return drawn(addresses_, digits, [&] {
        return is_ipv6 ? fmt::format("fd00::{:x}:{:x}", below(0x10000), below(0x10000))
                       : fmt::format("10.{}.{}.{}", below(256), below(256), below(256));
    });
}

} // namespace astcti::ami
