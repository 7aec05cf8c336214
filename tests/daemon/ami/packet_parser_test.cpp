// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

#include <algorithm>
#include <vector>

using namespace astcti;
using ami::Packet;
using ami::PacketParser;
using Status = PacketParser::Status;

namespace {

const std::string newchannel = "Event: Newchannel\r\nChannel: SIP/201-1\r\nUniqueid: 1.7\r\n"
                               "ChanVariable: a=1\r\nChanVariable: b=http://x\r\nEmpty:\r\n\r\n";

void expect_newchannel(PacketParser& parser) {
    Packet packet;
    REQUIRE(parser.next(packet) == Status::packet);
    CHECK(packet.event() == "Newchannel");
    CHECK(packet.find("uniqueID") == "1.7");
    CHECK(packet.find("Empty") == "");
    CHECK_FALSE(packet.find("Nothing"));
    REQUIRE(packet.headers().size() == 6);
    CHECK(packet.headers()[4].value == "b=http://x");
}

// One line for each packet or fault, of a parser that is fed pieces of this size.
std::vector<std::string> parse_in_pieces(std::string_view bytes, std::size_t size) {
    PacketParser parser;
    Packet packet;
    std::vector<std::string> out;
    while (!bytes.empty()) {
        parser.feed(bytes.substr(0, size));
        bytes.remove_prefix(std::min(size, bytes.size()));
        for (auto status = parser.next(packet); status != Status::need_more;
             status = parser.next(packet)) {
            std::string line = status == Status::packet ? "" : "malformed";
            for (const auto& header : packet.headers())
                line += std::string(header.key) + "=" + std::string(header.value) + ";";
            out.push_back(std::move(line));
        }
    }
    return out;
}

} // namespace

TEST_CASE("a packet cut at any byte comes out whole", "[ami]") {
    for (std::size_t cut = 1; cut < newchannel.size(); ++cut) {
        PacketParser parser;
        Packet packet;
        parser.feed(newchannel.substr(0, cut));
        REQUIRE(parser.next(packet) == Status::need_more);
        parser.feed(newchannel.substr(cut));
        expect_newchannel(parser);
        REQUIRE(parser.next(packet) == Status::need_more);
    }
}

TEST_CASE("a real trace gives the same packets whatever the pieces", "[ami]") {
    const auto bytes = test::source_file("tests/data/ami/asterisk-22/ivr-100.txt");
    const auto whole = parse_in_pieces(bytes, bytes.size());
    CHECK(whole.size() > 80);
    for (const std::size_t size : {1U, 2U, 3U, 7U, 100U, 4096U})
        CHECK(parse_in_pieces(bytes, size) == whole);
}

TEST_CASE("lines may end with LF, and empty lines may be too many", "[ami]") {
    const auto bytes = GENERATE(
        as<std::string>{}, "Event: A\n\nEvent: B\n\n", "Event: A\r\n\r\n\nEvent: B\r\n\r\n",
        "\r\n\r\nEvent: A\r\n\r\n\r\n\r\nEvent: B\r\n\r\n", "Event: A\r\n\nEvent: B\n\r\n");
    CAPTURE(bytes);
    const std::vector<std::string> both{"Event=A;", "Event=B;"};
    CHECK(parse_in_pieces(bytes, bytes.size()) == both);
    CHECK(parse_in_pieces(bytes, 1) == both);
}

TEST_CASE("a packet that is not one is skipped, the next one is whole", "[ami]") {
    const auto line = GENERATE(as<std::string>{}, "no colon at all", ": no key", "\xff\xfe\x01",
                               std::string("\0\0", 2), "Event: A\r\nnothing",
                               "K: " + std::string(ami::max_header_size, 'v'));
    CAPTURE(line.substr(0, 40));
    PacketParser parser;
    Packet packet;
    parser.feed(line);
    parser.feed("\r\n\r\n");
    CHECK(parser.next(packet) == Status::malformed);
    CHECK_FALSE(parser.why().empty());
    parser.feed(newchannel);
    expect_newchannel(parser);
}

TEST_CASE("a core header twice means that a caller wrote one of them", "[ami]") {
    const auto forged = GENERATE(as<std::string>{}, "Event: Hangup", "CHANNEL: SIP/9-1",
                                 "uniqueid: 1.9", "Uniqueid: 1.7");
    PacketParser parser;
    Packet packet;
    parser.feed(newchannel.substr(0, newchannel.size() - 2) + forged + "\r\n\r\n" + newchannel);
    CHECK(parser.next(packet) == Status::malformed);
    CHECK(parser.why() == "it has a core header twice");
    expect_newchannel(parser);
}

TEST_CASE("as many headers as the limit are a packet, one more are not", "[ami]") {
    std::string headers = "Event: A\r\n";
    for (std::size_t i = 1; i < ami::max_headers; ++i)
        headers += "V: x\r\n";
    PacketParser parser;
    Packet packet;
    parser.feed(headers + "\r\n" + headers + "V: x\r\n\r\n" + newchannel);
    CHECK(parser.next(packet) == Status::packet);
    CHECK(packet.headers().size() == ami::max_headers);
    CHECK(parser.next(packet) == Status::malformed);
    expect_newchannel(parser);
}

TEST_CASE("a header as long as the limit is one, and so is a packet", "[ami]") {
    const auto header = "K: " + std::string(ami::max_header_size - 3, 'v') + "\r\n";
    std::string longest = "Event: A\r\n" + header + header + header;
    longest += "V: " + std::string(ami::max_packet_size - longest.size() - 7, 'v') + "\r\n\r\n";
    REQUIRE(longest.size() == ami::max_packet_size);
    PacketParser parser;
    Packet packet;
    parser.feed(longest);
    CHECK(parser.next(packet) == Status::packet);
    CHECK(packet.headers().size() == 5);
    CHECK(packet.get("K").size() == ami::max_header_size - 3);
    parser.feed("V: v\r\n" + longest + newchannel);
    CHECK(parser.next(packet) == Status::malformed);
    CHECK(parser.why() == "it is too long");
    expect_newchannel(parser);
}

TEST_CASE("a variable of 64 KiB costs its own packet only, whatever the pieces", "[ami]") {
    const auto ending = GENERATE(as<std::string>{}, "\r\n", "\n");
    const std::string begin = "Event: VarSet" + ending + "Value: ";
    const auto bytes = begin + std::string(ami::max_packet_size, 'x') + ending + "Channel: a" +
                       ending + ending + "Event: A" + ending + ending;
    const std::vector<std::string> both{"malformed", "Event=A;"};
    for (const std::size_t size : {1UL, 2UL, 3UL, 1000UL, 65536UL, bytes.size()})
        CHECK(parse_in_pieces(bytes, size) == both);
    // Cut where it begins to be thrown away, so that each part of the line end comes alone.
    for (std::size_t first = ami::max_packet_size; first < bytes.size(); ++first) {
        CAPTURE(first, bytes.size());
        PacketParser parser;
        Packet packet;
        parser.feed(std::string_view(bytes).substr(0, first));
        const auto status = parser.next(packet);
        parser.feed(std::string_view(bytes).substr(first));
        if (status == Status::need_more)
            REQUIRE(parser.next(packet) == Status::malformed);
        else
            REQUIRE(status == Status::malformed);
        REQUIRE(parser.next(packet) == Status::packet);
    }
}

TEST_CASE("what is read straight into the parser's room is parsed as what is fed", "[ami]") {
    PacketParser parser;
    Packet packet;
    for (int i = 0; i < 10000; ++i) {
        const auto room = parser.room(newchannel.size());
        REQUIRE(room.size() >= newchannel.size());
        std::copy(newchannel.begin(), newchannel.end(), room.begin());
        parser.fed(newchannel.size());
        if (i % 100 == 0)
            expect_newchannel(parser);
    }
    for (int i = 0; i < 9900; ++i)
        REQUIRE(parser.next(packet) == Status::packet);
    CHECK(parser.next(packet) == Status::need_more);
}

TEST_CASE("an event that nobody needs is passed over, a malformed one as well", "[ami]") {
    PacketParser parser;
    Packet packet;
    std::vector<std::string> asked;
    parser.set_interest([&](std::string_view event, std::string_view text) {
        asked.emplace_back(event);
        CHECK(text.ends_with("\n"));
        return event == "Newchannel";
    });
    parser.feed("Event: VarSet\r\nnothing\r\n\r\nResponse: Success\r\n\r\n" + newchannel);
    REQUIRE(parser.next(packet) == Status::packet);
    CHECK(packet.get("Response") == "Success");
    expect_newchannel(parser);
    CHECK(asked == std::vector<std::string>{"VarSet", "Newchannel"});
}

TEST_CASE("a line of a mebibyte costs its own packet only", "[ami]") {
    PacketParser parser;
    Packet packet;
    parser.feed("Event: A\r\nV: ");
    for (std::size_t fed = 0; fed < ami::max_skipped - 131072; fed += 4096) {
        parser.feed(std::string(4096, 'x'));
        REQUIRE(parser.next(packet) == Status::need_more);
    }
    parser.feed("\r\n\r\n" + newchannel);
    CHECK(parser.next(packet) == Status::malformed);
    expect_newchannel(parser);
}

TEST_CASE("a packet that is too long in one piece is skipped as well", "[ami]") {
    PacketParser parser;
    Packet packet;
    std::string lines = "Event: A\r\n";
    while (lines.size() <= ami::max_packet_size)
        lines += "V: " + std::string(1000, 'x') + "\r\n";
    parser.feed(lines + "\r\n" + newchannel);
    CHECK(parser.next(packet) == Status::malformed);
    expect_newchannel(parser);
}

TEST_CASE("a packet without end is a flood", "[ami]") {
    PacketParser parser;
    Packet packet;
    auto status = Status::need_more;
    std::size_t fed = 0;
    while (status == Status::need_more && fed < 2 * ami::max_skipped) {
        parser.feed(std::string(4096, 'x'));
        fed += 4096;
        status = parser.next(packet);
    }
    CHECK(status == Status::flooded);
    CHECK(fed > ami::max_skipped);
}

TEST_CASE("the banner is a line of its own", "[ami]") {
    PacketParser parser;
    Packet packet;
    std::string_view line;
    parser.feed("Asterisk Call Man");
    CHECK(parser.next_line(line) == Status::need_more);
    parser.feed("ager/11.0.0\r\n" + newchannel);
    REQUIRE(parser.next_line(line) == Status::packet);
    CHECK(line == "Asterisk Call Manager/11.0.0");
    expect_newchannel(parser);
}

TEST_CASE("a banner without end is a flood", "[ami]") {
    PacketParser parser;
    std::string_view line;
    parser.feed(std::string(ami::max_banner_size, 'x'));
    CHECK(parser.next_line(line) == Status::need_more);
    parser.feed("x");
    CHECK(parser.next_line(line) == Status::flooded);
}

TEST_CASE("what somebody keeps stays as it was read", "[ami]") {
    PacketParser parser;
    Packet packet;
    parser.feed("Event: A\r\n\r\nEvent: B\r\n");
    REQUIRE(parser.next(packet) == PacketParser::Status::packet);
    const auto memory = parser.raw_memory();
    const auto begin = static_cast<std::size_t>(parser.raw().data() - memory->data());
    const auto size = parser.raw().size();
    int more = 0;
    for (; parser.raw_memory() == memory; ++more)
        parser.feed(std::string(60000, 'x') + "\r\n");
    CHECK(more > 1);
    std::string kept;
    memory->append(kept, begin, size);
    CHECK(kept == "Event: A\r\n\r\n");
}

TEST_CASE("what is not kept is read over, and what is offered is read into", "[ami]") {
    PacketParser parser;
    Packet packet;
    const auto read = [&] {
        parser.feed("Event: A\r\nValue: " + std::string(10000, 'x') + "\r\n\r\n");
        REQUIRE(parser.next(packet) == PacketParser::Status::packet);
    };
    read();
    const auto* const first = parser.raw().data();
    read();
    CHECK(parser.raw().data() == first);
    const auto offered =
        std::make_shared<astcti::ami::ReadMemory>(astcti::ami::ReadBuffer::kept_capacity);
    parser.offer(offered);
    parser.offer(nullptr);
    for (auto memory = parser.raw_memory(); parser.raw_memory() == memory;)
        read();
    CHECK(parser.raw_memory() == offered);
}
