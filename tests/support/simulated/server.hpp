// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/reception.hpp"
#include "tests/support/simulated/world.hpp"

#include <optional>
#include <string>

namespace astcti::simulated {

// One life of the server: the product's reception, with all that is behind it, at three doors.
class Server {
public:
    // Of a simulated network 10.9.0.0/16 nobody listens on the way, and many people are in it.
    static inline const std::string network = "10.9.0.0/16";

    explicit Server(ReceptionHandler& handler);
    // As if killed, unless say_goodbye() was called.
    ~Server() = default;
    Server(const Server&) = delete;

    Reception& reception() noexcept { return reception_; }

    enum class Door { local, plain };
    // The client's end, a descriptor of World. `uid` is of Door::local.
    int connect(Door door, const std::string& address, std::size_t room, uid_t uid = 0);

private:
    event::Loop loop_;
    event::WorkerPool workers_;
    Logins logins_;
    Tokens tokens_;
    config::CtiServer config_;
    clients::DialPolicy policy_;
    Reception reception_;
    int local_;
    int plain_;
};

} // namespace astcti::simulated
