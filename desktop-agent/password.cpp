// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/password.hpp"

#include "desktop-agent/settings.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

namespace astcti {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int) {
    interrupted = 1;
}

// Shows nothing of what is typed while it lives. Ctrl-C ends the program, but not before
// the terminal is as it was.
class NoEcho {
public:
    NoEcho() {
        struct sigaction action {};
        action.sa_handler = on_interrupt; // without SA_RESTART: it ends the reading
        sigaction(SIGINT, &action, &action_before_);
        is_terminal_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        if (!is_terminal_)
            return;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~NoEcho() {
        if (is_terminal_)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        sigaction(SIGINT, &action_before_, nullptr);
        if (interrupted != 0)
            raise(SIGINT);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
    struct sigaction action_before_ {};
    termios before_{};
    bool is_terminal_ = false;
};

} // namespace

link::Secret read_password_file(const std::string& path) {
    struct stat status {};
    std::ifstream file(path);
    if (stat(path.c_str(), &status) != 0 || !file)
        throw ConfigurationError(
            fmt::format("the password file {} cannot be read: {}", path, std::strerror(errno)));
    if ((status.st_mode & S_IRWXO) != 0)
        throw ConfigurationError(
            fmt::format("everyone may read the password file {}: run chmod 600 on it", path));
    std::string line;
    std::getline(file, line);
    if (line.ends_with('\r'))
        line.pop_back();
    if (line.empty())
        throw ConfigurationError(fmt::format(
            "the password file {} is empty: write the password in its first line", path));
    return link::Secret(std::move(line));
}

link::Secret ask_password(const std::string& user) {
    std::cerr << "Password of " << user << ": " << std::flush;
    std::string line;
    {
        const NoEcho no_echo;
        std::getline(std::cin, line);
    }
    std::cerr << '\n';
    if (line.empty())
        throw ConfigurationError("no password was typed");
    return link::Secret(std::move(line));
}

} // namespace astcti
