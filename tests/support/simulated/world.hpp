// SPDX-License-Identifier: GPL-3.0-or-later
// The world around the server's own code: a clock, an event loop and sockets that are plain data,
// so that one seed makes one course of events. They take the place of libsystemd's sd-event
// (event.cpp), of the system's calls for sockets (sockets.cpp, epoll.cpp), and of threads, accounts
// and the disk (services.cpp), by being linked before them: what is tested is the product, from the
// listener's accept4() on.
#pragma once

#include "daemon/net/address.hpp"
#include "tests/support/simulated/random.hpp"
#include "tests/support/simulated/serving.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <new>
#include <string>
#include <sys/epoll.h>
#include <sys/types.h>
#include <vector>

struct sd_event;

namespace astcti::simulated {

using Time = std::uint64_t; // µs

inline constexpr Time millisecond = 1000;
inline constexpr Time second = 1000 * millisecond;

// Both ends of a connection, or a socket that listens.
struct Socket {
    net::Address peer;
    uid_t uid = 0;              // of a Unix socket's other end
    std::size_t room = 0;       // bytes that the system holds for a client that does not read
    std::string to_server = {}; // not read yet
    std::string to_client = {}; // not read yet
    bool ended = false;         // by the client, in order
    bool is_reset = false;      // by the client, or by the network
    bool is_over = false;       // the server sends no more, and reads no more
    bool is_closed = false;     // it has given the descriptor back
    bool listens = false;
    std::deque<int> waiting = {}; // to be accepted
    bool is_epoll = false;        // none at all, then
    std::map<int, epoll_event> watched = {};
};

class World {
public:
    // Far from any descriptor of the process.
    static constexpr int first_fd = 1 << 28;

    explicit World(std::uint64_t seed);
    ~World();
    World(const World&) = delete;

    // The one that there is.
    static World& the();

    Random random;

    Time now() const noexcept { return now_; }
    // Of a clock of the wall.
    std::uint64_t real_time() const noexcept;

    // Everything that is to be done now, in any order that the loop may choose.
    void settle();
    // The same, until so much time has gone by.
    void pass(Time time);

    // For people who look at one course of events.
    bool traces = false;
    template <typename Text>
    void trace(Text text) const {
        if (traces)
            std::puts(text().c_str());
    }

    // What the server does, and the loop it is called from: see barrier().
    template <typename Work>
    void serve(Work&& work) {
        const Working server(true);
        try {
            work();
        } catch (const std::bad_alloc&) {
            server_ended();
        }
    }
    // An exception came out of a handler: wrong unless there may be no memory.
    void server_ended();
    bool may_be_short_of_memory = false;
    bool has_failed = false; // the server, and does nothing more

    // The first thing that is not as it should be; empty: all is well.
    const std::string& broken() const noexcept { return broken_; }
    void breaks(const std::string& what);

    int listen();
    int make_epoll();
    int connect(int listener, const net::Address& peer, std::size_t room, uid_t uid = 0);
    // Null: a descriptor of the process.
    Socket* socket(int fd) noexcept;
    std::size_t open_sockets() const noexcept; // as the server has them

    // Runs it later, unless its owner's jobs are dropped before.
    void later(const void* owner, Time after, std::function<void()> job);
    void drop_jobs(const void* owner);
    std::size_t jobs_of(const void* owner) const noexcept;

    void set_loop(sd_event* loop) noexcept { loop_ = loop; }

private:
    struct Job {
        Time due;
        const void* owner;
        std::function<void()> run;
    };

    bool run_job();
    Time next_time() const;

    Time now_ = second;
    std::string broken_;
    sd_event* loop_ = nullptr;
    std::deque<Socket> sockets_;
    std::vector<Job> jobs_;
};

// Of epoll.cpp: as epoll says it, and what that would say.
std::uint32_t events_of(const Socket& socket);
std::vector<epoll_event> ready_of(const Socket& epoll);

// Of event.cpp: one handler that is ready, in the order of priorities. False: there is none.
bool dispatch_one(sd_event& loop, World& world);
// When its next timer ends.
Time next_timer(const sd_event& loop);

inline constexpr Time never = ~Time{0};

} // namespace astcti::simulated
