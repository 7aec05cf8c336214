// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/byte_marks.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace astcti::ami;

TEST_CASE("the first and the last line end are found, near and far", "[ami]") {
    CHECK(first_line_end("") == std::string::npos);
    CHECK(last_line_end("") == std::string::npos);
    for (std::size_t size = 0; size < 3 * marks_block; ++size) {
        const std::string text(size, 'x');
        CHECK(first_line_end(text) == std::string::npos);
        CHECK(last_line_end(text) == std::string::npos);
        for (std::size_t at = 0; at < size; ++at) {
            auto lines = text;
            lines[at] = '\n';
            lines[size / 2] = '\n';
            if (first_line_end(lines) != lines.find('\n') ||
                last_line_end(lines) != lines.rfind('\n'))
                FAIL("of " << size << " bytes, at " << at);
        }
    }
}
