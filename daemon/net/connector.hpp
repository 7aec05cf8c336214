// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/unique_fd.hpp"
#include "daemon/event/io_source.hpp"
#include "daemon/event/timer.hpp"
#include "daemon/net/address.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace astcti::net {

// Connects to the first of some addresses that answers, one after the other, without
// blocking.
class Connector {
public:
    // A connected, non-blocking socket; or none, and why the last address failed.
    using Finished = std::function<void(base::UniqueFd fd, const std::string& why)>;

    static constexpr auto deadline = std::chrono::seconds(5); // for each address

    Connector(event::Loop& loop, Finished finished);

    // Begins; what was going on is given up. `finished` is never called from here, but from
    // the loop. Not to be called from `finished`.
    void connect(std::vector<Address> addresses);
    void cancel() noexcept;

private:
    void expired();
    void try_next();
    void failed(int error);
    void writable();

    event::Loop& loop_;
    Finished finished_;
    event::Timer timer_;
    std::vector<Address> addresses_; // those not tried yet, the next one last
    std::string where_;
    std::string why_;
    base::UniqueFd fd_;
    std::optional<event::IoSource> source_;
};

} // namespace astcti::net
