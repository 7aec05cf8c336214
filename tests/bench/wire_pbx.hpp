// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/wire_socket.hpp"

#include <map>
#include <string>
#include <string_view>

namespace astcti::bench {

// An Asterisk of calls that ring at PJSIP/NUMBER, which is the telephone of userNUMBER. It answers
// all that astctid asks, and lists the calls that there are.
class WirePbx {
public:
    explicit WirePbx(int epoll) : epoll_(epoll), listener_(listen_on(0)) {
        watch(epoll_, listener_, this);
    }
    WirePbx(const WirePbx&) = delete;
    ~WirePbx();

    std::uint16_t port() const { return port_of(listener_); }
    // How many connections have ended.
    unsigned losses() const noexcept { return losses_; }
    // The first lists were answered.
    bool is_known() const noexcept { return is_known_; }

    // Something has come.
    void ready();

    // A call; its id as astctid makes it. Not connected, it is one that nobody hears of yet.
    std::string ring(int number);
    void answer(const std::string& call);
    void hang_up(const std::string& call);
    // What hold and its end send, of a call.
    static std::string hold(const std::string& call, bool on);
    // Sends what the calls since the last time were.
    void flush();
    void send(std::string_view bytes);

    struct Call {
        int number = 0;
        std::string unique_id;
        bool is_up = false;
    };
    const std::map<std::string, Call>& calls() const noexcept { return calls_; }

private:
    void accept();
    void answer(std::string_view action, std::string_view id);
    void drop();

    int epoll_;
    int listener_;
    int fd_ = -1;
    unsigned losses_ = 0;
    bool is_known_ = false;
    int last_ = 0;
    std::string in_;
    std::string out_;
    std::map<std::string, Call> calls_; // by astctid's id
};

} // namespace astcti::bench
