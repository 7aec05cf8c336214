// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/server.hpp"

#include "daemon/base/log.hpp"
#include "daemon/net/peer_uid.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace astcti::control {
namespace {

using base::log;
using base::LogLevel;

net::ListeningSocket open(const std::string& path) {
    const auto address = net::unix_address(path);
    if (!address)
        throw std::system_error(ENAMETOOLONG, std::generic_category(), "cannot listen on " + path);
    auto listener = net::open_listener(*address);
    // Who is refused anyway need not get in; accepted() has the last word.
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) < 0)
        throw std::system_error(errno, std::generic_category(), "cannot close off " + path);
    return listener;
}

// To somebody who is not served: it fits into any socket, and nobody waits.
void turn_away(int fd, std::string_view why) {
    const auto line = fmt::format("ERROR {}\n", why);
    ::send(fd, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

} // namespace

Server::Server(event::Loop& loop, const std::string& path, Handler& handler, Deadlines deadlines)
    : loop_(loop), handler_(handler), deadlines_(deadlines),
      sweeper_(loop,
               [this] {
                   std::erase_if(connections_,
                                 [](const auto& entry) { return entry.second->is_closed(); });
               }),
      listener_(loop, open(path),
                [this](base::UniqueFd fd, const net::Address&) { accepted(std::move(fd)); }) {}

// Whoever may connect to the socket's file, the kernel tells who it is.
void Server::accepted(base::UniqueFd fd) {
    const auto uid = net::peer_uid(fd.get());
    if (!uid || (*uid != 0 && *uid != ::geteuid())) {
        turn_away(
            fd.get(),
            fmt::format("only root and the user of astctid (uid {}) are served here", ::geteuid()));
        log(LogLevel::warning, "control: uid {} was turned away",
            uid ? std::to_string(*uid) : "unknown");
        return;
    }
    if (connections_.size() >= max_connections) {
        turn_away(fd.get(), fmt::format("{} requests are being answered; try again in a minute",
                                        max_connections));
        return;
    }
    const auto id = ++last_id_;
    ConnectionHandler& self = *this;
    connections_.emplace(id,
                         std::make_unique<Connection>(loop_, std::move(fd), id, deadlines_, self));
}

Connection* Server::find(RequestId id) noexcept {
    const auto found = connections_.find(id);
    return found == connections_.end() || found->second->is_closed() ? nullptr
                                                                     : found->second.get();
}

void Server::answer(RequestId id, std::string bytes) {
    auto head = fmt::format("OK {}\n", bytes.size());
    if (auto* connection = find(id))
        connection->answer(std::move(head), std::move(bytes));
}

void Server::refuse(RequestId id, std::string_view sentence) {
    if (auto* connection = find(id))
        connection->answer(fmt::format("ERROR {}\n", sentence));
}

void Server::requested(Connection& connection, std::string_view line) {
    handler_.requested(connection.id(), line);
}

void Server::closed(Connection&) {
    sweeper_.request();
}

} // namespace astcti::control
