// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/net/tls_server.hpp"

#include <optional>
#include <string>

namespace astcti {

// Where the server's certificate and key come from.
struct IdentityPlace {
    std::string certificate;
    std::string key;
    bool is_own = false; // both are made if they are not there
};

// The files of the configuration; else the credentials astcti.tls.certificate and astcti.tls.key,
// if they are there; else files in the state directory. Throws config::ConfigError.
IdentityPlace identity_place(const config::CtiServer& server, const std::string& state_dir,
                             const std::string& credentials_dir);

// Reads them, and makes what is not there if they are our own. Blocks; a reload takes as long as a
// start. Throws std::runtime_error, which says what is wrong and with which file.
net::TlsServer load_identity(const IdentityPlace& place);

} // namespace astcti
