// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/link/secret.hpp"

#include <functional>
#include <string>
#include <variant>

namespace astcti::link {

// There is no password: a sentence for the person, that says what to do.
struct NoPassword {
    std::string why;
};

// Knows a person's password, and is asked for it each time that the server wants one: so
// nobody else keeps it.
class PasswordSource {
public:
    using Answer = std::variant<Secret, NoPassword>;

    virtual ~PasswordSource() = default;

    // `answer` is called once: at once, or from the main loop as long as this object lives.
    virtual void ask(std::function<void(Answer)> answer) = 0;
};

} // namespace astcti::link
