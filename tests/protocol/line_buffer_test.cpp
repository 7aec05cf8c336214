// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/command.hpp"
#include "protocol/line_buffer.hpp"
#include "tests/support/catch.hpp"

#include <vector>

using astcti::protocol::LineBuffer;
using Status = LineBuffer::Status;

namespace {

std::vector<std::string> all_lines(LineBuffer& buffer) {
    std::vector<std::string> lines;
    for (;;) {
        std::string_view line;
        const auto status = buffer.next(line);
        if (status == Status::need_more)
            return lines;
        lines.push_back(status == Status::line ? std::string(line) : "TOO LONG");
    }
}

} // namespace

TEST_CASE("lines cut at any byte come out whole", "[lines]") {
    const std::string bytes = "USER anna\nPASS x\r\n\nQUIT\n";
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        LineBuffer buffer(100);
        buffer.feed(bytes.substr(0, cut));
        auto lines = all_lines(buffer);
        buffer.feed(bytes.substr(cut));
        for (auto& line : all_lines(buffer))
            lines.push_back(line);
        CAPTURE(cut);
        CHECK(lines == std::vector<std::string>{"USER anna", "PASS x", "", "QUIT"});
    }
}

TEST_CASE("a line of the limit passes, one byte more is too long, the next line is whole",
          "[lines]") {
    LineBuffer buffer(4);
    buffer.feed("abcd\nabcde\nab\n");
    CHECK(all_lines(buffer) == std::vector<std::string>{"abcd", "TOO LONG", "ab"});
}

TEST_CASE("a line without end is reported once and costs no memory", "[lines]") {
    constexpr std::size_t mebibyte = 1048576;
    LineBuffer buffer(astcti::protocol::max_line_after_login);
    std::vector<std::string> lines;
    for (std::size_t fed = 0; fed < mebibyte; fed += 1024) {
        buffer.feed(std::string(1024, 'x'));
        for (auto& line : all_lines(buffer))
            lines.push_back(line);
        REQUIRE(buffer.size() <= astcti::protocol::max_line_after_login);
    }
    buffer.feed("y\nNOOP\n");
    for (auto& line : all_lines(buffer))
        lines.push_back(line);
    CHECK(lines == std::vector<std::string>{"TOO LONG", "NOOP"});
}
