// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/control_client.hpp"

#include "daemon/base/system_error.hpp"
#include "daemon/base/unique_fd.hpp"
#include "daemon/net/address.hpp"
#include "protocol/utf8.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>

namespace astcti::ctl {
namespace {

constexpr std::size_t max_head = 4096;

base::UniqueFd connect(const std::string& path) {
    const auto address = net::unix_address(path);
    if (!address)
        throw std::runtime_error(path + " is no path of a socket: it has at most 107 bytes");
    base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd)
        base::throw_errno("no socket to ask astctid");
    const timeval timeout{.tv_sec = control_timeout.count(), .tv_usec = 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (::connect(fd.get(), address->get(), address->length) == 0)
        return fd;
    if (errno == ENOENT || errno == ECONNREFUSED)
        throw std::runtime_error(fmt::format(
            "astctid does not run: nobody listens on {}; systemctl status astcti says why", path));
    if (errno == EACCES)
        throw std::runtime_error(fmt::format("you may not ask astctid on {}; do it as root", path));
    base::throw_errno("cannot connect to " + path);
}

// What there is now; empty at the end.
std::string_view receive(int fd, std::array<char, 65536>& buffer) {
    for (;;) {
        const auto count = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (count >= 0)
            return {buffer.data(), static_cast<std::size_t>(count)};
        if (errno == EAGAIN)
            throw std::runtime_error(fmt::format("astctid did not answer within {} s; "
                                                 "systemctl status astcti may say why",
                                                 control_timeout.count()));
        if (errno != EINTR)
            base::throw_errno("astctid's answer cannot be read");
    }
}

std::runtime_error cut_off() {
    return std::runtime_error(
        "astctid ended before its answer did; journalctl -u astcti may say why");
}

// "OK 1234", else throws what is said instead.
std::size_t length_in(std::string_view head) {
    constexpr std::string_view ok = "OK ";
    constexpr std::string_view error = "ERROR ";
    std::size_t length = 0;
    const auto* end = head.data() + head.size();
    if (head.starts_with(ok)) {
        const auto read = std::from_chars(head.data() + ok.size(), end, length);
        if (read.ec == std::errc{} && read.ptr == end && length <= max_control_answer)
            return length;
    }
    if (head.starts_with(error))
        throw std::runtime_error("astctid: " + protocol::cleaned(head.substr(error.size())));
    throw std::runtime_error("whoever listens there is not astctid: it says \"" +
                             protocol::cleaned(head.substr(0, 60)) + "\"");
}

} // namespace

std::string ask_daemon(const std::string& path, const std::string& line) {
    const auto fd = connect(path);
    // Who is not served is told so before having asked, and may find the socket closed.
    const auto request = line + "\n";
    ::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL);

    std::array<char, 65536> buffer; // NOLINT: filled by recv()
    std::string answer;
    while (answer.find('\n') == answer.npos && answer.size() < max_head) {
        const auto bytes = receive(fd.get(), buffer);
        if (bytes.empty())
            throw cut_off();
        answer += bytes;
    }
    const auto end = answer.find('\n');
    const auto length = length_in(std::string_view(answer).substr(0, end));
    answer.erase(0, end + 1);
    while (answer.size() < length) {
        const auto bytes = receive(fd.get(), buffer);
        if (bytes.empty())
            throw cut_off();
        answer += bytes;
    }
    answer.resize(length);
    return answer;
}

} // namespace astcti::ctl
