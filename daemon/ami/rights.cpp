// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/rights.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace astcti::ami {
namespace {

using base::LogLevel;

constexpr std::array used_reads{Right::call, Right::agent, Right::user};
// Whoever has these has all there is to be had.
constexpr std::array all_writes{Right::system, Right::call,   Right::command,  Right::agent,
                                Right::user,   Right::config, Right::originate};

std::vector<Right> rights_in(std::string_view names) {
    std::vector<Right> found;
    while (!names.empty()) {
        const auto comma = std::min(names.find(','), names.size());
        if (const auto right = right_of(names.substr(0, comma)))
            found.push_back(*right);
        names.remove_prefix(std::min(comma + 1, names.size()));
    }
    return found;
}

// "Originate a call.  (Priv: originate,all)"; none of "(Priv: <none>)".
std::vector<Right> rights_of_action(std::string_view synopsis) {
    constexpr std::string_view key = "(Priv: ";
    const auto begin = synopsis.rfind(key);
    if (begin == synopsis.npos)
        return {};
    const auto names = synopsis.substr(begin + key.size());
    return rights_in(names.substr(0, names.find(')')));
}

// "00:01:23" of CoreShowChannel; "83" of Status (1.4) and QueueEntry.
std::optional<Time> duration_of(std::string_view text) {
    std::optional<Time::rep> total;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find(':'));
        unsigned number = 0;
        const auto read = std::from_chars(part.data(), part.data() + part.size(), number);
        if (read.ec != std::errc{} || read.ptr != part.data() + part.size())
            return std::nullopt;
        total = total.value_or(0) * 60 + number;
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    if (!total)
        return std::nullopt;
    return std::chrono::seconds(*total);
}

} // namespace

void Rights::say(LogLevel level, std::string text) {
    remarks_.push_back({level, fmt::format("manager user \"{}\": {}", user_, std::move(text))});
}

void Rights::listed(const Packet& answer) {
    if (judged_)
        return;
    std::vector<std::vector<Right>> allowed;
    bool before_1_6 = false;
    for (const auto& header : answer.headers()) {
        auto rights = rights_of_action(header.value);
        if (rights.empty())
            continue;
        if (rights.size() == 1)
            write_.add(rights.front());
        before_1_6 |= same_key(header.key, "Originate") && rights.front() == Right::call;
        allowed.push_back(std::move(rights));
    }
    // No action needs reporting alone: it is there if it alone explains that one is allowed.
    for (const auto& rights : allowed)
        if (std::ranges::find(rights, Right::reporting) != rights.end() &&
            std::ranges::none_of(rights, [this](Right right) { return write_.has(right); }))
            write_.add(Right::reporting);
    judge_write(before_1_6);
}

void Rights::not_listed() {
    if (judged_)
        return;
    judged_ = true;
    say(LogLevel::info, "its write rights are not known, as Asterisk does not list them");
    for (std::size_t i = 0; i < static_cast<std::size_t>(Right::count); ++i)
        if (read_.has(static_cast<Right>(i)))
            judge_read(static_cast<Right>(i));
}

void Rights::judge_write(bool before_1_6) {
    judged_ = true;
    const auto is_used = [before_1_6](Right right) {
        return before_1_6 ? right == Right::call
                          : right == Right::originate || right == Right::reporting;
    };
    // 1.4 has one right for both, and without it no calls can be listed: one does not get here.
    if (!before_1_6 && !write_.has(Right::originate))
        say(LogLevel::warning, "write=originate is missing (before Asterisk 1.6 write=call): no "
                               "calls can be placed from the desktop");
    // Where each of its actions is allowed by another right anyway, nobody can tell.
    const bool reporting_shows =
        !write_.has(Right::system) || !write_.has(Right::call) || !write_.has(Right::config);
    if (!before_1_6 && !write_.has(Right::reporting) && reporting_shows)
        say(LogLevel::warning,
            "write=reporting is missing: the calls that are there can be listed only by "
            "another right, which allows much more; give it instead");

    if (std::ranges::all_of(all_writes, [this](Right right) { return write_.has(right); })) {
        say(LogLevel::warning, "write=all is far too much: whoever has its secret has Asterisk; "
                               "write=originate,reporting is enough");
    } else {
        for (std::size_t i = 0; i < static_cast<std::size_t>(Right::count); ++i) {
            const auto right = static_cast<Right>(i);
            if (write_.has(right) && !is_used(right))
                say(LogLevel::warning,
                    fmt::format("write={} is not needed, and whoever has its secret {} by it; take "
                                "it away in manager.conf",
                                name_of(right), danger_of_write(right)));
        }
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(Right::count); ++i)
        if (read_.has(static_cast<Right>(i)))
            judge_read(static_cast<Right>(i));
    if (remarks_.empty())
        say(LogLevel::notice,
            fmt::format("its write rights are as they should be ({}); of the read rights the "
                        "events will tell",
                        before_1_6 ? "call" : "originate,reporting"));
}

void Rights::judge_read(Right read) {
    if (std::ranges::find(used_reads, read) == used_reads.end())
        // In Asterisk 1.6 it is needed.
        say(read == Right::dialplan ? LogLevel::notice : LogLevel::warning,
            fmt::format("read={} is not needed: it brings {}", name_of(read), cost_of_read(read)));
}

void Rights::proved(Right read) {
    if (read_.has(read))
        return;
    read_.add(read);
    if (judged_)
        judge_read(read);
}

void Rights::miss_read(Right read, std::string_view cost) {
    if (read_.has(read) || missed_.has(read))
        return;
    missed_.add(read);
    say(LogLevel::warning, fmt::format("read={} is missing: {}", name_of(read), cost));
}

void Rights::item(const Packet& packet, Time since_login) {
    const auto began_since = [&](std::string_view key, Right right) {
        if (read_.has(right)) // as a rule: there may be thousands of items
            return false;
        const auto duration = duration_of(packet.get(key));
        return duration && *duration + margin < since_login;
    };
    const auto event = packet.event();
    if ((event == "CoreShowChannel" && began_since("Duration", Right::call)) ||
        (event == "Status" && began_since("Seconds", Right::call)))
        miss_read(Right::call, "calls are seen only in the list that is asked for once a minute, "
                               "so most of them never");
    if (event == "QueueEntry" && began_since("Wait", Right::agent))
        miss_read(Right::agent, "the queue through which a caller comes is seen only in the list "
                                "that is asked for once a minute");
}

} // namespace astcti::ami
