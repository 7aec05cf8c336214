// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/stream.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <system_error>

namespace astcti::net {
namespace {

Moved moved(ssize_t count) {
    if (count >= 0)
        return {Moved::How::some, static_cast<std::size_t>(count)};
    if (errno == EAGAIN || errno == EINTR)
        return {Moved::How::none};
    return {Moved::How::failed, 0, std::generic_category().message(errno)};
}

} // namespace

Moved PlainStream::read(std::span<char> into) {
    const auto count = ::recv(fd_.get(), into.data(), into.size(), 0);
    return count == 0 ? Moved{Moved::How::closed} : moved(count);
}

Moved PlainStream::write(std::string_view bytes) {
    return moved(::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

void PlainStream::end() noexcept {
    ::shutdown(fd_.get(), SHUT_RDWR);
}

} // namespace astcti::net
