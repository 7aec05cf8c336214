// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/explain_text.hpp"
#include "tests/support/catch.hpp"

#include <cstdlib>
#include <ctime>

using namespace astcti::bus;

TEST_CASE("a call is told line by line, in local time", "[bus]") {
    setenv("TZ", "UTC", 1);
    tzset();
    CHECK(explain_text("pbx1:1.1:201", {{1795406933123456, "call", "ringing", "inbound ringing"},
                                        {1795406933623999, "notification", "shown", "number 7"}}) ==
          "call pbx1:1.1:201\n"
          "  04:08:53.123  call          ringing    inbound ringing\n"
          "  04:08:53.623  notification  shown      number 7\n");
}

TEST_CASE("a line is a line, whatever is told", "[bus]") {
    const auto text = explain_text("a\nb", {{1, "x\n", "y\r", "z\x1b[2J\n"}});
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("what the agent knows nothing of cannot pop, so its own state comes first", "[bus]") {
    CHECK(explain_agent({{"Connection", "online"}, {"Server", "unix:/x"}, {"User", "anna"}},
                        {{"pbx1", "up"}, {"pbx2", "down"}}, false) ==
          "agent: online at unix:/x as anna; pbx pbx1 is up; pbx pbx2 is down\n");
    CHECK(explain_agent({{"Connection", "disconnected"},
                         {"Server", "unix:/x"},
                         {"LastError", "unix:/x: nobody listens"}},
                        {}, true) == "agent: disconnected at unix:/x; notifications are muted\n"
                                     "last error: unix:/x: nobody listens\n");
}
