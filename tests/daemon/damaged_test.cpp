// SPDX-License-Identifier: GPL-3.0-or-later
// Each event of a script doubled, dropped and swapped, and each header gone in turn: what must
// never be told, whatever is missing.
#include "daemon/ami/packet_parser.hpp"
#include "daemon/calls/channel_event.hpp"
#include "daemon/calls/leg.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/support/pbx.hpp"
#include "tests/support/told.hpp"

#include <map>
#include <set>
#include <sstream>

using namespace astcti;
using test::Pbx;
using test::Version;

namespace {

constexpr std::string_view unread[] = {"Privilege",   "ChannelState",   "Language",
                                       "AccountCode", "Priority",       "BridgeType",
                                       "BridgeName",  "Cause-txt",      "BridgeNumChannels",
                                       "Timestamp",   "SequenceNumber", "BridgeVideoSourceMode"};

// A packet is its lines, without line ends.
using Lines = std::vector<std::string>;
using Packets = std::vector<Lines>;

std::string_view key_of(std::string_view line) {
    return line.substr(0, line.find(':'));
}

std::string value_of(const Lines& packet, std::string_view key) {
    for (const auto& line : packet)
        if (ami::same_key(key_of(line), key) && line.size() > key.size() + 2)
            return line.substr(key.size() + 2);
    return {};
}

// What the model may look at: the rest of a recording, most of it, only takes time.
bool counts(const Lines& packet) {
    const auto event = value_of(packet, "Event");
    const auto kind = calls::kind_of(event);
    if (kind == calls::EventKind::variable)
        return value_of(packet, "Variable") == "calldata";
    return event.empty() || event.ends_with("Complete") || kind != calls::EventKind::other;
}

Packets read(std::string_view script) {
    Packets packets;
    Lines packet;
    std::istringstream stream{std::string(script)};
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (!line.empty() && !line.starts_with("Asterisk Call Manager/"))
            packet.push_back(line);
        else if (const auto whole = std::exchange(packet, {}); !whole.empty() && counts(whole))
            packets.push_back(whole);
    }
    return packets;
}

std::string written(const Packets& packets) {
    std::string out;
    for (const auto& packet : packets) {
        for (const auto& line : packet)
            out += line + "\r\n";
        out += "\r\n";
    }
    return out;
}

// Twice, as a recording may have asked for queues last, and channels are expected after those.
const std::string empty_list = "Response: Success\r\nMessage: Channels will follow\r\n\r\n"
                               "Event: CoreShowChannelsComplete\r\n\r\n";

// One script, and what is true of it however it is damaged.
class Script {
public:
    Script(test::Accounts accounts, Packets packets)
        : accounts_(std::move(accounts)), packets_(std::move(packets)) {
        for (const auto& packet : packets_)
            if (const auto uniqueid = value_of(packet, "Uniqueid"); !uniqueid.empty())
                devices_[uniqueid].emplace(calls::device_of(value_of(packet, "Channel")));
    }

    const Packets& packets() const { return packets_; }

    // What was told wrongly, in words; empty if nothing was.
    std::string wrong(const Packets& packets) const {
        ReplayOptions options;
        options.with_ids = true;
        const auto told =
            test::told(accounts_, written(packets) + empty_list + empty_list, options);
        if (told.left != 0)
            return std::to_string(told.left) + " legs or calls are left\n" + told.lines;
        std::map<std::string, std::set<std::string>> seen; // by call: the words so far
        std::istringstream stream(told.lines);
        for (std::string line; std::getline(stream, line);) {
            std::istringstream words(line);
            std::string user, number, word;
            words >> user >> number >> word;
            auto& before = seen[user + " " + number];
            if (before.contains("Ended"))
                return "told after its end: " + line + "\n" + told.lines;
            if (word == "Answered" && before.contains("Answered"))
                return "answered twice: " + line + "\n" + told.lines;
            before.insert(word);
            if (!is_own(user, line))
                return "a stranger's call: " + line + "\n" + told.lines;
        }
        for (const auto& [call, words] : seen)
            if (!words.contains("Ended"))
                return call + " has no end\n" + told.lines;
        return {};
    }

private:
    // The line ends with "id pbx1:UNIQUEID:USER".
    bool is_own(const std::string& user, const std::string& line) const {
        const auto id = line.substr(line.rfind(" id pbx1:") + 9);
        const auto found = devices_.find(id.substr(0, id.find(':')));
        if (found == devices_.end() || id.substr(id.find(':') + 1) != user)
            return false;
        for (const auto& [name, devices] : accounts_)
            if (name == user)
                return std::ranges::any_of(devices, [&found](const std::string& device) {
                    return found->second.contains(device);
                });
        return false;
    }

    test::Accounts accounts_;
    Packets packets_;
    std::map<std::string, std::set<std::string>> devices_; // by uniqueid
};

// That the model never looks at: without them the script is the same.
bool is_read(std::string_view line) {
    auto key = key_of(line);
    if (key.starts_with("Dest"))
        key.remove_prefix(4);
    return std::ranges::find(unread, key) == std::end(unread);
}

// `every`: of the headers of all events only each so many-th, from `first` on.
std::size_t check_headers(const Script& script, std::size_t first, std::size_t every) {
    std::size_t count = 0;
    std::size_t header = first;
    for (std::size_t i = 0; i < script.packets().size(); ++i)
        for (std::size_t j = 0; j < script.packets()[i].size(); ++j) {
            if (!is_read(script.packets()[i][j]) || ++header % every != 0)
                continue;
            auto packets = script.packets();
            auto& lines = packets[i];
            lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(j));
            ++count;
            if (const auto wrong = script.wrong(packets); !wrong.empty())
                FAIL("without " << script.packets()[i][j] << " of event " << i << " "
                                << script.packets()[i].front() << ": " << wrong);
        }
    return count;
}

std::size_t check_order(const Script& script) {
    const auto& whole = script.packets();
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const auto at = static_cast<std::ptrdiff_t>(i);
        auto doubled = whole;
        doubled.insert(doubled.begin() + at, whole[i]);
        auto dropped = whole;
        dropped.erase(dropped.begin() + at);
        auto swapped = whole;
        std::swap(swapped[i], swapped[i + 1 < whole.size() ? i + 1 : 0]);
        auto late = whole;
        late.push_back(whole[i]);
        for (const auto& [what, packets] : {std::pair("doubled", doubled),
                                            {"dropped", dropped},
                                            {"swapped", swapped},
                                            {"once more at the end", late}})
            if (const auto wrong = script.wrong(packets); !wrong.empty())
                FAIL("event " << i << " " << whole[i].front() << " " << what << ": " << wrong);
    }
    return whole.size();
}

test::Accounts desks(const std::string& technology) {
    return {{"anna", {technology + "201", technology + "211"}},
            {"bert", {technology + "202"}},
            {"carl", {technology + "200"}},
            {"dora", {technology + "203"}},
            {"erik", {technology + "204"}},
            {"nobody", {technology + "20"}}};
}

Script recording(const std::string& asterisk, const std::string& name) {
    return {desks(asterisk == "16" ? "SIP/" : "PJSIP/"),
            read(test::source_file("tests/data/ami/asterisk-" + asterisk + "/" + name + ".txt"))};
}

} // namespace

TEST_CASE("a recording that is damaged is told as a call all the same, or not at all", "[calls]") {
    const auto asterisk = GENERATE(as<std::string>{}, "16", "22");
    const auto name = GENERATE(as<std::string>{}, "ivr", "queue-ringall", "attended-transfer",
                               "pickup", "agent-pool");
    CAPTURE(asterisk, name);
    const auto script = recording(asterisk, name);
    REQUIRE(script.wrong(script.packets()).empty());
    SECTION("a header is missing") {
        CHECK(check_headers(script, name.size(), 4) > 50);
    }
    SECTION("an event is doubled, dropped, swapped or late") {
        CHECK(check_order(script) > 30);
    }
}

TEST_CASE("calls of each version that are damaged are told as such, or not at all", "[calls]") {
    const auto version =
        GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11, Version::v22);
    CAPTURE(static_cast<int>(version));
    Pbx pbx(version);
    const auto technology = pbx.technology();
    auto customer = pbx.channel(technology + "trunk", "0612", "ACME", "100");
    auto anna = pbx.channel(technology + "201", "201", "Anna");
    pbx.calls(customer);
    pbx.state(customer, "Up");
    pbx.set(customer, "12345");
    pbx.join(customer, "support");
    auto [near, far] = pbx.local("Local/201@from-queue");
    pbx.begin(near);
    pbx.begin(far, "Ring");
    pbx.dial(customer, near, "support");
    pbx.answered_call(far, anna);
    pbx.answer(customer, near);
    pbx.hold(anna, true);
    pbx.hold(anna, false);
    auto second = pbx.channel(technology + "201", "201", "Anna", "200");
    auto carl = pbx.channel(technology + "200", "200", "Carl");
    pbx.calls(second);
    pbx.answered_call(second, carl);
    pbx.disconnect(far, anna);
    pbx.disconnect(second, carl);
    if (!pbx.is_modern())
        pbx.masquerade(second, far);
    pbx.connect(second, carl);
    for (auto* channel : {&anna, &far, &second, &carl, &near, &customer})
        pbx.hang_up(*channel);
    const Script script(desks(technology), read(pbx.take()));
    REQUIRE(script.wrong(script.packets()).empty());
    CHECK(check_headers(script, 0, 1) > 100);
    CHECK(check_order(script) > 30);
}
