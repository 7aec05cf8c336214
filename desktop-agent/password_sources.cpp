// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/password_sources.hpp"

#include "desktop-agent/password.hpp"
#include "desktop-agent/settings.hpp"

namespace astcti {

void PasswordFile::ask(std::function<void(Answer)> answer) {
    Answer found = link::NoPassword();
    try {
        found = read_password_file(path_);
    } catch (const ConfigurationError& error) {
        found = link::NoPassword{error.what()};
    }
    answer(std::move(found));
}

void TypedPassword::ask(std::function<void(Answer)> answer) {
    answer(link::Secret(std::string(password_.view())));
}

} // namespace astcti
