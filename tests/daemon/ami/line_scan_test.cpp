// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/line_scan.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace astcti::ami;

namespace {

// As what it is to find: "key" of its colon, and the line.
struct Found {
    std::string line;
    std::string key;

    bool operator==(const Found&) const = default;
};

std::vector<Found> expected(std::string_view text) {
    std::vector<Found> out;
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
        auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const auto colon = line.find(':');
        out.push_back({std::string(line), std::string(line.substr(0, colon))});
    }
    return out;
}

// The text grows by so many bytes at a time; of two lines that were found one is taken off.
std::vector<Found> found(const std::string& text, std::size_t piece) {
    std::vector<Found> out;
    LineScan scan;
    std::string seen; // and what may be read behind it
    std::size_t fed = 0;
    while (fed < text.size()) {
        const auto size = std::min(piece, text.size() - fed);
        seen += text.substr(fed, size);
        fed += size;
        const auto padded = seen + std::string(ByteMarks::block, '\n');
        auto view = std::string_view(padded).substr(0, seen.size());
        Line line;
        while (scan.next(view, line)) {
            const auto all = view.substr(line.begin, line.end - line.begin);
            const auto key =
                line.colon == Line::no_colon ? all : all.substr(0, line.colon - line.begin);
            out.push_back({std::string(all), std::string(key)});
            if (out.size() % 2 == 0) {
                const auto taken = scan.begin();
                view.remove_prefix(taken);
                seen.erase(0, taken);
                scan.taken(taken);
            }
        }
    }
    return out;
}

} // namespace

TEST_CASE("lines and their first colons are found, whatever the pieces", "[ami]") {
    std::string text;
    // Each place of a block sees a line end, a colon, and a line without one.
    for (std::size_t length = 0; length < 2 * ByteMarks::block + 3; ++length) {
        text += std::string(length, 'k') + ": a:b\r\n";
        text += std::string(length, 'n') + "\n\r\n";
        text += ":" + std::string(length, 'v') + "\r\r\n";
    }
    text += "an unfinished: line";
    const auto lines = expected(text);
    CHECK(lines.size() > 400);
    for (const std::size_t piece : {1U, 2U, 3U, 63U, 64U, 65U, 1000U, 100000U})
        CHECK(found(text, piece) == lines);
}

TEST_CASE("what is behind the text is no part of it", "[ami]") {
    const std::string text = "a: b\nc: d\n" + std::string(ByteMarks::block, 'x');
    LineScan scan;
    Line line;
    CHECK_FALSE(scan.next(std::string_view(text).substr(0, 4), line));
    CHECK(scan.next(std::string_view(text).substr(0, 9), line));
    CHECK_FALSE(scan.next(std::string_view(text).substr(0, 9), line));
}
