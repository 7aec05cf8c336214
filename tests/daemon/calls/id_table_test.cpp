// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/id_table.hpp"
#include "tests/support/catch.hpp"

#include <map>
#include <random>
#include <set>
#include <string>

using namespace astcti;

namespace {

int alive = 0;

struct Thing {
    Thing() { ++alive; }
    ~Thing() { --alive; }
    Thing(const Thing&) = delete;

    std::string id;
    int value = 0;
};

using Things = calls::IdTable<Thing, &Thing::id>;

std::set<std::string> ids_of(const Things& things) {
    std::set<std::string> ids;
    for (const auto& thing : things)
        CHECK(ids.insert(thing.id).second);
    return ids;
}

} // namespace

TEST_CASE("a thing is found by its id, and by no other", "[calls]") {
    Things things;
    CHECK(things.find("") == nullptr);
    CHECK(things.find("1.1") == nullptr);
    const auto [one, is_new] = things.add("1.1");
    CHECK(is_new);
    CHECK(one->id == "1.1");
    CHECK(things.find("1.1") == one);
    CHECK(things.find("1.2") == nullptr);
    CHECK(things.add("1.1") == std::pair(one, false));
    CHECK(things.size() == 1);
    CHECK(things.may_have(calls::hash_of("1.1")));
    things.erase("1.2");
    CHECK(things.size() == 1);
    things.erase(one->id);
    CHECK(things.find("1.1") == nullptr);
    CHECK_FALSE(things.may_have(calls::hash_of("1.1")));
    CHECK(things.empty());
    CHECK(alive == 0);
}

TEST_CASE("in a table that never had anything is nothing to be found or erased", "[calls]") {
    Things things;
    CHECK_FALSE(things.may_have(0));
    CHECK_FALSE(things.may_have(calls::hash_of("1.1")));
    CHECK(things.find("1.1", 0) == nullptr);
    things.erase("1.1");
    things.clear();
    things.erase("");
    CHECK(things.empty());
    CHECK(things.begin() == things.end());
    CHECK(things.add("1.1").second);
    CHECK(things.size() == 1);
}

TEST_CASE("the hash of a text depends on all of its bytes", "[calls]") {
    std::set<std::uint32_t> hashes;
    std::size_t count = 0;
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string text(size, 'x');
        for (std::size_t at = 0; at <= size; ++at, ++count) {
            auto other = text;
            if (at < size)
                other[at] = 'y';
            hashes.insert(calls::hash_of(other));
        }
    }
    CHECK(hashes.size() == count);
    // What differs in its number only, as ids do, does not meet at a few places of an index.
    std::set<std::uint32_t> places;
    for (int i = 0; i < 4096; ++i)
        places.insert(calls::hash_of("1795406000." + std::to_string(i)) % 8192);
    CHECK(places.size() > 3000);
}

TEST_CASE("a thing stays where it is while others come and go", "[calls]") {
    std::mt19937 random(1); // NOLINT: the same in each run
    std::map<std::string, Thing*> known;
    Things things;
    for (int step = 0; step < 20000; ++step) {
        // Few at first, then many, then few again.
        const auto most = step < 10000 ? 1000U : 20U;
        const auto id = std::to_string(random() % most);
        if (random() % 3 == 0 || known.size() > most) {
            things.erase(id);
            known.erase(id);
        } else {
            auto* thing = things.add(id).first;
            thing->value = static_cast<int>(id.size());
            CHECK(known.try_emplace(id, thing).first->second == thing);
        }
        if (step % 1000 == 0)
            for (const auto& [name, thing] : known)
                REQUIRE(things.find(name) == thing);
    }
    CHECK(things.size() == known.size());
    CHECK(alive == static_cast<int>(known.size()));
    for (const auto& id : ids_of(things))
        CHECK(known.contains(id));
    for (const auto& [name, thing] : known)
        things.erase(name);
    CHECK(things.empty());
    CHECK(alive == 0);
}

TEST_CASE("a table that was emptied is as a new one", "[calls]") {
    Things things;
    const bool at_once = GENERATE(true, false);
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 500; ++i)
            CHECK(things.add(std::to_string(i)).second);
        CHECK(ids_of(things).size() == 500);
        if (at_once)
            things.clear();
        for (int i = 0; i < 500; ++i)
            things.erase(std::to_string(i));
        CHECK(things.empty());
        CHECK(ids_of(things).empty());
        CHECK(things.find("1") == nullptr);
        CHECK(alive == 0);
    }
}
