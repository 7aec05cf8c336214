// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace astcti::accounts {

// Where a MySQL or MariaDB server is, and who we are there.
struct MysqlServer {
    enum class Tls {
        off,    // for this machine
        verify, // the server's certificate must be for its host, by the CA
    };

    std::string host = "localhost"; // localhost: by the Unix socket
    std::uint16_t port = 3306;
    std::string socket; // a path; empty: the client library's own
    std::string database = "astcti";
    std::string user = "astcti";
    std::string password;
    Tls tls = Tls::off;
    std::string ca_file; // empty: the system's
};

} // namespace astcti::accounts
