// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <csignal>

namespace astcti::ctl {

// While there is one, the first Ctrl-C (or SIGTERM) does not end the program: whoever does
// something long asks whether it came, between two steps. The second one ends it.
class Interrupt {
public:
    Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    ~Interrupt();

    bool came() const noexcept;

private:
    static constexpr std::array<int, 2> signals{SIGINT, SIGTERM};

    std::array<struct sigaction, signals.size()> before_{};
};

} // namespace astcti::ctl
