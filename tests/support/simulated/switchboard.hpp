// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/reception.hpp"
#include "tests/support/simulated/world.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace astcti::simulated {

// What is true of the calls, and who tells the clients of it, in the place of Asterisk, calls and
// routing: each event of a telephone has a number of its own, so that a client sees what it missed.
class Switchboard final : public ReceptionHandler {
public:
    struct Telephone {
        std::string owner; // an account, or "desk"
        std::uint64_t serial = 0;
        std::map<std::string, std::uint64_t> calls; // by id; the number of its last event
    };

    // `life` is another one after each start.
    void serve(Reception& reception, unsigned life);
    void add(const std::string& device, const std::string& owner) {
        telephones_[device].owner = owner;
    }

    // Something happens to a call there. `is_big`: it takes kilobytes to tell.
    void change(const std::string& device, bool is_big);

    const std::map<std::string, Telephone>& telephones() const noexcept { return telephones_; }

    std::uint64_t events = 0; // told to somebody
    std::uint64_t dialled = 0;

private:
    void originate(clients::Connection& connection,
                   const clients::OriginateRequest& request) override;
    void send_snapshot(clients::Connection& connection) override;
    void send_rules(clients::Connection& connection) override;
    void admitted(const accounts::Account&) override {}
    void sessions_changed() override;

    static bool hears(const clients::LoggedIn& session, std::string_view device);

    Reception* reception_ = nullptr;
    std::string epoch_;
    std::map<std::string, Telephone> telephones_;
    std::map<std::string, std::pair<Time, unsigned>> dials_; // since when, how many
    std::uint64_t last_call_ = 0;
};

} // namespace astcti::simulated
