// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>

namespace astcti::clients {

Connection::Connection(event::Loop& loop, base::UniqueFd fd, Session session,
                       ConnectionHandler& handler)
    : session_(std::move(session)), handler_(handler), fd_(std::move(fd)),
      source_(loop, fd_.get(), EPOLLIN, [this](std::uint32_t events) { ready(events); }),
      loop_(loop), deadline_(loop, [this] { close("no login in time"); }),
      lines_(session_.max_line()) {
    run_deadline();
}

std::string Connection::label() const {
    return session_.is_logged_in() ? fmt::format("client {} ({})", id(), session_.entry().user)
                                   : fmt::format("client {}", id());
}

void Connection::start() {
    perform(session_.begin());
}

void Connection::ready(std::uint32_t events) {
    if (closed_)
        return;
    if (events & EPOLLOUT)
        flush();
    if (!closed_ && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
        readable();
    watch();
}

void Connection::readable() {
    std::array<char, max_read> bytes; // NOLINT: filled by recv()
    const auto count = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count < 0) {
        close(std::generic_category().message(errno));
        return;
    }
    if (count == 0) {
        close("the client left");
        return;
    }
    lines_.feed({bytes.data(), static_cast<std::size_t>(count)});
    handle_lines();
}

// One line after the other; stops while a login is being checked, so that answers come in
// the order of the commands.
void Connection::handle_lines() {
    if (handling_)
        return;
    handling_ = true;
    while (!closed_ && !session_.is_waiting()) {
        std::string_view line;
        const auto status = lines_.next(line);
        if (status == protocol::LineBuffer::Status::need_more)
            break;
        perform(status == protocol::LineBuffer::Status::line ? session_.received(line)
                                                             : session_.received_too_long());
    }
    handling_ = false;
    watch();
}

void Connection::perform(Session::Step step) {
    send(step.send);
    lines_.set_max_line(session_.max_line());
    run_deadline();
    if (step.request && !closed_)
        handler_.requested(*this, std::move(*step.request));
    if (step.close)
        close("done");
    else if (!closed_)
        handle_lines();
}

void Connection::run_deadline() {
    const bool runs = !closed_ && !session_.is_logged_in() && !session_.is_waiting();
    if (runs == deadline_runs_)
        return;
    deadline_runs_ = runs;
    if (runs) {
        ran_from_ = loop_.now();
        deadline_.start(left_);
    } else {
        deadline_.stop();
        left_ -= std::min(left_, std::chrono::microseconds(loop_.now() - ran_from_));
    }
}

void Connection::send(std::string_view bytes) {
    if (closed_ || bytes.empty())
        return;
    unsent_ += bytes;
    flush();
    if (unsent_.size() > max_output_queue)
        close("it does not read what it is sent");
    else
        watch();
}

void Connection::flush() {
    while (!unsent_.empty()) {
        const auto count = ::send(fd_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            return;
        if (count < 0) {
            close(std::generic_category().message(errno));
            return;
        }
        unsent_.erase(0, static_cast<std::size_t>(count));
    }
}

// A client whose login is being checked is not read: what it sends waits in its socket.
void Connection::watch() {
    if (closed_)
        return;
    std::uint32_t events = 0;
    if (!session_.is_waiting())
        events |= EPOLLIN;
    if (!unsent_.empty())
        events |= EPOLLOUT;
    source_.set_events(events);
}

void Connection::close(std::string_view why) {
    if (closed_)
        return;
    closed_ = true;
    deadline_.stop();
    source_.stop();
    ::shutdown(fd_.get(), SHUT_RDWR);
    handler_.closed(*this, why);
}

} // namespace astcti::clients
