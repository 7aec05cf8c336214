// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/link/password_source.hpp"

#include <giomm/cancellable.h>
#include <optional>
#include <string>

namespace astcti {

// The password that the session's keyring (org.freedesktop.secrets) has for an account at a
// server, under the schema org.astcti.Agent. It is looked up each time, and kept nowhere else.
class SecretService final : public link::PasswordSource {
public:
    SecretService(std::string server, std::string user);
    ~SecretService() override;
    SecretService(const SecretService&) = delete;
    SecretService& operator=(const SecretService&) = delete;

    void ask(std::function<void(Answer)> answer) override;

    // The same, waiting for it; nothing if it has none. Only before the main loop runs.
    bool has_password() const;

    // Throws std::runtime_error if there is no keyring that takes it.
    void keep(const link::Secret& password) const;

private:
    std::string server_;
    std::string user_;
    Glib::RefPtr<Gio::Cancellable> cancellable_;
};

} // namespace astcti
