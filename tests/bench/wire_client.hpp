// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/wire_socket.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace astcti::bench {

// The settings of all TLS clients: the server may be anybody.
ssl_ctx_st* client_tls();

// A small client of the native dialect (PROTOCOL.md) in a loop of many: logs in by password, then
// by token, and knows which calls there are. The loop is told of lines by what ready() returns.
class WireClient {
public:
    enum class State { closed, connected, greeted, logged_in };

    // `number` is that of its account, userNUMBER.
    WireClient(int epoll, int number) : epoll_(epoll), number_(number) {}
    WireClient(const WireClient&) = delete;
    ~WireClient() { close(); }

    // To a bare server, which greets and says nothing more, it only connects.
    void connect(std::uint16_t port, ssl_ctx_st* tls, bool bare = false);
    void close();

    // Something has come. Calls `told(*this, line)` for each line that is an event.
    template <typename Told>
    void ready(Told&& told) {
        if (!receive())
            return;
        std::size_t begin = 0;
        for (auto end = in_.find('\n'); end != in_.npos; end = in_.find('\n', begin)) {
            const auto line = std::string_view(in_).substr(begin, end - begin);
            begin = end + 1;
            if (line.starts_with('<')) {
                event(line);
                told(*this, line);
            } else {
                answer(line);
            }
        }
        in_.erase(0, begin);
    }

    // In clear: the socket is not read any more, or is again.
    void stop_reading();

    int number() const noexcept { return number_; }
    State state() const noexcept { return state_; }
    // By their ids, with the last event of each.
    using Calls = std::map<std::string, std::string>;
    const Calls& calls() const noexcept { return calls_; }
    // What snapshots told of the calls of before.
    struct News {
        unsigned ended = 0;
        unsigned begun = 0;
        unsigned changed = 0;
    };
    const News& news() const noexcept { return news_; }
    unsigned gaps() const noexcept { return gaps_; }       // sequence numbers that were not next
    unsigned doubled() const noexcept { return doubled_; } // calls that began when they were there

private:
    bool receive();
    void come_back();
    void send(std::string_view text);
    void answer(std::string_view line);
    void event(std::string_view line);
    void compare();

    struct Free {
        void operator()(ssl_st* tls) const noexcept;
    };

    int epoll_;
    int number_;
    int fd_ = -1;
    bool bare_ = false;
    std::unique_ptr<ssl_st, Free> tls_;
    State state_ = State::closed;
    std::string in_;
    std::string token_;
    bool has_come_back_ = false; // by the token, on this connection
    Calls calls_;
    Calls before_; // the snapshot that is coming
    News news_;
    unsigned long seq_ = 0;
    unsigned gaps_ = 0;
    unsigned doubled_ = 0;
};

} // namespace astcti::bench
