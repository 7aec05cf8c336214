// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"
#include "daemon/ami/recorder.hpp"
#include "daemon/ami/recording_summary.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <fmt/format.h>

using namespace astcti::ami;
using namespace std::chrono_literals;

namespace {

using Time = Recorder::Time;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

constexpr std::string_view banner = "Asterisk Call Manager/11.0.0";
constexpr std::string_view banner_line = "Asterisk Call Manager/11.0.0\r\n";
constexpr Time start = 1795407000s;

// A recorder and what its owner reads into.
struct Recording {
    // A packet, read by itself.
    void received(std::string_view packet, Time now) {
        std::ranges::copy(packet, buffer.room(packet.size()).begin());
        buffer.added(packet.size());
        recorder.received(buffer.text(), buffer.keep(), now);
        buffer.take(packet.size());
        buffer.go_on();
        auto spare = recorder.take_spare();
        spares += spare ? 1 : 0;
        buffer.offer(std::move(spare));
    }

    Recorder recorder;
    ReadBuffer buffer;
    int spares = 0; // that were offered
};

struct Connected : Recording {
    Connected() {
        recorder.connected(banner, start);
        received("Response: Success\r\n\r\n", start);
        recorder.snapshot_asked(start);
    }
};

std::string event(int number, std::size_t size = 0) {
    return fmt::format("Event: E{}\r\nValue: {}\r\n\r\n", number, std::string(size, 'x'));
}

// The numbers of the events in a recording, "1 2 3".
std::string numbers(const Recorder& recorder) {
    PacketParser parser;
    Packet packet;
    std::string_view line;
    std::string found;
    const auto text = recorder.text();
    parser.feed(text);
    if (text.starts_with(banner))
        parser.next_line(line);
    while (parser.next(packet) == PacketParser::Status::packet)
        if (!packet.event().empty())
            found += (found.empty() ? "" : " ") + std::string(packet.event().substr(1));
    return found;
}

} // namespace

TEST_CASE("nothing was received, nothing is told", "[ami]") {
    Recording recording;
    recording.received(event(1), start);
    recording.recorder.snapshot_asked(start);
    CHECK(recording.recorder.is_empty());
    CHECK(recording.recorder.text().empty());
}

TEST_CASE("packets come out as they came in, with their times at their ends", "[ami]") {
    Connected connected;
    auto& recorder = connected.recorder;
    connected.received("Event: A\r\nX: \xFF: y\r\n\r\n", start + 1us);
    connected.received("no header at all\n\n", start + 1s);
    CHECK_FALSE(recorder.is_empty());
    CHECK(recorder.text() == std::string(banner_line) +
                                 "Response: Success\r\nTimestamp: 1795407000.000000\r\n\r\n"
                                 "Event: A\r\nX: \xFF: y\r\nTimestamp: 1795407000.000001\r\n\r\n"
                                 "no header at all\nTimestamp: 1795407001.000000\r\n\n");
}

TEST_CASE("a time that Asterisk told is told once", "[ami]") {
    const auto* const packet =
        GENERATE("Event: A\r\nPrivilege: call\r\nTimestamp: 1.5\r\nX: y\r\n\r\n",
                 "timestamp: 1.5\r\n\r\n", "Response: Success\r\nPing: Pong\r\nTimestamp: 1.5\n\n");
    Connected connected;
    auto& recorder = connected.recorder;
    connected.received(packet, start);
    CHECK_THAT(recorder.text(), EndsWith("000\r\n\r\n" + std::string(packet)));
}

TEST_CASE("a time does not make a packet one that the parser refuses", "[ami]") {
    std::string lines = "Event: E1\r\n";
    for (std::size_t i = 1; i < max_headers; ++i)
        lines += "A: b\r\n";
    std::string bytes = "Event: E2\r\n";
    while (bytes.size() < max_packet_size - 20)
        bytes += "A: " +
                 std::string(std::min<std::size_t>(200, max_packet_size - bytes.size() - 7), 'b') +
                 "\r\n";
    Connected connected;
    auto& recorder = connected.recorder;
    connected.received(lines + "\r\n", start);
    connected.received(bytes + "\r\n", start);
    CHECK(numbers(recorder) == "1 2");
}

TEST_CASE("each connection begins with its banner, a further list of channels with nothing",
          "[ami]") {
    Connected connected;
    auto& recorder = connected.recorder;
    connected.received(event(1), start);
    recorder.snapshot_asked(start + 1min);
    connected.received(event(2), start + 1min);
    const auto first = recorder.text();
    CHECK(first.find(banner, 1) == first.npos);
    recorder.connected("Asterisk Call Manager/5.0.4", start + 2min);
    connected.received(event(3), start + 2min);
    CHECK_THAT(recorder.text(), StartsWith(first) && Contains("\r\n\r\nAsterisk Call Manager/5.0.4"
                                                              "\r\nEvent: E3\r\n"));
}

TEST_CASE("what is older than 15 minutes goes, so that a list of channels is the beginning",
          "[ami]") {
    Connected connected;
    auto& recorder = connected.recorder;
    connected.received(event(0), start);
    for (int minute = 1; minute <= 15; ++minute) {
        recorder.snapshot_asked(start + std::chrono::minutes(minute));
        connected.received(event(minute), start + std::chrono::minutes(minute));
    }
    CHECK(numbers(recorder) == "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
    recorder.snapshot_asked(start + 16min);
    CHECK(numbers(recorder) == "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
    CHECK_THAT(recorder.text(), StartsWith(std::string(banner_line) + "Event: E1\r\n"));
    CHECK(summary_of(recorder.text()).is_whole);
}

TEST_CASE("memory of which nothing is left is not counted", "[ami]") {
    Connected connected;
    for (int minute = 1; minute <= 30; ++minute)
        connected.recorder.snapshot_asked(start + std::chrono::minutes(minute));
    connected.received(event(1, 200000), start + 31min);
    const auto size = connected.buffer.keep()->capacity();
    CHECK(connected.recorder.size() == size);
    connected.received(event(2), start + 31min);
    CHECK(connected.recorder.size() < size + 1000);
}

TEST_CASE("what was before a gap is kept until there is enough after it", "[ami]") {
    Connected connected;
    auto& recorder = connected.recorder;
    connected.received(event(1), start);
    recorder.connected(banner, start + 2h);
    connected.received(event(2), start + 2h);
    recorder.snapshot_asked(start + 2h);
    CHECK(numbers(recorder) == "1");
    recorder.snapshot_asked(start + 2h + 16min);
    CHECK_THAT(recorder.text(), StartsWith(std::string(banner_line) + "Event: E2\r\n"));
}

TEST_CASE("there are never more bytes than the limit, and the last are there", "[ami]") {
    const auto size = GENERATE(as<std::size_t>{}, 10, 5000, 60000, 200000);
    CAPTURE(size);
    Connected connected;
    auto& recorder = connected.recorder;
    int last = 0;
    for (std::size_t total = 0; total < 3 * Recorder::max_size; total += size + 40) {
        if (++last % 997 == 0)
            recorder.snapshot_asked(start);
        connected.received(event(last, size), start);
        if (recorder.size() > Recorder::max_size)
            FAIL("at event " << last);
    }
    CHECK(recorder.size() > Recorder::max_size / 4);
    CHECK_THAT(recorder.text(), Contains(fmt::format("Event: E{}\r\n", last)));
}

TEST_CASE("without a further list of channels the oldest goes, and the recording says so",
          "[ami]") {
    Connected connected;
    auto& recorder = connected.recorder;
    for (int i = 1; i <= 1200; ++i)
        connected.received(event(i, 15000), start + std::chrono::seconds(i));
    const auto cut = recorder.text();
    CHECK_THAT(cut, StartsWith("Event: E"));
    CHECK(cut.size() > Recorder::max_size * 9 / 10);
    CHECK_FALSE(summary_of(cut).is_whole);
    CHECK(summary_of(cut).last == (start + 1200s) / 1s);
    recorder.snapshot_asked(start + 30min);
    connected.received(event(1201), start + 30min);
    CHECK(recorder.text() == std::string(banner_line) + "Event: E1201\r\nValue: \r\n" +
                                 "Timestamp: 1795408800.000000\r\n\r\n");
}

TEST_CASE("a copy is a recording of its own", "[ami]") {
    Connected connected;
    auto& recorder = connected.recorder;
    connected.received(event(1), start);
    const auto copy = recorder;
    connected.received(event(2), start);
    CHECK(numbers(copy) == "1");
    CHECK(numbers(recorder) == "1 2");
}

TEST_CASE("packets that were read at once come out one by one", "[ami]") {
    const auto end = GENERATE(as<std::string>{}, "\r\n", "\n");
    const auto packets = "A: 1" + end + end + "B: 2" + end + "C: \r 3" + end + end;
    Connected connected;
    connected.received(packets, start);
    CHECK_THAT(connected.recorder.text(),
               EndsWith("A: 1" + end + "Timestamp: 1795407000.000000\r\n" + end + "B: 2" + end +
                        "C: \r 3" + end + "Timestamp: 1795407000.000000\r\n" + end));
}

TEST_CASE("what is not recorded, between what is, is left out", "[ami]") {
    Connected connected;
    connected.received(event(1), start);
    std::ranges::copy(std::string_view("\r\n"), connected.buffer.room(2).begin());
    connected.buffer.added(2);
    connected.buffer.take(2);
    connected.received(event(2), start);
    CHECK_THAT(connected.recorder.text(),
               EndsWith("\r\n\r\nEvent: E2\r\nValue: \r\nTimestamp: 1795407000.000000\r\n\r\n"));
    CHECK(numbers(connected.recorder) == "1 2");
}

TEST_CASE("memory that nobody holds any more is given back to be read into, and no other",
          "[ami]") {
    Connected connected;
    int last = 0;
    const auto fill = [&](std::size_t size) {
        connected.spares = 0;
        for (std::size_t total = 0; total < size; total += 60000)
            connected.received(event(++last, 60000), start);
    };
    fill(2 * Recorder::max_size);
    CHECK(connected.spares > 0);
    auto copy = connected.recorder;
    const auto text = copy.text();
    fill(Recorder::max_size / 2);
    CHECK(connected.spares == 0);
    CHECK(copy.text() == text);
    copy = {};
    fill(Recorder::max_size);
    CHECK(connected.spares > 0);
}

TEST_CASE("a summary counts packets, not lines, and tells the first and the last time", "[ami]") {
    Connected connected;
    auto& recorder = connected.recorder;
    connected.received(event(1), start + 61s);
    recorder.connected(banner, start + 2min);
    connected.received(event(2), start + 3min);
    const auto summary = summary_of(recorder.text());
    CHECK(summary.packets == 3);
    CHECK(summary.first == start / 1s);
    CHECK(summary.last == (start + 3min) / 1s);
    CHECK(summary.is_whole);
    CHECK(summary_of("").packets == 0);
    CHECK(summary_of("Event: A\r\n\r\n\r\n\r\nEvent: B\r\nTimestamp: x\r\n\r\nEvent: C").packets ==
          2);
}
