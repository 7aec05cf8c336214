// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/json_line.hpp"
#include "tests/support/catch.hpp"

#include <giomm/init.h>

using namespace astcti;

TEST_CASE("a line has every property, whatever its type", "[bus]") {
    Gio::init();
    using Glib::ustring;
    using Glib::Variant;
    const bus::Properties call{
        {"A", Variant<ustring>::create("x")},
        {"B", Variant<bool>::create(true)},
        {"C", Variant<guint32>::create(16)},
        {"D", Variant<guint64>::create(1795406933000000)},
        {"E", Variant<std::vector<ustring>>::create({"a", "b"})},
        {"F", Variant<std::map<ustring, ustring>>::create({{"k", "v"}})},
        {"G", Variant<double>::create(1.5)},
    };
    const std::string rest = R"("call": {"A": "x", "B": true, "C": 16, "D": 1795406933000000, )"
                             R"("E": ["a", "b"], "F": {"k": "v"}, "G": null}})";
    CHECK(bus::json_line("added", {}, call) == R"({"event": "added", )" + rest);
    CHECK(bus::json_line("changed", {"A", "B"}, call) ==
          R"({"event": "changed", "changed": ["A", "B"], )" + rest);
}
