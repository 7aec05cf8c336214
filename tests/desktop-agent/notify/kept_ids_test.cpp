// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/kept_ids.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::notify;

TEST_CASE("what was kept is read", "[notify]") {
    const KeptIds kept{"0123abc", ":1.42", {7, 4294967295U}, {"pbx1:1.2:anna", "=", "7"}};
    CHECK(kept_ids_from(to_file(kept)) == kept);
    CHECK(kept_ids_from(to_file({"0123abc", ":1.42", {}, {}})).ids.empty());
}

TEST_CASE("a file that is none closes nothing", "[notify]") {
    for (const std::string text :
         {"", "\n", "a", "a\n", "a\n:1.1", "a\n\n1\n", "\n:1.1\n1\n", "a\n:1.1\n0\n",
          "a\n:1.1\nx\n", "a\n:1.1\n-1\n", "a\n:1.1\n4294967296\n", "a\n:1.1\n1\n2",
          "a\n:1.1\n1 \n", "a\n:1.1\n\n1\n", "a\n:1.1\n=\n", "a\n:1.1\n=1\nx\n", "a\n:1.1\n=1"}) {
        CAPTURE(text);
        CHECK(kept_ids_from(text).ids.empty());
        CHECK(kept_ids_from(text).calls.empty());
    }
}

TEST_CASE("a thousand of each are the most", "[notify]") {
    KeptIds kept{"a", ":1.1", {}, {}};
    for (std::uint32_t id = 1; id <= KeptIds::max_ids; ++id) {
        kept.ids.push_back(id);
        kept.calls.push_back(std::to_string(id));
    }
    CHECK(kept_ids_from(to_file(kept)) == kept);
    auto more = kept;
    more.ids.push_back(5);
    CHECK(kept_ids_from(to_file(more)).ids.empty());
    kept.calls.emplace_back("5");
    CHECK(kept_ids_from(to_file(kept)).calls.empty());
}
