// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/secret.hpp"

#include "daemon/config/file_text.hpp"

#include <system_error>

namespace astcti::config {
namespace {

[[noreturn]] void fail(const std::string& file, std::string what, std::string advice) {
    throw ConfigError({Fault{file, 0, std::move(what), std::move(advice)}});
}

std::string how_to_make(const Secret& wanted) {
    if (!wanted.file.empty())
        return "write " + wanted.what + " into it: install -m 0640 -g astcti /dev/stdin " +
               wanted.file;
    return "write " + wanted.what + " into /etc/credstore/" + wanted.credential +
           " (root's, mode 0600) and restart astcti.service";
}

// systemd makes a credential's file for us alone; of another we have to see to it.
void check_access(const Secret& wanted, const std::string& file, const FileText& secret) {
    const auto what = "the secret of " + wanted.owner + " ";
    if (secret.read_by_all)
        fail(file, what + "can be read by every user", "chmod 0600 the file; change the secret");
    if (!wanted.file.empty() && !secret.is_private)
        fail(file, what + "can be read or written by others than root and astcti",
             "chown root:astcti the file; chmod 0640 it; change the secret, as it may be known");
}

std::string read_secret_file(const Secret& wanted, const std::string& file) {
    const auto owner = "the secret of " + wanted.owner + " ";
    FileText credential;
    try {
        // One more byte for the line end.
        credential = read_file(file, max_secret + 1);
    } catch (const std::system_error& e) {
        if (e.code() == std::errc::no_such_file_or_directory)
            fail(file, owner + "should be in this file, which does not exist", how_to_make(wanted));
        if (e.code() == std::errc::file_too_large)
            fail(file, owner + "has more than " + std::to_string(max_secret) + " bytes",
                 how_to_make(wanted));
        fail(file, owner + "cannot be read: " + e.code().message(), how_to_make(wanted));
    }

    auto& secret = credential.text;
    if (secret.ends_with('\n'))
        secret.pop_back();
    check_access(wanted, file, credential);
    if (secret.empty())
        fail(file, owner + "is empty", how_to_make(wanted));
    if (secret.size() > max_secret)
        fail(file, owner + "has more than " + std::to_string(max_secret) + " bytes",
             how_to_make(wanted));
    if (secret.find_first_of(std::string_view("\r\n\0", 3)) != secret.npos)
        fail(file, owner + "has a line break or a NUL in it", "it must be one line of text");
    return secret;
}

} // namespace

std::string read_secret(const Secret& wanted, const std::string& credentials_dir) {
    if (!wanted.file.empty())
        return read_secret_file(wanted, wanted.file);
    if (wanted.credential.empty())
        return wanted.text;
    if (credentials_dir.empty())
        fail(wanted.credential,
             wanted.owner + " wants this credential, and there is no directory of credentials",
             "start astctid by systemd (LoadCredential=), or name one with --credentials-dir");
    return read_secret_file(wanted, credentials_dir + "/" + wanted.credential);
}

accounts::MysqlServer mysql_server(const DatabaseServer& server,
                                   const std::string& credentials_dir) {
    using Way = accounts::MysqlServer::Tls;
    return {server.host,
            server.port,
            server.socket,
            server.name,
            server.user,
            read_secret(server.password, credentials_dir),
            server.tls ? Way::verify : Way::off,
            server.ca_file};
}

std::string read_secret(const Manager& manager, const std::string& credentials_dir) {
    return read_secret(Secret{"<manager name=\"" + manager.name + "\">",
                              "the secret of the manager user", manager.secret,
                              manager.secret_credential, manager.secret_file},
                       credentials_dir);
}

} // namespace astcti::config
