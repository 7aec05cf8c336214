// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/leg_table.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <fmt/format.h>

using namespace astcti;
using calls::Leg;
using calls::LegState;
using calls::LegTable;

namespace {

Leg& add(LegTable& table, const std::string& uniqueid, const std::string& channel) {
    auto* leg = table.add(uniqueid, channel);
    REQUIRE(leg);
    return *leg;
}

std::vector<Leg*> legs_of(const calls::FewLegs& legs) {
    return {legs.begin(), legs.end()};
}

void end(LegTable& table, Leg& leg) {
    leg.end = 1;
    table.end(leg);
}

} // namespace

TEST_CASE("the halves of a Local channel find each other", "[calls]") {
    struct Row {
        std::string one;
        std::string other;
        bool paired;
    };
    const auto row =
        GENERATE(values<Row>({{"Local/201@q-00000001;1", "Local/201@q-00000001;2", true},
                              {"Local/201@q-00000001;2", "Local/201@q-00000001;1", true},
                              {"Local/201@q-3b1f,1", "Local/201@q-3b1f,2", true}, // 1.4
                              {"Local/201@q-00000001;1", "Local/201@q-00000002;2", false},
                              {"Local/201@q-00000001;1", "Local/202@q-00000001;2", false},
                              {"Local/201@q-00000001;1", "Local/201@q-00000001,2", false},
                              {"Local/201@q-00000001;1", "Local/201@q-00000001;3", false},
                              {"Local/201@q;1", "SIP/201@q;2", false},
                              {"SIP/201-00000001;1", "SIP/201-00000001;2", false},
                              {"Local/", "Local/", false},
                              {"Local/1", "Local/2", false}}));
    CAPTURE(row.one, row.other);
    LegTable table;
    auto& one = add(table, "1.1", row.one);
    auto& other = add(table, "1.2", row.other);
    CHECK((one.other_half == &other) == row.paired);
    CHECK((other.other_half == &one) == row.paired);
    end(table, one);
    end(table, other);
    table.sweep();
    CHECK(table.size() == 0);
}

TEST_CASE("a half that goes leaves the other one without", "[calls]") {
    LegTable table;
    auto& one = add(table, "1.1", "Local/201@q-00000001;1");
    auto& other = add(table, "1.2", "Local/201@q-00000001;2");
    SECTION("at its end, with the sweep") {
        end(table, one);
        CHECK(other.other_half == &one);
        table.sweep();
        CHECK(other.other_half == nullptr);
    }
    SECTION("when it is renamed") {
        table.rename(one, "SIP/201-1");
        CHECK(other.other_half == nullptr);
        CHECK(one.other_half == nullptr);
        CHECK(one.channel == "SIP/201-1");
        CHECK_FALSE(one.is_local());
        CHECK(other.is_local());
        end(table, one);
    }
    end(table, other);
    table.sweep();
    CHECK(table.size() == 0);
}

TEST_CASE("a half whose end was not true finds the other one again", "[calls]") {
    LegTable table;
    add(table, "1.1", "Local/201@q-00000001;1");
    auto& other = add(table, "1.2", "Local/201@q-00000001;2");
    end(table, *table.find("1.1"));
    table.sweep();
    table.remember_no_end("1.1");
    auto& back = add(table, "1.1", "Local/201@q-00000001;1");
    CHECK(back.other_half == &other);
    CHECK(other.other_half == &back);
    end(table, back);
    end(table, other);
    table.sweep();
    CHECK(table.size() == 0);
}

TEST_CASE("a half that never had another leaves nothing behind", "[calls]") {
    LegTable table;
    auto& alone = add(table, "1.1", "Local/201@q-00000001;1");
    if (GENERATE(true, false))
        table.rename(alone, "SIP/201-1");
    end(table, alone);
    table.sweep();
    CHECK(table.size() == 0);
}

TEST_CASE("a leg is in one bridge, and a bridge is there while somebody is in it", "[calls]") {
    LegTable table;
    auto& one = add(table, "1.1", "SIP/1-1");
    auto& other = add(table, "1.2", "SIP/2-2");
    table.enter(one, "a");
    table.enter(other, "a");
    CHECK(one.bridge == other.bridge);
    CHECK(one.bridge->members.size() == 2);
    table.enter(one, "a"); // once more
    CHECK(one.bridge->members.size() == 2);
    table.enter(one, "b");
    CHECK(one.bridge->id == "b");
    CHECK(legs_of(other.bridge->members) == std::vector<Leg*>{&other});
    table.leave(other);
    CHECK(table.find_bridge("a") == nullptr);
    table.leave(other); // it is in none
    CHECK(table.find_bridge("b"));
    end(table, one);
    CHECK(one.bridge == nullptr);
    CHECK(table.find_bridge("b") == nullptr);
}

TEST_CASE("who leaves a bridge was dialled for nobody any more", "[calls]") {
    LegTable table;
    auto& caller = add(table, "1.1", "SIP/1-1");
    auto& called = add(table, "1.2", "SIP/2-2");
    auto& rings = add(table, "1.3", "SIP/3-3");
    table.set_parent(called, &caller);
    table.set_parent(rings, &caller);
    called.state = LegState::up;
    rings.state = LegState::ringing;
    table.enter(caller, "a");
    table.enter(called, "a");
    SECTION("the one that was called") {
        table.leave(called);
        CHECK(called.parent == nullptr);
        CHECK(caller.children == std::vector<Leg*>{&rings});
    }
    SECTION("the one that called: who still rings does so for it") {
        table.leave(caller);
        CHECK(called.parent == nullptr);
        CHECK(rings.parent == &caller);
        CHECK(caller.children == std::vector<Leg*>{&rings});
    }
    SECTION("not at its end, while somebody may look at the whole") {
        end(table, caller);
        CHECK(called.parent == &caller);
        table.sweep();
        CHECK(called.parent == nullptr);
        CHECK(rings.parent == nullptr);
    }
    SECTION("not who was in none") {
        table.leave(rings);
        CHECK(rings.parent == &caller);
    }
}

TEST_CASE("a parent is one, and knows its children", "[calls]") {
    LegTable table;
    auto& child = add(table, "1.1", "SIP/1-1");
    auto& one = add(table, "1.2", "SIP/2-2");
    auto& other = add(table, "1.3", "SIP/3-3");
    table.set_parent(child, &one);
    table.set_parent(child, &one);
    CHECK(one.children == std::vector<Leg*>{&child});
    table.set_parent(child, &other);
    CHECK(one.children.empty());
    CHECK(other.children == std::vector<Leg*>{&child});
    table.set_parent(child, nullptr);
    CHECK(other.children.empty());
}

TEST_CASE("bridges that merge are one, and what was dialled is history", "[calls]") {
    LegTable table;
    auto& one = add(table, "1.1", "SIP/1-1");
    auto& two = add(table, "1.2", "SIP/2-2");
    auto& three = add(table, "1.3", "SIP/3-3");
    two.state = LegState::up;
    table.set_parent(two, &one);
    table.enter(one, "a");
    table.enter(two, "a");
    table.enter(three, "b");
    SECTION("into one that is there") {
        table.move_all("a", "b");
        CHECK(table.find_bridge("a") == nullptr);
        CHECK(three.bridge->members.size() == 3);
        CHECK(two.parent == nullptr);
    }
    SECTION("into one that is not there yet") {
        table.move_all("a", "c");
        CHECK(one.bridge->id == "c");
        CHECK(two.bridge->id == "c");
        CHECK(three.bridge->id == "b");
    }
    SECTION("into itself, and out of none: nothing") {
        table.move_all("a", "a");
        table.move_all("x", "b");
        CHECK(one.bridge->id == "a");
        CHECK(two.parent == &one);
        CHECK(three.bridge->members.size() == 1);
    }
}

TEST_CASE("a channel is found by its name until it ends", "[calls]") {
    LegTable table;
    auto& leg = add(table, "1.1", "SIP/1-1");
    CHECK(table.find_channel("SIP/1-1") == &leg);
    CHECK(table.find_channel("SIP/1") == nullptr);
    end(table, leg);
    CHECK(table.find_channel("SIP/1-1") == nullptr);
    CHECK(table.find("1.1") == &leg);
}

TEST_CASE("a channel that ended does not begin again, as far as it is remembered", "[calls]") {
    LegTable table;
    for (std::size_t i = 0; i <= LegTable::max_over; ++i)
        end(table, add(table, fmt::format("1.{}", i), "SIP/1-1"));
    CHECK_FALSE(table.is_over("1.1")); // it is still there
    CHECK(table.add("1.1", "SIP/1-1") == nullptr);
    table.sweep();
    CHECK(table.size() == 0);
    CHECK_FALSE(table.is_over("1.0")); // of more than max_over the first is forgotten
    CHECK(table.is_over("1.1"));
    CHECK(table.is_over(fmt::format("1.{}", LegTable::max_over)));
    CHECK(table.add("1.1", "SIP/1-1") == nullptr);
    CHECK(table.add("1.0", "SIP/1-1"));
}

TEST_CASE("there is a limit to the channels, and room again after one went", "[calls]") {
    LegTable table;
    for (std::size_t i = 0; i < LegTable::max_legs; ++i)
        REQUIRE(table.add(fmt::format("1.{}", i), "SIP/1-1"));
    CHECK(table.add("2.1", "SIP/1-1") == nullptr);
    end(table, *table.find("1.5"));
    table.sweep();
    CHECK(table.add("2.1", "SIP/1-1"));
}

TEST_CASE("a bridge has its members in the order in which they came, however many", "[calls]") {
    LegTable table;
    std::vector<Leg*> members;
    const auto check = [&](const calls::Bridge& bridge) {
        CHECK(legs_of(bridge.members) == members);
        CHECK(bridge.members.size() == members.size());
        CHECK(bridge.members.front() == members.front());
    };
    const auto leave = [&](std::size_t which) {
        table.leave(*members[which]);
        members.erase(members.begin() + static_cast<std::ptrdiff_t>(which));
    };
    for (int i = 0; i < 5; ++i) {
        const auto id = fmt::format("1.{}", i);
        members.push_back(&add(table, id, "SIP/" + id));
        check(table.enter(*members.back(), "b"));
    }
    const auto& bridge = *table.find_bridge("b");
    for (const std::size_t which : {4U, 0U, 1U, 0U}) {
        leave(which);
        check(bridge);
    }
    leave(0);
    CHECK_FALSE(table.find_bridge("b"));
}

TEST_CASE("legs that went before anybody asked for their device are not found", "[calls]") {
    LegTable table;
    std::vector<std::string> stay;
    for (int i = 0; i < 1000; ++i) {
        auto& leg = add(table, fmt::format("1.{}", i), fmt::format("PJSIP/trunk-{:08x}", i));
        if (i % 100 == 0)
            stay.emplace_back(leg.uniqueid);
        else
            end(table, leg);
        table.sweep();
    }
    std::ranges::sort(stay);
    const auto found = [&] {
        std::vector<std::string> ids;
        table.by_device().each(calls::hash_of("PJSIP/trunk"),
                               [&](const Leg& leg) { ids.emplace_back(leg.uniqueid); });
        std::ranges::sort(ids);
        return ids;
    };
    CHECK(found() == stay);
    end(table, *table.find(stay.back()));
    stay.pop_back();
    table.sweep();
    CHECK(found() == stay);
}

TEST_CASE("legs are found by their device until they are forgotten", "[calls]") {
    LegTable table;
    const auto at = [&](std::string_view device) {
        std::vector<std::string> found;
        table.by_device().each(calls::hash_of(device),
                               [&](const Leg& leg) { found.emplace_back(leg.uniqueid); });
        std::ranges::sort(found);
        return found;
    };
    CHECK(at("PJSIP/trunk").empty());
    constexpr int many = 1000;
    for (int i = 0; i < many; ++i) {
        add(table, fmt::format("1.{}", i), fmt::format("PJSIP/trunk-{:08x}", i));
        add(table, fmt::format("2.{}", i), fmt::format("PJSIP/{}-{:08x}", i, i));
    }
    CHECK(at("PJSIP/trunk").size() == many);
    for (int i = 0; i < many; ++i)
        CHECK(at(fmt::format("PJSIP/{}", i)) == std::vector{fmt::format("2.{}", i)});

    table.rename(*table.find("2.7"), "PJSIP/8-0000ffff");
    CHECK(at("PJSIP/7").empty());
    CHECK(at("PJSIP/8") == std::vector<std::string>{"2.7", "2.8"});
    for (int i = 0; i < many; i += 2)
        end(table, *table.find(fmt::format("1.{}", i)));
    end(table, *table.find("2.8"));
    table.sweep();
    CHECK(at("PJSIP/trunk").size() == many / 2);
    CHECK(at("PJSIP/8") == std::vector<std::string>{"2.7"});
}
