// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/demo/script.hpp"
#include "desktop-agent/link/server_link.hpp"
#include "desktop-agent/loop/timer.hpp"

#include <cstddef>
#include <vector>

namespace astcti::demo {

// Stands in the place of a server: plays the calls of the script, round after round.
class DemoLink {
public:
    explicit DemoLink(link::LinkHandler& handler) : handler_(handler) {}
    DemoLink(const DemoLink&) = delete;
    DemoLink& operator=(const DemoLink&) = delete;

    void start();
    void stop() noexcept { next_.stop(); }

private:
    void open();
    void play();
    void wait();

    link::LinkHandler& handler_;
    unsigned int round_ = 0;
    std::vector<Step> steps_;
    std::size_t at_ = 0;
    loop::Timer next_;
};

} // namespace astcti::demo
