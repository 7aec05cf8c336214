// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/object_path.hpp"

namespace astcti::bus {

std::string call_path(std::string_view id) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::string_view digits = "0123456789abcdef";
    std::string path = std::string(agent_path) + "/calls/";
    if (id.empty())
        path += '_'; // as systemd does: an element cannot be empty
    for (const char c : id) {
        if (plain.find(c) != std::string_view::npos) {
            path += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        path += '_';
        path += digits[byte >> 4U];
        path += digits[byte & 0xFU];
    }
    return path;
}

} // namespace astcti::bus
