// SPDX-License-Identifier: GPL-3.0-or-later
// The least web browser: asks for a page of 127.0.0.1 and waits for the end of the answer.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char* argv[]) {
    constexpr std::string_view begin = "http://127.0.0.1:";
    const std::string_view url = argc == 2 ? argv[1] : "";
    if (!url.starts_with(begin)) {
        std::fprintf(stderr, "usage: agent_opener http://127.0.0.1:PORT/PATH\n");
        return 64;
    }
    const auto rest = url.substr(begin.size());
    const auto slash = std::min(rest.find('/'), rest.size());
    std::uint16_t port = 0;
    std::from_chars(rest.data(), rest.data() + slash, port);

    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    std::memcpy(&generic, &address, sizeof address);
    const int page = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (page < 0 || connect(page, &generic, sizeof generic) != 0) {
        std::perror("agent_opener: the page");
        return 69;
    }
    const auto request = "GET " + std::string(rest.substr(slash)) + " HTTP/1.0\r\n\r\n";
    if (write(page, request.data(), request.size()) != static_cast<ssize_t>(request.size()))
        return 74;
    std::array<char, 4096> answer{};
    while (read(page, answer.data(), answer.size()) > 0) {
    }
    close(page);
    return 0;
}
