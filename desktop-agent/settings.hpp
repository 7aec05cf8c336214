// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/bus/call_properties.hpp"
#include "desktop-agent/link/password_source.hpp"
#include "desktop-agent/link/server_address.hpp"
#include "desktop-agent/link/trust.hpp"
#include "desktop-agent/options.hpp"
#include "desktop-agent/rules_files.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace astcti {

// A sentence for the person; the agent exits with 78.
class ConfigurationError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What the agent runs with: the options, else GSettings (org.astcti.Agent), else the defaults.
struct Settings {
    link::ServerAddress server;
    link::Trust trust;
    std::string user;
    std::unique_ptr<link::PasswordSource> passwords; // none: the system tells who it is
    bool password_was_typed = false;
    RulesPaths rules;
    // The https hosts whose pages rules of the server may open, besides those of the
    // administrator's file of rules.
    std::vector<std::string> server_hosts;
    bool is_demo = false; // no server: calls are made up
    bool popups_muted = false;
    bus::Sharing sharing;
};

// May ask for the password on the terminal. Throws ConfigurationError.
Settings load_settings(const Options& options);

// `astcti-agent --keep-password`: asks for the password and puts it into the keyring. Throws
// ConfigurationError, or std::runtime_error if there is no keyring.
void keep_password(const Options& options);

// For the next start; does nothing where the schema is not installed or the key is locked.
void keep_popups_muted(bool muted);

} // namespace astcti
