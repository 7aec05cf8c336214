// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/secret.hpp"
#include "daemon/base/unique_fd.hpp"
#include "daemon/ctl/password.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <string>
#include <unistd.h>

using namespace astcti::ctl;
using astcti::accounts::max_password;
using astcti::base::UniqueFd;
using Catch::Matchers::Contains;

namespace {

// The reading end of a pipe that `text` was written into; its writing end is closed.
UniqueFd pipe_with(const std::string& text) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const UniqueFd writing(ends[1]);
    REQUIRE(::write(writing.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    return UniqueFd(ends[0]);
}

} // namespace

TEST_CASE("a password is one line of a descriptor, and what follows stays there", "[ctl]") {
    const auto fd = pipe_with("anna's\nrest");
    CHECK(read_password(fd.get()) == "anna's");
    std::array<char, 4> rest{};
    CHECK(::read(fd.get(), rest.data(), rest.size()) == 4);
    CHECK(read_password(pipe_with("without a line end").get()) == "without a line end");
    CHECK(read_password(pipe_with(" two words \n").get()) == " two words ");
}

TEST_CASE("what cannot be a password is refused, and not shown", "[ctl]") {
    struct Row {
        std::string text;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {"", "empty"},
        {"\n", "empty"},
        {"canary\r\n", "control character"},
        {"can\tary\n", "control character"},
        {std::string("canary\0\n", 8), "control character"},
        {"canary\x7F\n", "control character"},
        {"canary\xE0\n", "not UTF-8"},
        {"canary" + std::string(max_password - 5, 'x') + "\n", "more than 256 bytes"},
        {"canary" + std::string(10'000, 'x'), "more than 256 bytes"},
    }));
    const auto fd = pipe_with(row.text);
    CHECK_THROWS_WITH(read_password(fd.get()), Contains(row.told) && !Contains("canary"));
}

TEST_CASE("a password of the longest size is taken", "[ctl]") {
    const std::string longest(max_password, 'x');
    CHECK(read_password(pipe_with(longest + "\n").get()) == longest);
}

TEST_CASE("a descriptor that is not open is said so", "[ctl]") {
    CHECK_THROWS_WITH(read_password(777), Contains("descriptor 777") && Contains("3<FILE"));
}
