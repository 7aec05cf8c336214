// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/manager_secret.hpp"

#include "daemon/config/file_text.hpp"

#include <system_error>

namespace astcti::config {
namespace {

[[noreturn]] void fail(const std::string& file, std::string what, std::string advice) {
    throw ConfigError({Fault{file, 0, std::move(what), std::move(advice)}});
}

std::string how_to_make(const Manager& manager) {
    if (!manager.secret_file.empty())
        return "write the secret of the manager user into it: install -m 0640 -g astcti "
               "/dev/stdin " +
               manager.secret_file;
    return "write the secret of the manager user into /etc/credstore/" + manager.secret_credential +
           " (root's, mode 0600) and restart astcti.service";
}

// systemd makes a credential's file for us alone; of another we have to see to it.
void check_access(const Manager& manager, const std::string& file, const FileText& secret) {
    const auto what = "the secret of <manager name=\"" + manager.name + "\"> ";
    if (secret.read_by_all)
        fail(file, what + "can be read by every user", "chmod 0600 the file; change the secret");
    if (!manager.secret_file.empty() && !secret.is_private)
        fail(file, what + "can be read or written by others than root and astcti",
             "chown root:astcti the file; chmod 0640 it; change the secret, as it may be known");
}

std::string read_secret_file(const Manager& manager, const std::string& file) {
    const auto owner = "the secret of <manager name=\"" + manager.name + "\"> ";
    FileText credential;
    try {
        // One more byte for the line end.
        credential = read_file(file, max_manager_secret + 1);
    } catch (const std::system_error& e) {
        if (e.code() == std::errc::no_such_file_or_directory)
            fail(file, owner + "should be in this file, which does not exist",
                 how_to_make(manager));
        if (e.code() == std::errc::file_too_large)
            fail(file, owner + "has more than " + std::to_string(max_manager_secret) + " bytes",
                 how_to_make(manager));
        fail(file, owner + "cannot be read: " + e.code().message(), how_to_make(manager));
    }

    auto& secret = credential.text;
    if (secret.ends_with('\n'))
        secret.pop_back();
    check_access(manager, file, credential);
    if (secret.empty())
        fail(file, owner + "is empty", how_to_make(manager));
    if (secret.size() > max_manager_secret)
        fail(file, owner + "has more than " + std::to_string(max_manager_secret) + " bytes",
             how_to_make(manager));
    if (secret.find_first_of(std::string_view("\r\n\0", 3)) != secret.npos)
        fail(file, owner + "has a line break or a NUL in it", "it must be one line of text");
    return secret;
}

} // namespace

std::string read_secret(const Manager& manager, const std::string& credentials_dir) {
    if (!manager.secret_file.empty())
        return read_secret_file(manager, manager.secret_file);
    if (manager.secret_credential.empty())
        return manager.secret;
    if (credentials_dir.empty())
        fail(manager.secret_credential,
             "<manager name=\"" + manager.name +
                 "\"> wants this credential, and there is no directory of credentials",
             "start astctid by systemd (LoadCredential=), or name one with --credentials-dir");
    return read_secret_file(manager, credentials_dir + "/" + manager.secret_credential);
}

} // namespace astcti::config
