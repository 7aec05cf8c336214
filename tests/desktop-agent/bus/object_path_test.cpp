// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/object_path.hpp"
#include "tests/support/catch.hpp"

#include <glib.h>
#include <set>

using astcti::bus::call_path;

TEST_CASE("an id is one path element, escaped as systemd does it", "[bus]") {
    CHECK(call_path("pbx1:1795406933.1:201") ==
          "/org/astcti/Agent1/calls/pbx1_3a1795406933_2e1_3a201");
    CHECK(call_path("a_b/c") == "/org/astcti/Agent1/calls/a_5fb_2fc");
    CHECK(call_path("\xc3\xa9") == "/org/astcti/Agent1/calls/_c3_a9");
    CHECK(call_path("") == "/org/astcti/Agent1/calls/_");
}

TEST_CASE("any bytes make a valid path, and different ones different paths", "[bus]") {
    std::set<std::string> paths;
    for (int first = 0; first < 256; ++first) {
        for (const std::string rest : {"", "_", "a"}) {
            const auto path = call_path(static_cast<char>(first) + rest);
            CHECK(g_variant_is_object_path(path.c_str()) != FALSE);
            CHECK(paths.insert(path).second);
        }
    }
}
