// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/wire_loop.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <sys/timerfd.h>
#include <vector>

namespace astcti::bench {

inline void say(const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

// People who come back after each end of the server, while calls go on.
class Return {
public:
    Return(WireLoop& loop, const Ports& ports, bool tls, int count)
        : loop_(loop), port_(tls ? ports.tls : ports.plain), tls_(tls), count_(count) {
        loop_.connect(1, count, port_, tls);
        for (int number = 1; number <= count; number += 2)
            calls_.push_back(loop_.pbx().ring(number));
        loop_.pbx().flush();
        loop_.until([this] { return is_right(); });
        loop_.on_ready(&next_, [this] {
            std::uint64_t ticks = 0;
            if (::read(timer_, &ticks, sizeof ticks) == sizeof ticks)
                go_on(next_++);
            loop_.pbx().flush();
        });
        watch(loop_.epoll(), timer_, &next_);
    }

    // The server is about to go, while calls begin, are answered and end; a line of input says that
    // it was started again.
    void trial() {
        constexpr long hundredth = 10'000'000;
        auto& pbx = loop_.pbx();
        for (auto& call : calls_)
            if (pbx.calls().at(call).is_up)
                renew(call);
        pbx.flush();
        loop_.until([this] { return is_right(); });
        pace(hundredth);
        loop_.until([&] { return pbx.losses() > losses_; });
        losses_ = pbx.losses();
        // What happens while nobody hears of it.
        for (std::size_t i = 0; i + 1 < calls_.size(); i += 4) {
            renew(calls_[i]);
            pbx.answer(calls_[i + 1]);
        }
        pbx.flush();
        std::string line;
        if (!std::getline(std::cin, line))
            std::exit(0);
        const auto before = sum();
        const auto begin = now_ns();
        loop_.until([&] { return pbx.is_known(); });
        loop_.bring_back(port_, tls_);
        const auto back = now_ns() - begin;
        pace(0);
        // What is lost stays away.
        constexpr Nanoseconds patience = 10'000'000'000;
        const auto end = now_ns() + patience;
        while (!is_right() && now_ns() < end)
            loop_.turn(10);
        const auto after = sum();
        say(fmt::format("back {} {} {} {} {} {}", back, after.gaps + (is_right() ? 0U : 1U),
                        after.doubled, after.news.ended - before.news.ended,
                        after.news.begun - before.news.begun,
                        after.news.changed - before.news.changed));
    }

private:
    struct Sum {
        unsigned gaps = 0;
        unsigned doubled = 0;
        WireClient::News news;
    };

    Sum sum() {
        Sum sum;
        for (const auto& client : loop_.clients()) {
            sum.gaps += client->gaps();
            sum.doubled += client->doubled();
            sum.news.ended += client->news().ended;
            sum.news.begun += client->news().begun;
            sum.news.changed += client->news().changed;
        }
        return sum;
    }

    // Every so many nanoseconds something happens to a call; 0: nothing any more.
    void pace(long interval) {
        const itimerspec every{{0, interval}, {0, interval}};
        check(::timerfd_settime(timer_, 0, &every, nullptr), "timerfd_settime");
    }

    void go_on(std::size_t number) {
        auto& call = calls_[number % calls_.size()];
        if (number % 4 == 1)
            loop_.pbx().answer(call);
        else
            renew(call);
    }

    void renew(std::string& call) {
        loop_.pbx().hang_up(call);
        call = loop_.pbx().ring(1 + static_cast<int>(renewed_++ % static_cast<unsigned>(count_)));
    }

    // Everybody knows exactly the calls that there are at the own telephone, and which are
    // answered.
    bool is_right() {
        const auto& calls = loop_.pbx().calls();
        std::size_t known = 0;
        for (const auto& client : loop_.clients())
            for (const auto& [call, event] : client->calls()) {
                const auto found = calls.find(call);
                if (found == calls.end() || found->second.number != client->number() ||
                    found->second.is_up != (event != "Ringing"))
                    return false;
                ++known;
            }
        return known == calls.size();
    }

    WireLoop& loop_;
    std::uint16_t port_;
    bool tls_;
    int count_;
    int timer_ =
        check(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create");
    std::vector<std::string> calls_;
    std::size_t next_ = 0;
    unsigned renewed_ = 0;
    unsigned losses_ = 0;
};

} // namespace astcti::bench
