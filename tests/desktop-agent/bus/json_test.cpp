// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/json.hpp"
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
    const std::string rest = "\"call\":{\"A\":\"x\",\"B\":true,\"C\":16,\"D\":1795406933000000,"
                             "\"E\":[\"a\",\"b\"],\"F\":{\"k\":\"v\"},\"G\":null}}";
    CHECK(bus::json_line("added", {}, call) == "{\"event\":\"added\"," + rest);
    CHECK(bus::json_line("changed", {"A", "B"}, call) ==
          "{\"event\":\"changed\",\"changed\":[\"A\",\"B\"]," + rest);
}

TEST_CASE("text is one line of JSON that no terminal obeys", "[bus]") {
    Gio::init();
    const auto line = [](const char* text) {
        return bus::json_line("added", {}, {{"A", Glib::Variant<Glib::ustring>::create(text)}});
    };
    CHECK(line("\"\\\n\x1b[2J\x7f\xc2\x9b\xc2\xa0\xc3\xa9") ==
          "{\"event\":\"added\",\"call\":{\"A\":\"\\\"\\\\\\u000a\\u001b[2J\\u007f\\u009b\xc2\xa0"
          "\xc3\xa9\"}}");
}
