// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/at_exit.hpp"
#include "daemon/event/deferred.hpp"
#include "daemon/event/io_group.hpp"
#include "daemon/event/io_source.hpp"
#include "daemon/event/paced.hpp"
#include "daemon/event/worker_pool.hpp"
#include "tests/support/loop.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <vector>

using namespace astcti;
using namespace std::chrono_literals;
using event::WorkerPool;

TEST_CASE("an answer of a worker runs in the loop's thread", "[event]") {
    event::Loop loop;
    WorkerPool workers(loop, 2);
    const auto here = std::this_thread::get_id();
    std::thread::id job;
    std::thread::id answer;
    bool done = false;
    REQUIRE(workers.submit([&]() -> WorkerPool::Done {
        job = std::this_thread::get_id();
        return [&] {
            answer = std::this_thread::get_id();
            done = true;
        };
    }));
    test::run_until(loop, [&] { return done; });
    CHECK(job != here);
    CHECK(answer == here);
}

TEST_CASE("as many jobs as the limit wait, one more is refused", "[event]") {
    event::Loop loop;
    std::atomic<bool> go = false;
    std::atomic<bool> begun = false;
    std::size_t done = 0;
    WorkerPool workers(loop, 1);
    const auto counted = [&done]() -> WorkerPool::Done { return [&done] { ++done; }; };
    REQUIRE(workers.submit([&]() -> WorkerPool::Done {
        begun = true;
        begun.notify_all();
        go.wait(false);
        return [&done] { ++done; };
    }));
    begun.wait(false);
    for (std::size_t i = 0; i < WorkerPool::max_queue; ++i)
        REQUIRE(workers.submit(counted));
    CHECK_FALSE(workers.submit(counted));
    go = true;
    go.notify_all();
    test::run_until(loop, [&] { return done == WorkerPool::max_queue + 1; });
}

TEST_CASE("a job that throws ends the loop", "[event]") {
    event::Loop loop;
    WorkerPool workers(loop, 1);
    REQUIRE(workers.submit([]() -> WorkerPool::Done { throw std::runtime_error("on purpose"); }));
    CHECK(loop.run() == EX_SOFTWARE);
}

TEST_CASE("a timer fires once, and anew when it is started anew", "[event]") {
    event::Loop loop;
    int fired = 0;
    event::Timer timer(loop, [&] { ++fired; });
    timer.start(0us);
    test::run_until(loop, [&] { return fired == 1; });
    timer.start(0us);
    test::run_until(loop, [&] { return fired == 2; });

    bool later = false;
    event::Timer stopped(loop, [&] { fired = 100; });
    event::Timer after(loop, [&] { later = true; });
    stopped.start(0us);
    stopped.stop();
    after.start(0us);
    test::run_until(loop, [&] { return later; });
    CHECK(fired == 2);
}

TEST_CASE("what is for the end is done when the loop ends in order, not after an exception",
          "[event]") {
    event::Loop loop;
    int done = 0;
    const event::AtExit at_exit(loop, [&done] { ++done; });
    SECTION("in order") {
        event::Deferred stop(loop, [&loop] { sd_event_exit(loop.get(), 0); });
        stop.request();
        CHECK(loop.run() == 0);
        CHECK(done == 1);
    }
    SECTION("an exception") {
        event::Deferred fail(loop, [] { throw std::bad_alloc(); });
        fail.request();
        CHECK(loop.run() == EX_SOFTWARE);
        CHECK(done == 0);
    }
}

TEST_CASE("what is deferred runs once a request, from the loop", "[event]") {
    event::Loop loop;
    int ran = 0;
    event::Deferred deferred(loop, [&] { ++ran; });
    deferred.request();
    deferred.request();
    CHECK(ran == 0);
    test::run_until(loop, [&] { return ran > 0; });
    CHECK(ran == 1);
}

TEST_CASE("a source that is stopped in its own callback lets its descriptor go", "[event]") {
    event::Loop loop;
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    const base::UniqueFd near(ends[0]);
    const base::UniqueFd far(ends[1]);
    REQUIRE(::write(far.get(), "x", 1) == 1);
    int first = 0;
    int second = 0;
    std::optional<event::IoSource> other;
    event::IoSource source(loop, near.get(), EPOLLIN, [&](auto) {
        ++first;
        source.stop();
        other.emplace(loop, near.get(), EPOLLIN, [&](auto) { ++second; });
    });
    test::run_until(loop, [&] { return second > 0; });
    CHECK(first == 1);
}

namespace {

// There is something to read in it, for ever.
base::UniqueFd readable() {
    base::UniqueFd fd(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
    REQUIRE(fd);
    return fd;
}

} // namespace

TEST_CASE("members of a group are told what is ready, also after they were moved", "[event]") {
    event::Loop loop;
    event::IoGroup first(loop, 0);
    event::IoGroup second(loop, 10);
    const auto fd = readable();
    int told = 0;
    event::IoMember member(first, fd.get(), EPOLLIN, [&](std::uint32_t events) {
        CHECK(events == EPOLLIN);
        member.move_to(second);
        ++told;
    });
    test::run_until(loop, [&] { return told == 3; });

    // Without interest it is not told any more; what follows it in the loop is.
    member.set_events(0);
    CHECK(member.events() == 0);
    bool later = false;
    event::Timer after(loop, [&] { later = true; });
    after.start(0us);
    test::run_until(loop, [&] { return later; });
    CHECK(told == 3);
}

TEST_CASE("a member that another one stops or destroys is not told", "[event]") {
    event::Loop loop;
    event::IoGroup group(loop, 0);
    const auto one = readable();
    const auto two = readable();
    int told = 0;
    std::array<std::optional<event::IoMember>, 2> members;
    const bool destroys = GENERATE(false, true);
    const auto end_of = [&](std::size_t other) {
        return [&, other](auto) {
            ++told;
            if (destroys)
                members.at(other).reset();
            else
                members.at(other)->stop();
            members.at(1 - other)->stop();
        };
    };
    members[0].emplace(group, one.get(), EPOLLIN, end_of(1));
    members[1].emplace(group, two.get(), EPOLLIN, end_of(0));
    bool later = false;
    event::Timer after(loop, [&] { later = true; });
    after.start(1ms);
    test::run_until(loop, [&] { return later; });
    CHECK(told == 1);
}

TEST_CASE("of more members than one turn is for the others have theirs later", "[event]") {
    event::Loop loop;
    event::IoGroup group(loop, 0);
    std::set<std::size_t> told;
    std::size_t turn = 0;
    std::vector<base::UniqueFd> fds;
    std::vector<std::unique_ptr<event::IoMember>> members;
    for (std::size_t i = 0; i <= event::IoGroup::max_at_once; ++i) {
        fds.push_back(readable());
        members.push_back(
            std::make_unique<event::IoMember>(group, fds.back().get(), EPOLLIN, [&, i](auto) {
                told.insert(i);
                ++turn;
            }));
    }
    REQUIRE(sd_event_run(loop.get(), UINT64_MAX) > 0);
    CHECK(turn == event::IoGroup::max_at_once);
    test::run_until(loop, [&] { return told.size() == members.size(); });
}

TEST_CASE("what is paced runs at once, and then not before its time", "[event]") {
    event::Loop loop;
    std::vector<std::uint64_t> ran;
    event::Paced paced(loop, 20ms, [&] { ran.push_back(loop.now()); });
    paced.request();
    paced.request();
    CHECK(ran.empty());
    test::run_until(loop, [&] { return ran.size() == 1; });
    paced.request();
    paced.request();
    test::run_until(loop, [&] { return ran.size() == 2; });
    CHECK(ran[1] - ran[0] >= 20000);
}
