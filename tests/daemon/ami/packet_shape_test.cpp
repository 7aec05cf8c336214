// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace astcti::ami;
using Status = PacketParser::Status;

namespace {

// All that a reader can see of a packet.
std::string seen(PacketParser& parser, const std::string& bytes) {
    Packet packet;
    parser.feed(bytes);
    const auto status = parser.next(packet);
    auto out = std::to_string(static_cast<int>(status)) + " " + std::string(parser.why());
    out += packet.is_response() ? " response" : "";
    for (const auto& header : packet.headers()) {
        CHECK(header.number == number_of(header.key));
        out += "\n" + std::string(header.key) + "=" + std::string(header.value) + " " +
               std::to_string(header.number);
    }
    return out;
}

const std::string before = "Event: Newstate\r\nChannel: SIP/1-1\r\nUniqueid: 1.1\r\n"
                           "DestConnectedLineName: B\r\nAnything: at all\r\n\r\n";

} // namespace

TEST_CASE("a packet is read as if none had come before", "[ami]") {
    const std::vector<std::string> packets{
        before,
        // other values
        "Event: Newstate\r\nChannel: \r\nUniqueid:\r\nDestConnectedLineName:C\r\nAnything:  : "
        "\r\n\r\n",
        "Event: Newstate\nChannel: SIP/2\nUniqueid: 2\nDestConnectedLineName: x\nAnything: \n\n",
        // another key of the same length, in its first, its last, and its seventeenth byte
        "Event: Newstate\r\nchannel: 2\r\nUniqueid: 1.1\r\nDestConnectedLineName: B\r\nAnything: "
        "a\r\n\r\n",
        "Event: Newstate\r\nChannel: 2\r\nUniqueie: 1.1\r\nDestConnectedLineName: B\r\nAnything: "
        "a\r\n\r\n",
        "Event: Newstate\r\nChannel: 2\r\nUniqueid: 1.1\r\nDestConnectedLineNums: B\r\nAnything: "
        "a\r\n\r\n",
        "Event: Newstate\r\nChannel: 2\r\nUniqueid: 1.1\r\nDestConnectedLineNamf: B\r\nAnything: "
        "a\r\n\r\n",
        // another order, less and more
        "Event: Newstate\r\nUniqueid: 1.1\r\nChannel: 2\r\nDestConnectedLineName: B\r\nAnything: "
        "a\r\n\r\n",
        "Event: Newstate\r\nChannel: 2\r\nUniqueid: 1.1\r\nDestConnectedLineName: B\r\n\r\n",
        "Event: Newstate\r\nChannel: 2\r\nUniqueid: 1.1\r\nDestConnectedLineName: B\r\nAnything: "
        "a\r\nB: c\r\n\r\n",
        // what is not in order
        "Event: Newstate\r\nChannel: 2\r\nChannel:: 1.1\r\nDestConnectedLineName: B\r\nAnything: "
        "a\r\n\r\n",
        "Event: Newstate\r\nChannel: 2\r\nUniqueid: 1.1\r\nDestConnectedLineName B\r\nAnything: "
        "a\r\n\r\n",
        "Event: Newstate\r\nChannel: 2\r\nUniqueid: 1.1\r\n: B\r\nAnything: a\r\n\r\n",
        "Event: Newstate\r\nChannel: 2\r\nUniqueid: 1.1\r\nDestConnectedLineName: " +
            std::string(max_header_size, 'x') + "\r\nAnything: a\r\n\r\n",
        "Event: Newstate\r\nChannel: 2\r\nUniqueid: 1.1\r\nDestConnectedLineName: " +
            std::string(max_header_size - 100, 'x') + "\r\nAnything: a\r\n\r\n",
        "Response: Newstate\r\nChannel: 2\r\nUniqueid: 1.1\r\nDestConnectedLineName: "
        "B\r\nAnything: a\r\n\r\n"};
    for (const auto& first : packets)
        for (const auto& second : packets) {
            CAPTURE(first, second);
            PacketParser one;
            PacketParser other;
            static_cast<void>(seen(one, first));
            static_cast<void>(seen(one, before));
            REQUIRE(seen(one, second) == seen(other, second));
            REQUIRE(seen(one, second) == seen(other, second));
        }
}

TEST_CASE("packets have one shape if they have the same keys in the same order, only then",
          "[ami]") {
    PacketParser parser;
    PacketParser other_parser;
    const auto shape_of = [](PacketParser& reader, std::string_view text) {
        Packet packet;
        reader.feed(text);
        REQUIRE(reader.next(packet) == PacketParser::Status::packet);
        return packet.shape();
    };
    const std::string same = "Event: Newstate\r\nChannel: SIP/2\r\nUniqueid: 2\r\n\r\n";
    const std::string order = "Event: Newstate\r\nUniqueid: 2\r\nChannel: SIP/2\r\n\r\n";
    CHECK(shape_of(parser, same) == 0); // it is the first: what is not known is never the same
    const auto shape = shape_of(parser, same);
    CHECK(shape != 0);
    CHECK(shape_of(parser, "Event: Newstate\r\nChannel: 1\r\nUniqueid:  \r\n\r\n") == shape);
    CHECK(shape_of(parser, order) == 0);
    CHECK(shape_of(parser, order) != shape);
    CHECK(shape_of(other_parser, same) == 0);
    CHECK(shape_of(other_parser, same) != shape);
}

TEST_CASE("a packet with more, or longer, keys than a shape has room for is read", "[ami]") {
    std::string many = "Event: Newstate\r\n";
    for (std::size_t i = 0; i <= PacketShape::max_keys; ++i)
        many += "Key" + std::to_string(i) + ": v\r\n";
    const std::string wide = "Event: Newstate\r\n" + std::string(PacketShape::max_text, 'k') +
                             ": v\r\nUniqueid: 1.1\r\n";
    const auto text = (GENERATE(true, false) ? many : wide) + "\r\n";
    PacketParser one;
    const auto first = seen(one, text);
    CHECK(first.find("=v") != std::string::npos);
    CHECK(seen(one, text) == first);
}

TEST_CASE("each key that is read has a number of its own, in any case", "[ami]") {
    for (std::size_t i = 0; i < known_keys.size(); ++i) {
        std::string key(known_keys[i]);
        CHECK(number_of(key) == i + 1);
        for (auto& c : key)
            if (c >= 'A' && c <= 'Z')
                c = static_cast<char>(c - 'A' + 'a');
        CHECK(number_of(key) == i + 1);
        CHECK(number_of(key + "x") == other_key);
    }
    CHECK(number_of("") == other_key);
    CHECK(number_of("CID\rCallingPres") == other_key); // no letter's other case
    CHECK(number_of("Eveny") == other_key);
    CHECK(number_of("Channem") == other_key);
    CHECK(number_of("Anything") == other_key);
    CHECK(key_number("Event") == number_of("EVENT"));
}
