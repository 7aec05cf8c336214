// SPDX-License-Identifier: GPL-3.0-or-later
// What real Asterisks sent (tests/data/ami/README.md), made anonymous: nobody's number is in it,
// and it tells the same story.
#include "daemon/ami/anonymous.hpp"
#include "daemon/ami/packet_parser.hpp"
#include "daemon/replay.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <sstream>

using namespace astcti;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t seed = 17;
constexpr std::string_view banner = "Asterisk Call Manager/";
const std::vector<std::string> phones{"200", "201", "202", "203", "204", "211"};

std::vector<fs::path> all_recordings() {
    std::vector<fs::path> paths;
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(ASTCTI_SOURCE_DIR) / "tests/data/ami"))
        if (entry.path().extension() == ".txt")
            paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string text_of(const fs::path& path) {
    return test::source_file(path.lexically_relative(ASTCTI_SOURCE_DIR).string());
}

std::string technology_of(const fs::path& path) {
    return path.parent_path().filename() == "asterisk-16" ? "SIP/" : "PJSIP/";
}

std::string long_number(const std::string& phone) {
    return "390612345" + phone;
}

// With numbers as long as those of the outside for the telephones.
std::string with_long_numbers(const std::string& text) {
    const auto is_word = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    const auto ends = [&](std::size_t at) {
        if (at >= text.size())
            return true;
        const bool is_fraction =
            text[at] == '.' && at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9';
        return !is_word(text[at]) && !is_fraction;
    };
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const bool begins = at == 0 || (!is_word(text[at - 1]) && text[at - 1] != '.');
        const auto three = text.substr(at, 3);
        const bool is_phone =
            begins && ends(at + 3) && std::ranges::find(phones, three) != phones.end();
        out += is_phone ? long_number(three) : text.substr(at, 1);
        at += is_phone ? 3 : 1;
    }
    return out;
}

struct Counts {
    std::size_t readable = 0;
    std::size_t malformed = 0;
    std::string structure; // what must be as it was
};

void count(std::string_view bytes, Counts& counts) {
    ami::PacketParser parser;
    ami::Packet packet;
    std::string_view line;
    parser.feed(bytes);
    if (bytes.starts_with(banner))
        parser.next_line(line);
    for (;;) {
        const auto status = parser.next(packet);
        if (status == ami::PacketParser::Status::malformed)
            ++counts.malformed;
        if (status != ami::PacketParser::Status::packet) {
            if (status == ami::PacketParser::Status::malformed)
                continue;
            return;
        }
        ++counts.readable;
        for (const auto& header : packet.headers()) {
            const auto key = header.key;
            counts.structure += fmt::format("{}:", key.substr(0, key.find('(')));
            for (const auto* const kept :
                 {"Event", "Uniqueid", "Linkedid", "DestUniqueid", "BridgeUniqueid", "Cause",
                  "Queue", "ActionID", "ChannelState", "DialStatus", "Timestamp"})
                counts.structure += key == kept ? std::string(header.value) : "";
            counts.structure += '\n';
        }
        counts.structure += '\n';
    }
}

// The first line that is another one, for a message that can be read.
std::string first_difference(const std::string& before, const std::string& after) {
    std::istringstream expected(before);
    std::istringstream got(after);
    std::string line;
    std::string other;
    while (std::getline(expected, line)) {
        if (!std::getline(got, other) || line != other)
            return line + " | " + other;
    }
    return std::getline(got, other) ? other : "";
}

Counts counted(std::string_view recording) {
    Counts counts;
    while (!recording.empty()) {
        const auto next = recording.find(fmt::format("\n{}", banner), 1);
        const auto size = next == recording.npos ? recording.size() : next + 1;
        count(recording.substr(0, size), counts);
        recording.remove_prefix(size);
    }
    return counts;
}

// What the names of the events are, for each account and call.
std::map<std::string, std::string> story(const std::string& recording,
                                         const std::vector<std::string>& devices) {
    Replay replay({.variables = {"customer"}, .numbers = {}});
    for (std::size_t i = 0; i < devices.size(); ++i)
        replay.add_account("phone" + phones[i], {devices[i]});
    std::string told;
    CHECK(replay.run(recording, told) == counted(recording).malformed);
    CHECK(replay.size() == 0);

    std::map<std::string, std::string> events;
    std::istringstream stream(told);
    for (std::string line; std::getline(stream, line);) {
        std::istringstream words(line);
        std::string account;
        std::string call;
        std::string event;
        words >> account >> call >> event;
        events[account + " " + call] += event + " ";
    }
    return events;
}

// A last packet that tells what each telephone is called.
std::string with_devices(const std::string& text, const std::string& technology) {
    std::string devices = "Event: Devices\r\n";
    for (const auto& phone : phones)
        devices += fmt::format("Device: {}{}\r\n", technology, long_number(phone));
    return text + devices + "\r\n";
}

std::vector<std::string> devices_in(const std::string& text) {
    std::vector<std::string> devices;
    std::istringstream stream(text.substr(text.rfind("Event: Devices\r\n")));
    for (std::string line; std::getline(stream, line);)
        if (line.starts_with("Device: "))
            devices.push_back(line.substr(8, line.size() - 9));
    return devices;
}

} // namespace

TEST_CASE("every recording tells the same story of nobody", "[anonymous]") {
    const auto recordings = all_recordings();
    REQUIRE(recordings.size() >= 10);
    std::size_t calls = 0;
    for (const auto& path : recordings) {
        CAPTURE(path.string());
        const auto original = with_devices(with_long_numbers(text_of(path)), technology_of(path));
        REQUIRE(original.find(long_number("201")) != original.npos);
        const auto anonymous = ami::anonymised(original, ami::Pseudonyms::Random(seed));

        for (const auto& phone : phones) {
            CHECK(anonymous.find(long_number(phone)) == anonymous.npos);
            CHECK(anonymous.find("Demo " + phone) == anonymous.npos);
        }
        for (const auto* const secret : {"390612345", "ACME", "Demo ", ": 12345\r", "=12345"})
            CHECK(anonymous.find(secret) == anonymous.npos);

        const auto before = counted(original);
        const auto after = counted(anonymous);
        CHECK(after.readable == before.readable);
        CHECK(after.malformed == before.malformed);
        CHECK(first_difference(before.structure, after.structure) == "");

        const auto told = story(original, devices_in(original));
        calls += told.size();
        CHECK(story(anonymous, devices_in(anonymous)) == told);
    }
    CHECK(calls > recordings.size()); // else there was no story
}

TEST_CASE("short numbers are those of the inside, and stay", "[anonymous]") {
    for (const auto& path : all_recordings()) {
        CAPTURE(path.string());
        const auto original = text_of(path);
        const auto anonymous = ami::anonymised(original, ami::Pseudonyms::Random(seed));
        std::vector<std::string> devices;
        for (const auto& phone : phones)
            devices.push_back(technology_of(path) + phone);
        CHECK(story(anonymous, devices) == story(original, devices));
        CHECK(first_difference(counted(original).structure, counted(anonymous).structure) == "");
    }
}
