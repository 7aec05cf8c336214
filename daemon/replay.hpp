// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/call_table.hpp"
#include "daemon/clients/session_table.hpp"
#include "daemon/routing/router.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace astcti {

struct ReplayOptions {
    std::string pbx = "pbx1";
    std::vector<std::string> variables; // to keep besides calldata
    bool least_rights = false;          // as a manager user with read=call,agent,user is told
    bool with_ids = false;
    protocol::NumberRules numbers;
};

// What people would have been told of a recorded AMI connection (astctid --replay). A banner
// in the middle is a new connection, an "Event: EndOfScript" the end of one of several
// recordings: "---", and everything begins anew.
class Replay {
public:
    // What is being told of what there is.
    enum class List { none, other, channels };

    explicit Replay(ReplayOptions options);

    // In the order in which they are to be told. `devices`: the extension, then further ones.
    void add_account(const std::string& user, const std::vector<std::string>& devices);

    // A line for each event:
    //   anna 1 Ringing inbound 202 "Demo 202" called 100 context astctidemo calldata 12345
    // with the number of the account's call. Appends to `out`. Returns how many packets could not
    // be read.
    std::size_t run(std::string_view recording, std::string& out);

    // Legs and calls that are left: none, where the recording goes on until all is quiet.
    std::size_t size() const noexcept { return table_->legs().size() + router_->size(); }

private:
    void begin();
    std::size_t connection(std::string_view bytes, std::string& out);
    void received(const ami::Packet& packet, std::string& out);
    bool may_be_read(const ami::Packet& packet) const;
    void tell(const std::vector<routing::Delivery>& deliveries, std::string& out);

    ReplayOptions options_;
    clients::SessionTable sessions_;
    std::set<std::string> devices_;
    std::unique_ptr<routing::Router> router_;
    std::unique_ptr<calls::CallTable> table_;
    std::map<std::string, std::map<std::string, std::size_t>> numbers_; // of calls, by account
    calls::Clock now_ = 0;
    List list_ = List::none;
};

} // namespace astcti
