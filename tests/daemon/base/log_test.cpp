// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/log.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <unistd.h>

using namespace astcti::base;

namespace {

// What is written to standard error while `act` runs.
template <typename Act>
std::string written_by(Act act) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const int before = ::dup(STDERR_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    act();
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    ::close(ends[1]);
    std::string text(4096, '\0');
    const auto count = ::read(ends[0], text.data(), text.size());
    ::close(ends[0]);
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return text;
}

} // namespace

TEST_CASE("what a stranger sent stays one line of the log", "[log]") {
    set_log_level(LogLevel::info);
    const auto text = written_by(
        [] { log(LogLevel::info, "client 1 ({}): left", "a\n<3>forged\x1b[31m\u00fc"); });
    CHECK(text.find("client 1 (a\\x0a<3>forged\\x1b[31m\u00fc): left\n") != text.npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("what is less important than the level is not written", "[log]") {
    set_log_level(LogLevel::warning);
    CHECK(written_by([] { log(LogLevel::notice, "x"); }).empty());
    CHECK_FALSE(written_by([] { log(LogLevel::warning, "x"); }).empty());
    set_log_level(LogLevel::info);
}

TEST_CASE("lines of a batch are written when it ends, or before there are too many", "[log]") {
    set_log_level(LogLevel::info);
    std::string early;
    const auto text = written_by([&early] {
        const LogBatch outer;
        {
            const LogBatch inner;
            log(LogLevel::info, "one");
        }
        early = written_by([] { log(LogLevel::info, "two"); });
    });
    CHECK(early.empty());
    CHECK(text == "one\ntwo\n");

    const std::string line(LogBatch::max_size / 2, 'x');
    const auto many = written_by([&] {
        const LogBatch lines;
        log(LogLevel::info, "{}", line);
        early = written_by([&] { log(LogLevel::info, "{}", line); });
    });
    CHECK(early == line + '\n');
    CHECK(many == line + '\n');
    CHECK(written_by([] { log(LogLevel::info, "alone"); }) == "alone\n");
}

TEST_CASE("above debug level three digits of a number are told", "[log]") {
    set_log_level(LogLevel::info);
    CHECK(masked("061234567") == "…567");
    CHECK(masked("201") == "201");
    set_log_level(LogLevel::debug);
    CHECK(masked("061234567") == "061234567");
    set_log_level(LogLevel::info);
}
