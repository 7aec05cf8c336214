// SPDX-License-Identifier: GPL-3.0-or-later
// A customer's call to a desk, and what is told of it.
#pragma once

#include "tests/support/catch.hpp"
#include "tests/support/pbx.hpp"
#include "tests/support/told.hpp"

#include <string>

namespace astcti::test {

inline const Accounts desks{{"anna", {"PJSIP/201", "PJSIP/211"}}, {"bert", {"PJSIP/202"}}};

// What is told of the customer's call to Anna.
inline const std::string annas = R"( inbound 0612 "ACME" called 201 context demo own 201 "Anna")";

inline void check(Pbx& pbx, const std::string& expected, const Accounts& accounts = desks,
                  const ReplayOptions& options = {}) {
    const auto result = told(accounts, pbx.take(), options);
    CHECK(result.lines == expected);
    CHECK(result.left == 0);
}

// A customer and the desk that he calls.
struct Two {
    explicit Two(Version version = Version::v22) : pbx(version) {}

    Pbx pbx;
    Channel customer = pbx.channel(pbx.technology() + "trunk", "0612", "ACME", "201");
    Channel anna = pbx.channel(pbx.technology() + "201", "201", "Anna");

    void begin() {
        pbx.calls(customer);
        pbx.begin(anna);
        pbx.dial(customer, anna);
        pbx.state(anna, "Ringing");
    }
    // Rings the other telephone of hers with it.
    Channel begin_with_mobile() {
        auto mobile = pbx.channel(pbx.technology() + "211", "201", "Anna");
        pbx.calls(customer);
        pbx.begin(anna);
        pbx.begin(mobile);
        pbx.dial(customer, anna);
        pbx.dial(customer, mobile);
        pbx.state(anna, "Ringing");
        pbx.state(mobile, "Ringing");
        return mobile;
    }
    void hang_up() {
        pbx.hang_up(anna);
        pbx.hang_up(customer);
    }
};

} // namespace astcti::test
