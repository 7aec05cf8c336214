// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/database_section.hpp"

#include "daemon/config/attributes.hpp"

#include <array>
#include <cstdlib>
#include <utility>

namespace astcti::config {
namespace {

// What only a server has.
constexpr std::array server_attributes{"host",         "port",    "socket",
                                       "name",         "user",    "password",
                                       "tls",          "ca-file", "password-credential",
                                       "password-file"};

class DatabaseSection {
public:
    DatabaseSection(const Document& document, const xmlNode* element, Faults& faults,
                    Faults& warnings)
        : document_(document), element_(element), faults_(faults), warnings_(warnings) {}

    Database read(bool read_by_all) {
        Database database;
        const auto secrets = text(element_, "secrets");
        if (secrets == "wrap")
            database.secrets = Database::Secrets::wrap;
        if (secrets == "native")
            database.secrets = Database::Secrets::native;
        if (text(element_, "driver") == "mysql") {
            database.server = read_server(read_by_all);
            return database;
        }
        database.file = has(element_, "file") ? text(element_, "file") : default_database_file();
        for (const char* const attribute : server_attributes)
            if (has(element_, attribute))
                fault(attribute, "<database driver=\"sqlite\"> has " + std::string(attribute),
                      "it is for driver=\"mysql\": leave it out, or change the driver");
        return database;
    }

private:
    void fault(const char* attribute, std::string what, std::string advice) {
        faults_.add(document_.line(element_, attribute), std::move(what), std::move(advice));
    }

    DatabaseServer read_server(bool read_by_all) {
        DatabaseServer server;
        const auto take = [this](const char* attribute, std::string& value) {
            if (has(element_, attribute))
                value = text(element_, attribute);
        };
        take("host", server.host);
        take("socket", server.socket);
        take("name", server.name);
        take("user", server.user);
        take("ca-file", server.ca_file);
        server.port = port(element_, server.port);
        server.tls = text(element_, "tls") == "yes";
        server.password = {"<database>", "the password of the database's user",
                           text(element_, "password"), text(element_, "password-credential"),
                           text(element_, "password-file")};
        if (has(element_, "file"))
            fault("file", "<database driver=\"mysql\"> has file",
                  "it is for driver=\"sqlite\": leave it out, or change the driver");
        check_password(read_by_all);
        check_way(server);
        return server;
    }

    void check_password(bool read_by_all) {
        int ways = 0;
        for (const char* const attribute : {"password", "password-credential", "password-file"})
            ways += has(element_, attribute) ? 1 : 0;
        if (ways > 1)
            fault("password", "<database> has its password in more than one place",
                  "leave all but one of password, password-credential and password-file out");
        if (!has(element_, "password"))
            return;
        if (read_by_all)
            fault("password", "there is a password in this file, and every user can read the file",
                  "chmod o= the file, or use password-credential; and change the password, as it "
                  "may be known");
        else
            warnings_.add(document_.line(element_, "password"), "a password stands in this file",
                          "password-credential keeps it out of backups and bug reports");
    }

    // Whoever can answer in the place of the server can let anyone in.
    void check_way(const DatabaseServer& server) {
        const bool is_here = server.host == "localhost" || is_loopback(server.host);
        if (!server.socket.empty() && !is_here)
            fault("socket", "<database> has both a socket and the host " + shown(server.host),
                  "a socket is of this machine: leave host out");
        else if (!is_here && !server.tls)
            fault("host",
                  "the connection to " + shown(server.host) +
                      " would not be encrypted, and it leaves this machine",
                  "write tls=\"yes\" and the authority of the server's certificate into ca-file=");
        if (!server.ca_file.empty() && !server.tls)
            fault("ca-file", "<database> has ca-file but not tls=\"yes\"",
                  "write tls=\"yes\", or leave ca-file out");
    }

    const Document& document_;
    const xmlNode* element_;
    Faults& faults_;
    Faults& warnings_;
};

} // namespace

std::string default_database_file() {
    // systemd separates several directories by colons; the first is ours.
    const char* const set = std::getenv("STATE_DIRECTORY");
    const std::string_view directory = set ? set : "";
    const std::string first(directory.substr(0, directory.find(':')));
    return (first.empty() ? "/var/lib/astcti" : first) + "/astcti.db";
}

Database read_database(const Document& document, const xmlNode* element, bool read_by_all,
                       Faults& faults, Faults& warnings) {
    return DatabaseSection(document, element, faults, warnings).read(read_by_all);
}

} // namespace astcti::config
