// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/unique_fd.hpp"
#include "daemon/event/io_source.hpp"
#include "daemon/event/timer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace astcti::control {

using RequestId = std::uint64_t;

// How long one request may take.
struct Deadlines {
    std::chrono::milliseconds request = std::chrono::seconds(3); // to come whole
    std::chrono::milliseconds answer = std::chrono::seconds(30); // to be made and read
};

class Connection;

class ConnectionHandler {
public:
    virtual void requested(Connection&, std::string_view line) = 0;
    virtual void closed(Connection&) = 0;

protected:
    ~ConnectionHandler() = default; // never owned through the interface
};

// One line comes in, one answer goes out, and that is it. Nobody waits for a peer that does not
// read: what it has not taken stays here until the deadline.
class Connection {
public:
    static constexpr std::size_t max_line = 256;
    static constexpr std::size_t max_write = 1048576; // in one turn; then others get theirs

    Connection(event::Loop& loop, base::UniqueFd fd, RequestId id, Deadlines deadlines,
               ConnectionHandler& handler);
    Connection(const Connection&) = delete; // the loop holds our address

    RequestId id() const noexcept { return id_; }
    bool is_closed() const noexcept { return state_ == State::closed; }

    // Once; closes when both have been sent.
    void answer(std::string head, std::string body = {});

private:
    enum class State { reading, waiting, writing, closed };

    void ready(std::uint32_t events);
    void read();
    void write();
    std::string_view unsent() const noexcept;
    void close();

    RequestId id_;
    Deadlines deadlines_;
    ConnectionHandler& handler_;
    base::UniqueFd fd_;
    event::IoSource source_;
    event::Timer deadline_;
    State state_ = State::reading;
    std::string line_;
    std::string head_;
    std::string body_;
    std::size_t sent_ = 0; // of both
};

} // namespace astcti::control
