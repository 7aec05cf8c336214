// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/unique_fd.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::ctl {

// The terminal of the person at the keyboard, wherever standard input and output go.
class Terminal {
public:
    // Throws std::runtime_error if there is none.
    Terminal();

    // One line without its end, not shown while it is typed; of a longer one no more than
    // `max_size` bytes and one. A signal that ends the program ends it here, with the terminal as
    // it was before. Throws std::runtime_error at the end of input.
    std::string ask(std::string_view question, std::size_t max_size);

private:
    void write(std::string_view text) const;

    base::UniqueFd fd_;
};

} // namespace astcti::ctl
