// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/kept_ids.hpp"

#include <charconv>

namespace astcti::notify {
namespace {

constexpr std::string_view call_mark = "=";

std::string_view take_line(std::string_view& text) noexcept {
    const auto end = text.find('\n');
    if (end == std::string_view::npos)
        return {};
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

} // namespace

std::string to_file(const KeptIds& kept) {
    std::string out = kept.bus + "\n" + kept.owner + "\n";
    for (const auto id : kept.ids)
        out += std::to_string(id) + "\n";
    for (const auto& call : kept.calls)
        out += std::string(call_mark) + call + "\n";
    return out;
}

KeptIds kept_ids_from(std::string_view file) {
    KeptIds kept;
    kept.bus = take_line(file);
    kept.owner = take_line(file);
    if (kept.bus.empty() || kept.owner.empty())
        return {};
    while (!file.empty()) {
        const auto line = take_line(file);
        if (line.size() > 1 && line.starts_with(call_mark) &&
            kept.calls.size() < KeptIds::max_ids) {
            kept.calls.emplace_back(line.substr(1));
            continue;
        }
        std::uint32_t id = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), id);
        if (error != std::errc{} || end != line.data() + line.size() || id == 0 ||
            kept.ids.size() == KeptIds::max_ids)
            return {};
        kept.ids.push_back(id);
    }
    return kept;
}

} // namespace astcti::notify
