// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/administration.hpp"
#include "daemon/ami/client.hpp"
#include "daemon/event/worker_pool.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace astcti {

// Gives the administrator what Asterisk sent lately, as it was: `record [PBX]` on the control
// socket. One recording is put together at a time, in a worker; until it has been, others are
// told to try again.
class Recording {
public:
    Recording(event::WorkerPool& workers, Administration& administration);
    Recording(const Recording&) = delete;

    // What the recording of a PBX is taken from; must outlive this.
    void add(const ami::Client& client) { clients_.push_back(&client); }

private:
    void requested(control::RequestId id, std::string_view pbx);
    const ami::Client* client_for(std::string_view pbx, std::string& why) const;
    void record(control::RequestId id, const ami::Client& client);

    event::WorkerPool& workers_;
    std::vector<const ami::Client*> clients_;
    bool is_busy_ = false;
    Administration& administration_;
};

} // namespace astcti
