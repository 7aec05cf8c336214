// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/terminal.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <termios.h>
#include <unistd.h>

namespace astcti::ctl {
namespace {

volatile std::sig_atomic_t caught = 0;

void on_signal(int number) {
    caught = number;
}

// Holds back the signals that would end the program, and notes them where wait_for_input() lets
// them through. A stop (Ctrl-Z) is not taken meanwhile: the shell would get a terminal without
// echo.
class SignalGuard {
public:
    SignalGuard() {
        caught = 0;
        sigset_t held;
        ::sigemptyset(&held);
        for (const int number : ending)
            ::sigaddset(&held, number);
        ::sigprocmask(SIG_BLOCK, &held, &old_mask_);

        struct sigaction action {};
        action.sa_handler = on_signal;
        for (std::size_t i = 0; i < ending.size(); ++i) {
            ::sigaction(ending[i], nullptr, &old_[i]);
            if (old_[i].sa_handler != SIG_IGN)
                ::sigaction(ending[i], &action, nullptr);
        }
        action.sa_handler = SIG_IGN;
        ::sigaction(SIGTSTP, &action, &old_stop_);
    }
    SignalGuard(const SignalGuard&) = delete;
    SignalGuard& operator=(const SignalGuard&) = delete;
    ~SignalGuard() {
        for (std::size_t i = 0; i < ending.size(); ++i)
            ::sigaction(ending[i], &old_[i], nullptr);
        ::sigaction(SIGTSTP, &old_stop_, nullptr);
        ::sigprocmask(SIG_SETMASK, &old_mask_, nullptr);
    }

    // False if a signal came.
    bool wait_for_input(int fd) const {
        pollfd poll{.fd = fd, .events = POLLIN, .revents = 0};
        while (caught == 0) {
            const int ready = ::ppoll(&poll, 1, nullptr, &old_mask_);
            if (ready >= 0 || errno != EINTR)
                return true;
        }
        return false;
    }

private:
    static constexpr std::array<int, 4> ending{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

    std::array<struct sigaction, ending.size()> old_{};
    struct sigaction old_stop_ {};
    sigset_t old_mask_{};
};

class EchoOff {
public:
    explicit EchoOff(int fd) : fd_(fd), changed_(::tcgetattr(fd, &old_) == 0) {
        auto silent = old_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
        if (!changed_ || ::tcsetattr(fd, TCSAFLUSH, &silent) != 0)
            throw std::runtime_error("the terminal cannot be kept from showing a password");
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;
    ~EchoOff() { ::tcsetattr(fd_, TCSAFLUSH, &old_); }

private:
    int fd_;
    termios old_{};
    bool changed_;
};

enum class End { line, input, signal };

End read_line(const SignalGuard& signals, int fd, std::string& line, std::size_t max_size) {
    while (signals.wait_for_input(fd)) {
        char c = 0;
        if (::read(fd, &c, 1) != 1)
            return End::input;
        if (c == '\n')
            return End::line;
        if (line.size() <= max_size)
            line += c;
    }
    return End::signal;
}

} // namespace

Terminal::Terminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (!fd_)
        throw std::runtime_error("there is no terminal to ask for a password; write it into a "
                                 "file for --password-fd, as in: --password-fd 3 3<FILE");
}

std::string Terminal::ask(std::string_view question, std::size_t max_size) {
    std::string line;
    auto end = End::line;
    {
        const SignalGuard signals;
        {
            const EchoOff silent(fd_.get());
            write(question);
            end = read_line(signals, fd_.get(), line, max_size);
        }
        write("\n");
    }
    if (end == End::signal)
        ::raise(caught);
    if (end != End::line)
        throw std::runtime_error("no password was typed");
    return line;
}

void Terminal::write(std::string_view text) const {
    while (!text.empty()) {
        const auto size = ::write(fd_.get(), text.data(), text.size());
        if (size <= 0)
            return;
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

} // namespace astcti::ctl
