// SPDX-License-Identifier: GPL-3.0-or-later
// Asterisk and the people at their desks, for what tests/bench/wire_server.py measures of an
// astctid:
//   wire_bench latency|latency-tls RELAY_PORT ROUNDS   "round P50 P99 P50 P99": relay, astctid
//   wire_bench ringall ROUNDS                          "burst NS" until the last one was told
//   wire_bench fair ROUNDS                             "round QUIET STUCK FLOOD HANDSHAKES", 99th
//                                                      percentiles
//   wire_bench idle|idle-tls COUNT                     "in", and stays
//   wire_bench bare|bare-tls COUNT                     the same, at a server that greets
//   wire_bench return|return-tls COUNT                 "in"; after a line of input "back NS LOST
//                                                      DOUBLE ENDED NEW CHANGED": the last three
//                                                      are what snapshots told
// Prints "ami PORT", and reads the server's two ports, for clear and TLS. Times are nanoseconds.
#include "tests/bench/wire_loop.hpp"
#include "tests/bench/wire_return.hpp"
#include "tests/bench/wire_strangers.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <sys/timerfd.h>

using namespace astcti::bench;

namespace {

Nanoseconds percentile(std::vector<Nanoseconds> values, double part) {
    std::ranges::sort(values);
    return values.at(static_cast<std::size_t>(part * static_cast<double>(values.size() - 1)));
}

// Calls work() at every such interval, so many times; in between the loop goes on.
template <typename Work>
void at_pace(WireLoop& loop, long interval_ns, int times, Work&& work) {
    const int timer = check(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC), "timerfd_create");
    int due = 0;
    loop.on_ready(&due, [&] {
        std::uint64_t count = 0;
        if (::read(timer, &count, sizeof count) == sizeof count)
            due += static_cast<int>(count);
    });
    watch(loop.epoll(), timer, &due);
    const itimerspec every{{0, interval_ns}, {0, interval_ns}};
    check(::timerfd_settime(timer, 0, &every, nullptr), "timerfd_settime");
    for (int done = 0; done < times;) {
        loop.turn();
        for (; done < std::min(due, times); ++done)
            work(done);
    }
    ::close(timer);
    loop.forget(&due);
}

void wait_for_pbx(WireLoop& loop) {
    loop.until([&] { return loop.pbx().is_known(); });
}

std::string answered_call(WireLoop& loop, int number) {
    auto call = loop.pbx().ring(number);
    loop.pbx().answer(call);
    loop.pbx().flush();
    return call;
}

// Who is told how long after it was sent.
struct Waits {
    std::deque<Nanoseconds> sent;
    std::vector<Nanoseconds> taken;

    void arrived() {
        if (sent.empty())
            return;
        taken.push_back(now_ns() - sent.front());
        sent.pop_front();
    }
};

class Relay {
public:
    Relay(WireLoop& loop, std::uint16_t port) : in_(connect_to(port)), out_(connect_to(port)) {
        loop.on_ready(this, [this] {
            std::array<char, 65536> buffer;
            const auto count = ::recv(out_, buffer.data(), buffer.size(), MSG_DONTWAIT);
            for (ssize_t i = 0; i < count; ++i)
                if (buffer[static_cast<std::size_t>(i)] == 'E')
                    waits.arrived();
        });
        watch(loop.epoll(), out_, this);
    }
    void send(std::string_view bytes) const { send_all(in_, bytes); }

    Waits waits;

private:
    int in_;
    int out_;
};

void latency(WireLoop& loop, const Ports& ports, bool tls, int relay_port, int rounds) {
    Relay relay(loop, static_cast<std::uint16_t>(relay_port));
    loop.connect(1, 1, tls ? ports.tls : ports.plain, tls);
    const auto call = answered_call(loop, 1);
    loop.until([&] { return loop.clients()[0]->calls().contains(call); });
    Waits waits;
    loop.set_told([&](WireClient&, std::string_view) { waits.arrived(); });
    // The first round warms up.
    for (int round = -1; round < rounds; ++round) {
        constexpr long half_a_millisecond = 500'000;
        constexpr int sends = 2000;
        waits = {};
        relay.waits = {};
        at_pace(loop, half_a_millisecond, sends, [&](int number) {
            const auto event = WirePbx::hold(call, number / 2 % 2 == 0);
            const bool to_relay = number % 2 == 0;
            (to_relay ? relay.waits : waits).sent.push_back(now_ns());
            if (to_relay)
                relay.send("E" + std::string(event.size() - 1, '.'));
            else
                loop.pbx().send(event);
        });
        loop.until([&] { return waits.sent.empty() && relay.waits.sent.empty(); });
        if (round >= 0)
            say(fmt::format("round {} {} {} {}", percentile(relay.waits.taken, 0.5),
                            percentile(relay.waits.taken, 0.99), percentile(waits.taken, 0.5),
                            percentile(waits.taken, 0.99)));
    }
}

void ringall(WireLoop& loop, const Ports& ports, int rounds) {
    constexpr int members = 100;
    constexpr int callers = 10;
    loop.connect(1, members, ports.plain, false);
    for (int caller = 0; caller < callers; ++caller)
        loop.pbx().send(fmt::format("Event: QueueCallerJoin\r\nChannel: PJSIP/w-{0}\r\nUniqueid: "
                                    "1795406900.{0}\r\nQueue: astcti\r\nPosition: {0}\r\n\r\n",
                                    caller));
    for (int round = -1; round < rounds; ++round) {
        Nanoseconds last = 0;
        loop.set_told([&](WireClient&, std::string_view) { last = now_ns(); });
        std::vector<std::string> calls;
        for (int number = 1; number <= members; ++number)
            calls.push_back(loop.pbx().ring(number));
        const auto all_have = [&](std::size_t count) {
            return std::ranges::all_of(loop.clients(), [count](const auto& client) {
                return client->calls().size() == count;
            });
        };
        const auto begin = now_ns();
        loop.pbx().flush();
        loop.until([&] { return all_have(1); });
        if (round >= 0)
            say(fmt::format("burst {}", last - begin));
        for (const auto& call : calls)
            loop.pbx().hang_up(call);
        loop.pbx().flush();
        loop.until([&] { return all_have(0); });
    }
}

class Fair {
public:
    Fair(WireLoop& loop, const Ports& ports) : loop_(loop), ports_(ports) {
        loop_.connect(1, healthy, ports.plain, false);
        for (int number = 1; number <= healthy; ++number)
            calls_.push_back(answered_call(loop_, number));
        stuck_call_ = answered_call(loop_, healthy + 1);
        loop_.until([&] {
            return std::ranges::all_of(
                loop_.clients(), [](const auto& client) { return client->calls().size() == 1; });
        });
        loop_.set_told([this](WireClient& client, std::string_view) {
            waits_[static_cast<std::size_t>(client.number())].arrived();
        });
    }

    void round() {
        const auto quiet = measure(false);
        // Its buffers are full, and more than that, before it counts.
        WireClient stuck(loop_.epoll(), healthy + 1);
        stuck.connect(ports_.plain, nullptr);
        loop_.until([&] { return stuck.state() == WireClient::State::logged_in; });
        stuck.stop_reading();
        const auto beside = measure(true);
        stuck.close();
        const auto guesser = guess_passwords(ports_.plain);
        const auto flooded = measure(false);
        end(guesser);
        const auto half = begin_handshakes(ports_.tls);
        const auto in_handshakes = measure(false);
        end(half);
        if (is_warm_)
            say(fmt::format("round {} {} {} {}", quiet, beside, flooded, in_handshakes));
        is_warm_ = true;
    }

private:
    static constexpr int healthy = 50;

    Nanoseconds measure(bool stuck) {
        constexpr long a_millisecond = 1'000'000;
        constexpr int events = 2000;
        for (auto& waits : waits_)
            waits = {};
        at_pace(loop_, a_millisecond, events, [&](int number) {
            const auto who = static_cast<std::size_t>(number % healthy);
            const bool on = number / healthy % 2 == 0;
            waits_[who + 1].sent.push_back(now_ns());
            loop_.pbx().send(WirePbx::hold(calls_[who], on));
            if (stuck)
                loop_.pbx().send(WirePbx::hold(stuck_call_, number % 2 == 0));
        });
        loop_.until([&] {
            return std::ranges::all_of(waits_,
                                       [](const auto& waits) { return waits.sent.empty(); });
        });
        std::vector<Nanoseconds> all;
        for (const auto& waits : waits_)
            all.insert(all.end(), waits.taken.begin(), waits.taken.end());
        return percentile(all, 0.99);
    }

    WireLoop& loop_;
    Ports ports_;
    std::vector<std::string> calls_;
    std::string stuck_call_;
    std::array<Waits, healthy + 2> waits_;
    bool is_warm_ = false;
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 3)
        return 64;
    std::string what = argv[1];
    const bool tls = what.ends_with("-tls");
    if (tls)
        what.resize(what.size() - 4);
    const int number = std::atoi(argv[2]);
    WireLoop loop;
    say(fmt::format("ami {}", loop.pbx().port()));
    Ports ports;
    std::string line;
    std::cin >> ports.plain >> ports.tls;
    std::getline(std::cin, line);
    if (what == "bare") {
        loop.connect(1, number, tls ? ports.tls : ports.plain, tls, true);
        say("in");
        std::getline(std::cin, line);
        return 0;
    }
    wait_for_pbx(loop);
    if (what == "latency" && argc == 4) {
        latency(loop, ports, tls, number, std::atoi(argv[3]));
    } else if (what == "ringall") {
        ringall(loop, ports, number);
    } else if (what == "fair") {
        Fair fair(loop, ports);
        for (int round = 0; round <= number; ++round)
            fair.round();
    } else if (what == "idle") {
        loop.connect(1, number, tls ? ports.tls : ports.plain, tls);
        say("in");
        std::getline(std::cin, line);
    } else if (what == "return") {
        Return people(loop, ports, tls, number);
        say("in");
        for (;;)
            people.trial();
    } else {
        return 64;
    }
    return 0;
}
