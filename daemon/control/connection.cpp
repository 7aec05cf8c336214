// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/connection.hpp"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace astcti::control {

Connection::Connection(event::Loop& loop, base::UniqueFd fd, RequestId id, Deadlines deadlines,
                       ConnectionHandler& handler)
    : id_(id), deadlines_(deadlines), handler_(handler), fd_(std::move(fd)),
      source_(loop, fd_.get(), EPOLLIN, [this](std::uint32_t events) { ready(events); }),
      deadline_(loop, [this] { close(); }) {
    deadline_.start(deadlines_.request);
}

void Connection::ready(std::uint32_t events) {
    if (state_ == State::reading)
        read();
    else if (state_ == State::writing && events & EPOLLOUT)
        write();
    else if (events & (EPOLLHUP | EPOLLERR))
        close();
}

void Connection::read() {
    std::array<char, max_line> bytes; // NOLINT: filled by recv()
    const auto count = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        close();
        return;
    }
    line_.append(bytes.data(), static_cast<std::size_t>(count));
    const auto end = line_.find('\n');
    if (end == line_.npos && line_.size() <= max_line)
        return;
    state_ = State::waiting;
    source_.set_events(0);
    deadline_.start(deadlines_.answer);
    if (end == line_.npos || end > max_line)
        answer("ERROR the request is too long\n");
    else
        handler_.requested(*this, std::string_view(line_).substr(0, end));
}

void Connection::answer(std::string head, std::string body) {
    if (state_ != State::waiting)
        return;
    state_ = State::writing;
    head_ = std::move(head);
    body_ = std::move(body);
    write();
}

std::string_view Connection::unsent() const noexcept {
    return sent_ < head_.size() ? std::string_view(head_).substr(sent_)
                                : std::string_view(body_).substr(sent_ - head_.size());
}

void Connection::write() {
    std::size_t total = 0;
    for (auto bytes = unsent(); !bytes.empty(); bytes = unsent()) {
        if (total >= max_write) {
            source_.set_events(EPOLLOUT);
            return;
        }
        const auto count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN) {
            source_.set_events(EPOLLOUT);
            return;
        }
        if (count < 0)
            break;
        sent_ += static_cast<std::size_t>(count);
        total += static_cast<std::size_t>(count);
    }
    close();
}

// What the peer has not read yet stays in its socket for it.
void Connection::close() {
    if (is_closed())
        return;
    state_ = State::closed;
    deadline_.stop();
    source_.stop();
    ::shutdown(fd_.get(), SHUT_RDWR);
    body_ = {};
    handler_.closed(*this);
}

} // namespace astcti::control
