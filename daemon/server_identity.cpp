// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/server_identity.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/private_file.hpp"

#include <array>
#include <climits>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace astcti {
namespace {

constexpr std::size_t max_pem = 65536;

std::string host_name() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string read(const std::string& path) {
    if (auto text = base::read_private(path, max_pem))
        return *text;
    throw std::runtime_error("there is no file " + path);
}

// systemd makes a credential's file for us alone; of another we have to see to it.
std::string read_key(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IRWXO) != 0)
        throw std::runtime_error("every user may use the key " + path +
                                 ": chown root:astcti it, chmod 0640 it, and make another one, as "
                                 "this may be known");
    return read(path);
}

net::TlsIdentity own(const IdentityPlace& place) {
    net::TlsIdentity identity;
    if (const auto key = base::read_private(place.key, max_pem)) {
        identity.key = *key;
    } else {
        identity.key = net::make_tls_key();
        base::write_private(place.key, identity.key);
        base::log(base::LogLevel::info, "made a key for TLS: {}", place.key);
    }
    if (const auto certificates = base::read_private(place.certificate, max_pem)) {
        identity.certificates = *certificates;
    } else {
        identity.certificates = net::make_tls_certificate(identity.key, host_name());
        base::write_private(place.certificate, identity.certificates);
        base::log(base::LogLevel::info, "made a certificate for TLS: {}", place.certificate);
    }
    return identity;
}

} // namespace

IdentityPlace identity_place(const config::CtiServer& server, const std::string& state_dir,
                             const std::string& credentials_dir) {
    if (server.tls)
        return {server.tls->certificate, server.tls->key};
    const auto credential = credentials_dir + "/astcti.tls.";
    if (!credentials_dir.empty() && ::access((credential + "certificate").c_str(), R_OK) == 0)
        return {credential + "certificate", credential + "key"};
    if (state_dir.empty())
        throw config::ConfigError(
            {{"<ctiserver>", 0, "there is no certificate for TLS, and no place to keep one",
              "name its files by <tls certificate-file=\"…\" key-file=\"…\"/>, or start astctid "
              "with --state-dir"}});
    return {state_dir + "/tls.pem", state_dir + "/tls.key", true};
}

net::TlsServer load_identity(const IdentityPlace& place) {
    const auto identity =
        place.is_own ? own(place) : net::TlsIdentity{read(place.certificate), read_key(place.key)};
    try {
        return net::TlsServer(identity);
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(place.certificate + " and " + place.key + ": " + error.what());
    }
}

} // namespace astcti
