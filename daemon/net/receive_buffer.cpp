// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/receive_buffer.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/socket.h>

namespace astcti::net {
namespace {

std::size_t last_number(std::string_view text) noexcept {
    constexpr std::string_view digits = "0123456789";
    const auto end = text.find_last_of(digits) + 1; // 0 if there is none
    text = text.substr(0, end);
    text.remove_prefix(text.find_last_not_of(digits) + 1);
    std::size_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string content(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

bool enlarges(std::size_t wanted, std::string_view rmem_max, std::string_view tcp_rmem) noexcept {
    const auto grows_to = last_number(tcp_rmem);
    return grows_to > 0 && 2 * std::min(wanted, last_number(rmem_max)) > grows_to;
}

void set_receive_buffer(int fd, std::size_t wanted) {
    const auto size = static_cast<int>(wanted);
    if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) == 0)
        return;
    if (enlarges(wanted, content("/proc/sys/net/core/rmem_max"),
                 content("/proc/sys/net/ipv4/tcp_rmem")))
        ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

} // namespace astcti::net
