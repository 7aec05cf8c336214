// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/launch/scope_name.hpp"

#include <fmt/format.h>

namespace astcti::launch {
namespace {

// A dash parts the name, so it is none of a program's.
bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == ':';
}

std::string_view application(std::string_view program) noexcept {
    constexpr std::string_view ending = ".desktop";
    program.remove_prefix(program.rfind('/') + 1);
    if (program.ends_with(ending))
        program.remove_suffix(ending.size());
    return program.substr(0, max_scope_program);
}

} // namespace

std::string scope_name(std::string_view program, int pid) {
    std::string escaped;
    for (const char c : application(program)) {
        if (is_plain(c))
            escaped += c;
        else
            escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return fmt::format("app-astcti-{}-{}.scope", escaped, pid);
}

} // namespace astcti::launch
