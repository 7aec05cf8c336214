// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_scan.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace astcti::ami;

namespace {

// The lines of each packet; a packet ends with an empty one.
std::vector<std::vector<std::string>> expected(std::string_view text) {
    std::vector<std::vector<std::string>> packets;
    std::vector<std::string> lines;
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
        auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.empty())
            lines.emplace_back(line);
        else
            packets.push_back(std::exchange(lines, {}));
    }
    return packets;
}

// The text grows by so many bytes at a time; what is behind it looks like the end of a packet.
std::vector<std::vector<std::string>> found(const std::string& text, std::size_t piece) {
    std::vector<std::vector<std::string>> packets;
    PacketScan scan;
    std::string seen;
    for (std::size_t fed = 0; fed < text.size(); fed += piece) {
        seen += text.substr(fed, piece);
        const auto padded = seen + std::string(marks_block, '\n');
        auto view = std::string_view(padded).substr(0, seen.size());
        while (const auto size = scan.next(view)) {
            CHECK(scan.next(view) == size);
            const PacketLines lines(view.substr(0, size), scan.line_ends());
            auto& packet = packets.emplace_back();
            for (std::size_t i = 0; i < lines.size(); ++i)
                packet.emplace_back(lines[i]);
            view.remove_prefix(size);
            scan.taken(size);
        }
        seen = view;
    }
    return packets;
}

} // namespace

TEST_CASE("packets and their lines are found, whatever the pieces", "[ami]") {
    std::string text;
    // Each place of a block sees the end of a line and of a packet, of either kind.
    for (std::size_t length = 0; length < 2 * marks_block + 3; ++length) {
        text += std::string(length, 'k') + ": a:b\r\nx\ny\r\n\r\n";
        text += std::string(length, 'n') + "\n\r\n";
        text += std::string(length, 'v') + "\r\r\nb\n\n";
    }
    text += "\r\n\n\r\r\nx\n\n\na: \r\r\n\r\r\n\r\n";
    text += "an unfinished: packet\r\n";
    const auto packets = expected(text);
    CHECK(packets.size() > 300);
    for (const std::size_t piece : {1U, 2U, 3U, 63U, 64U, 65U, 1000U, 100000U})
        CHECK(found(text, piece) == packets);
}

TEST_CASE("what is behind the text is no part of it", "[ami]") {
    const std::string text = "a: b\n\nc: d\n\n" + std::string(marks_block, '\n');
    PacketScan scan;
    CHECK(scan.next(std::string_view(text).substr(0, 5)) == 0);
    CHECK(scan.next(std::string_view(text).substr(0, 6)) == 6);
    scan.taken(6);
    CHECK(scan.next(std::string_view(text).substr(6, 5)) == 0);
}

TEST_CASE("of a packet with too many lines it is known that there are", "[ami]") {
    const auto more = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{1000});
    std::string text;
    for (std::size_t i = 0; i < max_headers + more; ++i)
        text += "a\n";
    const auto size = text.size() + 1;
    text += "\n" + std::string(marks_block, 'x');
    PacketScan scan;
    REQUIRE(scan.next(std::string_view(text).substr(0, size)) == size);
    CHECK(scan.line_ends().size() == max_headers + std::min<std::size_t>(more, 1));
    CHECK(scan.line_ends().back() == 2 * scan.line_ends().size() - 1);
}

TEST_CASE("the longest packet whose lines are known begins anywhere in a block", "[ami]") {
    const auto at = GENERATE(std::size_t{2}, std::size_t{17}, std::size_t{63}, std::size_t{64},
                             std::size_t{65});
    const auto first = std::string(at - 2, 'f') + "\n\n";
    const auto text = first + "a\nb" + std::string(PacketScan::max_size - 6, 'x') + "\n\n\nz\n\n" +
                      std::string(marks_block, 'x');
    const auto view = std::string_view(text).substr(0, text.size() - marks_block);
    PacketScan scan;
    std::size_t taken = 0;
    while (taken < at) {
        const auto size = scan.next(view.substr(taken));
        REQUIRE(size != 0);
        scan.taken(size);
        taken += size;
    }
    const auto rest = view.substr(at);
    REQUIRE(scan.next(rest) == PacketScan::max_size - 1);
    CHECK(std::ranges::equal(scan.line_ends(),
                             std::vector<std::uint32_t>{1, PacketScan::max_size - 3}));
    scan.taken(PacketScan::max_size - 1);
    CHECK(scan.next(rest.substr(PacketScan::max_size - 1)) == 1);
    scan.taken(1);
    CHECK(scan.next(rest.substr(PacketScan::max_size)) == 3);
}

TEST_CASE("what was thrown away of a packet without end does not end it", "[ami]") {
    struct Row {
        std::string_view thrown;
        std::string_view then;
        std::size_t needed;
        std::size_t size; // of what is found then
    };
    const auto row = GENERATE(values<Row>({
        {"ab", "\n\r\n", 0, 3},
        {"ab", "\r\n\n", 0, 3},
        {"a\nb", "\n\n", 1, 3},
        {"a\n\r", "\n\n", 1, 2},
        {"a\r", "\n\n", 0, 2},
        {"a\nbc", "\n\n", 0, 2},
        {"a\n", "\n", 0, 1},
        {"a\n", "\r\n", 0, 2},
        {"x", "\n\n", 1, 3},
    }));
    CAPTURE(row.thrown, row.then);
    PacketScan scan;
    const auto padding = std::string(marks_block, '\n');
    auto text = std::string(row.thrown) + padding;
    REQUIRE(scan.next(std::string_view(text).substr(0, row.thrown.size())) == 0);
    CHECK(scan.needed() == row.needed);
    scan.taken(row.thrown.size() - row.needed);
    const auto kept = row.thrown.substr(row.thrown.size() - row.needed);
    text = std::string(kept) + std::string(row.then);
    const auto size = text.size();
    text += padding;
    CHECK(scan.next(std::string_view(text).substr(0, size)) == row.size);
}
