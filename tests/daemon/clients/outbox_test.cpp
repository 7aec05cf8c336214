// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/outbox.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::clients;
using namespace std::chrono_literals;

namespace {

const std::string kibibyte(1024, 'x');

void fill(Outbox& box, std::size_t size, Outbox::Time now) {
    while (box.unsent().size() + kibibyte.size() <= size)
        box.add(kibibyte, now);
}

} // namespace

TEST_CASE("what is added comes out in order, in whatever pieces it is taken", "[outbox]") {
    const auto piece = GENERATE(as<std::size_t>{}, 1, 7, 1000, 100000);
    Outbox box;
    std::string all;
    std::string taken;
    for (int i = 0; i < 20000; ++i) {
        const auto text = std::to_string(i) + '\n';
        all += text;
        box.add(text, 0s);
        if (i % 100 == 0) {
            const auto now = box.unsent().substr(0, piece);
            taken += now;
            box.sent(now.size());
        }
    }
    taken += box.unsent();
    box.sent(box.unsent().size());
    CHECK(taken == all);
    CHECK(box.unsent().empty());
}

TEST_CASE("a client that reads is told every event", "[outbox]") {
    Outbox box;
    for (int i = 0; i < 1000; ++i) {
        REQUIRE(box.takes_event(i * 1s));
        box.add(kibibyte, i * 1s);
        box.sent(kibibyte.size());
    }
    CHECK_FALSE(box.take_snapshot_due());
    CHECK_FALSE(box.is_hopeless(1000s));
}

TEST_CASE("a queue beyond the soft limit takes no event, and owes a snapshot once", "[outbox]") {
    Outbox box;
    fill(box, Outbox::soft_limit, 0s);
    CHECK(box.takes_event(0s));
    CHECK_FALSE(box.is_slow());
    box.add(kibibyte, 0s);
    CHECK(box.is_slow());
    CHECK_FALSE(box.owes_snapshot()); // nothing was lost yet
    CHECK_FALSE(box.takes_event(0s));
    CHECK(box.owes_snapshot());
    // Half of it is read: what was lost is lost.
    box.sent(box.unsent().size() / 2);
    CHECK_FALSE(box.takes_event(1s));
    CHECK_FALSE(box.take_snapshot_due());
    box.sent(box.unsent().size());
    CHECK(box.take_snapshot_due());
    CHECK_FALSE(box.take_snapshot_due());
    CHECK_FALSE(box.owes_snapshot());
    CHECK(box.takes_event(1s));
}

TEST_CASE("a few bytes that nobody takes for ten seconds are as bad", "[outbox]") {
    Outbox box;
    box.add("x", 100s);
    CHECK(box.takes_event(109999ms));
    CHECK_FALSE(box.takes_event(110s));
    CHECK_FALSE(box.is_hopeless(129999ms));
    CHECK(box.is_hopeless(130s));
}

TEST_CASE("a client that reads again in time is not given up", "[outbox]") {
    Outbox box;
    box.add("x", 0s);
    box.sent(1);
    CHECK_FALSE(box.is_hopeless(40s));
    box.add("x", 40s);
    CHECK_FALSE(box.is_hopeless(69s));
}

TEST_CASE("a queue beyond the hard limit is hopeless", "[outbox]") {
    Outbox box;
    fill(box, Outbox::hard_limit, 0s);
    CHECK_FALSE(box.is_hopeless(0s));
    box.add("x", 0s);
    CHECK(box.is_hopeless(0s));
}

TEST_CASE("without snapshots no event is lost before the end", "[outbox]") {
    Outbox box;
    box.set_has_snapshots(false);
    fill(box, Outbox::hard_limit, 0s);
    CHECK(box.takes_event(20s));
    box.sent(box.unsent().size());
    CHECK_FALSE(box.take_snapshot_due());
}

TEST_CASE("an empty queue keeps little memory", "[outbox]") {
    Outbox box;
    fill(box, Outbox::hard_limit, 0s);
    box.sent(box.unsent().size());
    CHECK(box.unsent().empty());
    CHECK(sizeof box < 128);
}
