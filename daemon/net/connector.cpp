// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/connector.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <system_error>

namespace astcti::net {

Connector::Connector(event::Loop& loop, Finished finished)
    : loop_(loop), finished_(std::move(finished)), timer_(loop, [this] { expired(); }) {}

void Connector::connect(std::vector<Address> addresses) {
    cancel();
    why_ = "it has no address";
    addresses_ = std::move(addresses);
    std::reverse(addresses_.begin(), addresses_.end());
    timer_.start({});
}

void Connector::cancel() noexcept {
    timer_.stop();
    source_.reset();
    fd_.reset();
    addresses_.clear();
}

// Either the deadline of an attempt, or the moment between two of them.
void Connector::expired() {
    if (fd_)
        failed(ETIMEDOUT);
    else
        try_next();
}

void Connector::try_next() {
    source_.reset();
    if (addresses_.empty()) {
        finished_({}, why_);
        return;
    }
    const auto address = addresses_.back();
    addresses_.pop_back();
    where_ = address.to_string();

    fd_.reset(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd_ || (::connect(fd_.get(), address.get(), address.length) < 0 && errno != EINPROGRESS)) {
        failed(errno);
        return;
    }
    source_.emplace(loop_, fd_.get(), EPOLLOUT, [this](auto) { writable(); });
    timer_.start(deadline);
}

// May run inside the source's callback, so the source is only stopped; try_next() replaces it.
void Connector::failed(int error) {
    if (source_)
        source_->stop();
    fd_.reset();
    why_ = fmt::format("{}: {}", where_, std::generic_category().message(error));
    timer_.start({});
}

void Connector::writable() {
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
        failed(error);
        return;
    }
    timer_.stop();
    source_->stop();
    addresses_.clear();
    auto fd = std::move(fd_);
    finished_(std::move(fd), {});
}

} // namespace astcti::net
