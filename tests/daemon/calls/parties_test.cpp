// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/leg_table.hpp"
#include "daemon/calls/parties.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

using namespace astcti;
using calls::Leg;
using calls::LegState;

namespace {

// A table in which legs are known by short names.
class Ties {
public:
    Leg& leg(const std::string& channel) {
        auto* leg = table.add(fmt::format("1.{}", ++count_), channel);
        REQUIRE(leg);
        return *leg;
    }
    // The near and the far half.
    std::pair<Leg*, Leg*> local(const std::string& name) {
        const auto device = fmt::format("Local/{}-{:08x}", name, ++count_);
        auto& near = leg(device + ";1");
        auto& far = leg(device + ";2");
        REQUIRE(near.other_half == &far);
        return {&near, &far};
    }
    void dial(Leg& from, Leg& to) { table.set_parent(to, &from); }
    void bridge(const std::string& id, std::initializer_list<Leg*> legs) {
        for (auto* leg : legs)
            table.enter(*leg, id);
    }
    void end(Leg& leg) {
        leg.end = 1;
        table.end(leg);
    }

    calls::LegTable table;

private:
    int count_ = 0;
};

using Legs = std::vector<const Leg*>;

Legs legs_around(const calls::Leg& leg) {
    const auto near = calls::around(leg);
    return {near.begin(), near.end()};
}

Legs sorted(Legs legs) {
    std::ranges::sort(legs, {}, [](const Leg* leg) { return leg->uniqueid.view(); });
    return legs;
}

} // namespace

TEST_CASE("who is dialled has the caller for a party, and the other way round", "[calls]") {
    Ties ties;
    auto& caller = ties.leg("SIP/1-1");
    auto& one = ties.leg("SIP/2-2");
    auto& other = ties.leg("SIP/3-3");
    CHECK(calls::parties_of(caller).only() == nullptr);
    ties.dial(caller, one);
    CHECK(calls::parties_of(one).only() == &caller);
    CHECK(calls::parties_of(caller).only() == &one);
    ties.dial(caller, other);
    CHECK(calls::parties_of(one).only() == &caller);
    CHECK(calls::parties_of(caller).only() == nullptr); // any of the two may answer
    CHECK(sorted(calls::parties_of(caller).legs) == sorted({&one, &other}));
    CHECK(calls::dialler_of(one) == &caller);
    CHECK(calls::dialler_of(caller) == nullptr);
}

TEST_CASE("the walk goes through Local channels, however many", "[calls]") {
    Ties ties;
    const auto count = GENERATE(0, 1, 2, 5);
    const auto talks = GENERATE(true, false);
    auto& caller = ties.leg("SIP/1-1");
    auto& called = ties.leg("SIP/2-2");
    auto* last = &caller;
    for (int i = 0; i < count; ++i) {
        const auto [near, far] = ties.local(fmt::format("20{}@q", i));
        ties.dial(*last, *near);
        if (talks)
            ties.bridge(fmt::format("b{}", i), {last, near});
        last = far;
    }
    ties.dial(*last, called);
    if (talks)
        ties.bridge("b", {last, &called});
    CAPTURE(count, talks);
    CHECK(calls::parties_of(called).only() == &caller);
    CHECK(calls::parties_of(caller).only() == &called);
    CHECK(calls::dialler_of(called) == &caller);
    CHECK(calls::parties_of(called).local_extension == (count == 0 ? "" : "200"));
}

TEST_CASE("the walk does not pass through another real leg", "[calls]") {
    Ties ties;
    auto& customer = ties.leg("SIP/1-1");
    auto& anna = ties.leg("SIP/2-2");
    auto& carl = ties.leg("SIP/3-3");
    ties.dial(customer, anna);
    ties.dial(anna, carl);
    CHECK(calls::parties_of(customer).only() == &anna);
    CHECK(calls::parties_of(carl).only() == &anna);
    CHECK(calls::parties_of(anna).only() == nullptr);
}

TEST_CASE("who talks to one has that one for a party, whoever else it dialled", "[calls]") {
    Ties ties;
    auto& caller = ties.leg("SIP/1-1");
    auto& called = ties.leg("SIP/2-2");
    auto& other = ties.leg("SIP/3-3");
    ties.dial(caller, called);
    ties.bridge("b", {&caller, &other});
    CHECK(calls::parties_of(caller).only() == &other);
    CHECK(calls::parties_of(other).only() == &caller);
    // Alone in a bridge is as good as in none.
    ties.table.leave(other);
    ties.dial(caller, called);
    CHECK(calls::parties_of(caller).only() == &called);
    CHECK_FALSE(calls::is_with_another(caller));
}

TEST_CASE("three in a bridge are nobody's one party, two of them are again", "[calls]") {
    Ties ties;
    auto& one = ties.leg("SIP/1-1");
    auto& two = ties.leg("SIP/2-2");
    auto& three = ties.leg("SIP/3-3");
    ties.bridge("b", {&one, &two, &three});
    for (const auto* leg : {&one, &two, &three}) {
        CHECK(calls::parties_of(*leg).only() == nullptr);
        CHECK(calls::parties_of(*leg).legs.size() == 2);
        CHECK(calls::is_with_another(*leg));
    }
    ties.end(three);
    CHECK(calls::parties_of(one).only() == &two);
    CHECK(calls::parties_of(two).only() == &one);
}

TEST_CASE("a bridge that holds, and a conference, tie nobody", "[calls]") {
    Ties ties;
    const bool holds = GENERATE(true, false);
    auto& one = ties.leg("SIP/1-1");
    auto& two = ties.leg("SIP/2-2");
    ties.bridge("b", {&one, &two});
    (holds ? one.bridge->holding : one.bridge->conference) = true;
    CHECK(calls::parties_of(one).legs.empty());
    CHECK_FALSE(calls::is_with_another(one));
    CHECK(legs_around(one) == Legs{&one});
    // But who was dialled for whom is still true of them.
    ties.dial(one, two);
    CHECK(calls::parties_of(one).only() == &two);
}

TEST_CASE("a leg that ended has no ties, and is nobody's party", "[calls]") {
    Ties ties;
    auto& caller = ties.leg("SIP/1-1");
    const auto [near, far] = ties.local("201@q");
    auto& called = ties.leg("SIP/2-2");
    ties.dial(caller, *near);
    ties.dial(*far, called);
    REQUIRE(calls::parties_of(caller).only() == &called);
    auto* ended = std::array{&called, near, far}.at(GENERATE(0U, 1U, 2U));
    ties.end(*ended);
    CHECK(calls::parties_of(caller).legs.empty());
    CHECK(calls::parties_of(*ended).legs.empty());
}

TEST_CASE("a Local channel that is a device does not count its own other half", "[calls]") {
    Ties ties;
    auto& caller = ties.leg("SIP/1-1");
    const auto [near, far] = ties.local("201@q");
    auto& called = ties.leg("SIP/2-2");
    ties.dial(caller, *near);
    ties.dial(*far, called);
    CHECK(calls::parties_of(*near).only() == &caller);
    CHECK(calls::parties_of(*far).only() == &called);
}

TEST_CASE("what Local channels know is found on the way", "[calls]") {
    Ties ties;
    auto& trunk = ties.leg("SIP/1-1");
    const auto [near, far] = ties.local("201@from-queue");
    auto& called = ties.leg("SIP/2-2");
    ties.dial(trunk, *near);
    ties.dial(*far, called);
    near->queue = "support";
    CHECK(calls::parties_of(called).local_queue == "support");
    CHECK(calls::parties_of(called).local_extension == "201");
    CHECK_FALSE(calls::parties_of(called).originated);

    near->originated = true;
    near->extension = "0612";
    ties.dial(*near, trunk);
    const auto made_to_call = calls::parties_of(called);
    CHECK(made_to_call.originated); // the far half of the first one
    CHECK(made_to_call.originated_extension == "0612");
    CHECK_FALSE(calls::parties_of(trunk).originated);
}

TEST_CASE("whose parties may change with a leg are itself and the next ones", "[calls]") {
    Ties ties;
    auto& caller = ties.leg("SIP/1-1");
    const auto [near, far] = ties.local("201@q");
    auto& called = ties.leg("SIP/2-2");
    auto& stranger = ties.leg("SIP/3-3");
    ties.dial(caller, *near);
    ties.dial(*far, called);
    CHECK(sorted(legs_around(caller)) == sorted({&caller, near, &called})); // near may be a device
    CHECK(sorted(legs_around(*near)) == sorted({near, &caller, &called}));
    CHECK(sorted(legs_around(*far)) == sorted({far, &caller, &called}));
    CHECK(legs_around(stranger) == Legs{&stranger});
}

TEST_CASE("the walk is bounded, however forged the ties", "[calls]") {
    Ties ties;
    auto& caller = ties.leg("SIP/1-1");
    SECTION("very many in one bridge") {
        for (int i = 0; i < 1000; ++i)
            ties.table.enter(ties.leg("SIP/2-2"), "b");
        ties.table.enter(caller, "b");
        CHECK(calls::parties_of(caller).legs.size() <= 64);
        CHECK(calls::parties_of(caller).only() == nullptr);
    }
    SECTION("a circle of Local channels") {
        const auto [near, far] = ties.local("1@q");
        const auto [second_near, second_far] = ties.local("2@q");
        ties.dial(*far, *second_near);
        ties.dial(*second_far, *near);
        CHECK(calls::parties_of(*near).legs.empty());
        CHECK(calls::dialler_of(*near)->is_local()); // wherever it gave up
    }
}
