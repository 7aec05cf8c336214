// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/wire_client.hpp"
#include "tests/bench/wire_pbx.hpp"

#include <array>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <vector>

namespace astcti::bench {

struct Ports {
    std::uint16_t plain = 0;
    std::uint16_t tls = 0;
};

// An Asterisk and people at their desks, around a server that somebody else has started.
class WireLoop {
public:
    using Told = std::function<void(WireClient&, std::string_view)>;

    WirePbx& pbx() noexcept { return pbx_; }
    int epoll() const noexcept { return epoll_; }
    std::vector<std::unique_ptr<WireClient>>& clients() noexcept { return clients_; }
    void set_told(Told told) { told_ = std::move(told); }
    // Whatever else is watched, with itself as its data.
    void on_ready(void* what, std::function<void()> ready) {
        others_.emplace_back(what, std::move(ready));
    }

    void forget(void* what) {
        std::erase_if(others_, [what](const auto& other) { return other.first == what; });
    }

    // Connects userFIRST and so on, so many at a time, until all of them are in that state.
    void connect(int first, int count, std::uint16_t port, bool tls, bool bare = false) {
        for (int number = first; number < first + count; ++number)
            clients_.push_back(std::make_unique<WireClient>(epoll_, number));
        bring_back(port, tls, bare);
    }

    // All that are closed, again and again, until everybody is in.
    void bring_back(std::uint16_t port, bool tls, bool bare = false) {
        constexpr std::size_t at_once = 256;
        const auto wanted = bare ? WireClient::State::greeted : WireClient::State::logged_in;
        std::size_t next = 0;
        until([&] {
            std::size_t on_the_way = 0;
            std::size_t in = 0;
            for (auto& client : clients_) {
                in += client->state() == wanted ? 1U : 0U;
                on_the_way +=
                    client->state() != wanted && client->state() != WireClient::State::closed ? 1U
                                                                                              : 0U;
            }
            for (std::size_t tried = 0; tried < clients_.size() && on_the_way < at_once; ++tried) {
                auto& client = *clients_[next++ % clients_.size()];
                if (client.state() != WireClient::State::closed)
                    continue;
                client.connect(port, tls ? client_tls() : nullptr, bare);
                ++on_the_way;
            }
            return in == clients_.size();
        });
    }

    // One look at what has come.
    void turn(int milliseconds = 100) {
        std::array<epoll_event, 256> events;
        const int count = ::epoll_wait(epoll_, events.data(), events.size(), milliseconds);
        for (int i = 0; i < count; ++i)
            ready(events[static_cast<std::size_t>(i)].data.ptr);
    }

    void until(const std::function<bool()>& done) {
        constexpr Nanoseconds most = 600'000'000'000;
        const auto end = now_ns() + most;
        while (!done()) {
            if (now_ns() > end)
                throw std::runtime_error("it did not happen within 600 s");
            turn();
        }
    }

private:
    void ready(void* what) {
        if (what == &pbx_) {
            pbx_.ready();
            return;
        }
        for (auto& [other, handler] : others_)
            if (other == what) {
                handler();
                return;
            }
        static_cast<WireClient*>(what)->ready(told_);
    }

    int epoll_ = check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    WirePbx pbx_{epoll_};
    std::vector<std::unique_ptr<WireClient>> clients_;
    Told told_ = [](WireClient&, std::string_view) {};
    std::vector<std::pair<void*, std::function<void()>>> others_;
};

} // namespace astcti::bench
