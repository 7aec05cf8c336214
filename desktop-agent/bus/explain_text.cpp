// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/explain_text.hpp"

#include "protocol/utf8.hpp"

#include <ctime>
#include <fmt/format.h>

namespace astcti::bus {
namespace {

constexpr std::uint64_t second = 1'000'000;

std::string local_time(std::uint64_t microseconds) {
    const auto seconds = static_cast<std::time_t>(microseconds / second);
    std::tm local{};
    localtime_r(&seconds, &local);
    return fmt::format("{:02}:{:02}:{:02}.{:03}", local.tm_hour, local.tm_min, local.tm_sec,
                       microseconds % second / 1000);
}

std::string word(const std::map<std::string, std::string>& words, const char* name) {
    const auto found = words.find(name);
    return found == words.end() ? std::string() : protocol::cleaned(found->second);
}

} // namespace

std::string explain_text(const std::string& call, const std::vector<ExplainedNote>& notes) {
    auto out = fmt::format("call {}\n", protocol::cleaned(call));
    for (const auto& [time, part, result, text] : notes)
        out += fmt::format("  {}  {:12}  {:9}  {}\n", local_time(time), protocol::cleaned(part),
                           protocol::cleaned(result), protocol::cleaned(text));
    return out;
}

std::string explain_agent(const std::map<std::string, std::string>& words,
                          const std::map<std::string, std::string>& pbxs, bool popups_muted) {
    auto out = fmt::format("agent: {} at {}", word(words, "Connection"), word(words, "Server"));
    if (const auto user = word(words, "User"); !user.empty())
        out += " as " + user;
    for (const auto& [name, state] : pbxs)
        out += fmt::format("; pbx {} is {}", protocol::cleaned(name), protocol::cleaned(state));
    if (popups_muted)
        out += "; notifications are muted";
    out += '\n';
    if (const auto error = word(words, "LastError"); !error.empty())
        out += "last error: " + error + "\n";
    return out;
}

} // namespace astcti::bus
