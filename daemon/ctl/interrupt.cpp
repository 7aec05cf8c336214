// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/interrupt.hpp"

namespace astcti::ctl {
namespace {

volatile std::sig_atomic_t signalled = 0;

void on_signal(int) {
    signalled = 1;
}

} // namespace

Interrupt::Interrupt() {
    signalled = 0;
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
    for (std::size_t i = 0; i < signals.size(); ++i) {
        ::sigaction(signals[i], nullptr, &before_[i]);
        if (before_[i].sa_handler != SIG_IGN)
            ::sigaction(signals[i], &action, nullptr);
    }
}

Interrupt::~Interrupt() {
    for (std::size_t i = 0; i < signals.size(); ++i)
        ::sigaction(signals[i], &before_[i], nullptr);
}

bool Interrupt::came() const noexcept {
    return signalled != 0;
}

} // namespace astcti::ctl
