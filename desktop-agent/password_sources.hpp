// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/link/password_source.hpp"

#include <string>

namespace astcti {

// Reads the file each time, as it may have changed.
class PasswordFile final : public link::PasswordSource {
public:
    explicit PasswordFile(std::string path) : path_(std::move(path)) {}
    void ask(std::function<void(Answer)> answer) override;

private:
    std::string path_;
};

// What the person typed, kept for the session.
class TypedPassword final : public link::PasswordSource {
public:
    explicit TypedPassword(link::Secret password) : password_(std::move(password)) {}
    void ask(std::function<void(Answer)> answer) override;

private:
    link::Secret password_;
};

} // namespace astcti
