// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/server.hpp"

namespace astcti::simulated {
namespace {

config::CtiServer make_config() {
    config::CtiServer config;
    config.networks.push_back({Server::network, true});
    config.local_users.same_name = true;
    return config;
}

net::ListeningSocket listening(int fd, std::optional<net::Address> address) {
    return {base::UniqueFd(fd), address.value_or(net::Address{}), false};
}

std::optional<net::Address> local_address() {
    net::Address address;
    address.storage.ss_family = AF_UNIX;
    address.length = sizeof(sa_family_t);
    return address;
}

} // namespace

Server::Server(ReceptionHandler& handler)
    : workers_(loop_, 1), logins_(loop_, [] { return std::unique_ptr<accounts::Store>(); }, {}),
      tokens_(loop_, workers_, "", ""), config_(make_config()), policy_{{{"demo", "_2XX"}}},
      reception_(loop_, workers_, logins_, tokens_, config_, policy_, handler),
      local_(World::the().listen()), plain_(World::the().listen()) {
    reception_.listen(listening(local_, local_address()), Reception::Door::local);
    reception_.listen(listening(plain_, net::ip_address("127.0.0.1", 8999)),
                      Reception::Door::plain);
}

int Server::connect(Door door, const std::string& address, std::size_t room, uid_t uid) {
    auto& world = World::the();
    if (door == Door::local)
        return world.connect(local_, *local_address(), room, uid);
    return world.connect(plain_, net::ip_address(address, 40000).value(), room);
}

} // namespace astcti::simulated
