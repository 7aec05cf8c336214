// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/table.hpp"

#include "protocol/utf8.hpp"

#include <algorithm>
#include <string_view>

namespace astcti::ctl {
namespace {

// Characters, which for most languages are as many columns.
std::size_t width(std::string_view text) noexcept {
    std::size_t characters = 0;
    while (!text.empty()) {
        text.remove_prefix(std::max<std::size_t>(protocol::utf8_length(text), 1));
        ++characters;
    }
    return characters;
}

} // namespace

std::string to_table(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(protocol::cleaned(row[i])));
    }
    std::string table;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto cell = protocol::cleaned(row[i]);
            table += cell;
            if (i + 1 < row.size())
                table.append(widths[i] + 2 - width(cell), ' ');
        }
        table += '\n';
    }
    return table;
}

} // namespace astcti::ctl
