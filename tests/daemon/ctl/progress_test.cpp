// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/progress.hpp"
#include "tests/support/catch.hpp"

#include <vector>

using namespace astcti::ctl;
using namespace std::chrono_literals;

namespace {

// What is written on the way, at 100 steps a second.
std::vector<std::string> written(bool terminal, std::size_t total) {
    std::vector<std::string> lines;
    std::chrono::steady_clock::time_point now{};
    {
        Progress progress(
            "importing", total, terminal, [&](const std::string& text) { lines.push_back(text); },
            [&] { return now; });
        for (std::size_t i = 0; i < total; ++i) {
            progress.at(i);
            now += 10ms;
        }
    }
    return lines;
}

} // namespace

TEST_CASE("how far it is tells what is left, once that can be known", "[ctl]") {
    CHECK(progress_text("x", 0, 10, 2s) == "x: 0 of 10");
    CHECK(progress_text("x", 1, 10, 2s) == "x: 1 of 10, 19 s left");
    CHECK(progress_text("x", 100, 10'000, 2s) == "x: 100 of 10000, 3 minutes left");
    CHECK(progress_text("x", 10, 10, 2s) == "x: 10 of 10");
}

TEST_CASE("what takes less than a second says nothing", "[ctl]") {
    CHECK(written(true, 100).empty());
    CHECK(written(false, 100).empty());
}

TEST_CASE("a terminal has one line that is written over, and none in the end", "[ctl]") {
    const auto lines = written(true, 200);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "\r\x1B[Kimporting: 100 of 200, 2 s left");
    CHECK(lines[1] == "\r\x1B[Kimporting: 150 of 200, 1 s left");
    CHECK(lines[2] == "\r\x1B[K");
}

TEST_CASE("a log has a line now and then", "[ctl]") {
    const auto lines = written(false, 1200);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "importing: 100 of 1200, 12 s left\n");
    CHECK(lines[1] == "importing: 1100 of 1200, 2 s left\n");
}
