// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/number_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::config {

inline constexpr std::size_t max_config_size = std::size_t{256} * 1024;

// So many faults are told at once; a file with more is not the file that was meant.
inline constexpr std::size_t max_faults = 50;

// Variables of a call that are passed on; PROTOCOL.md section 5.
inline constexpr std::size_t max_variables = 8;

// Of a PBX's <alias>es: each technology of channels is looked at once for each account.
inline constexpr std::size_t max_aliases = 8;

// Asterisk's own defaults, in clear and by TLS.
inline constexpr std::uint16_t default_manager_port = 5038;
inline constexpr std::uint16_t default_manager_tls_port = 5039;

// Where a password or secret is: in the configuration, in a file, or in a systemd credential of
// that name. See read_secret().
struct Secret {
    std::string owner; // in an error: <manager name="pbx1">
    std::string what;  // "the secret of the manager user"
    std::string text;
    std::string credential;
    std::string file;
};

// A MySQL or MariaDB server.
struct DatabaseServer {
    std::string host = "localhost";
    std::uint16_t port = 3306;
    std::string socket; // a path, for localhost; empty: the usual one
    std::string name = "astcti";
    std::string user = "astcti";
    Secret password;
    bool tls = false;
    std::string ca_file;
};

struct Database {
    // What becomes of stored secrets when their owners log in.
    enum class Secrets { keep, wrap, native };

    std::string file;                     // SQLite, or
    std::optional<DatabaseServer> server; // driver="mysql"
    Secrets secrets = Secrets::keep;
};

enum class LogLevel { error, warning, notice, info, debug };

std::optional<LogLevel> read_log_level(std::string_view name) noexcept;

struct Logging {
    LogLevel level = LogLevel::info;
};

// A PBX's telephones that accounts know by another technology: its channels PJSIP/201-… are
// those of an account with SIP/201, and the other way round.
struct Alias {
    std::string channel; // as the PBX calls it: PJSIP
    std::string device;  // as accounts do: SIP

    bool operator==(const Alias&) const = default;
};

// How a PBX proves who it is. See net::TlsPeer.
struct Tls {
    std::string name;
    std::string ca_file;
    std::string pin; // 32 bytes, or empty
};

// A PBX, by its manager interface.
struct Manager {
    std::string name;
    std::string host = "127.0.0.1";
    std::uint16_t port = default_manager_port;
    std::optional<Tls> tls; // without it in clear
    std::string user;
    std::string secret;            // in clear, or
    std::string secret_credential; // the name of a systemd credential, or
    std::string secret_file;       // the path of a file: see read_secret()
    std::vector<std::string> variables;
    std::vector<Alias> aliases;
};

// Either a Unix socket or a TCP address.
struct Listen {
    std::string path;
    std::string address; // numeric; loopback, unless there is TLS or a plain network
    std::uint16_t port = 0;
    bool tls = false;

    bool operator==(const Listen&) const = default;
};

// Whose account a Unix user may use without a password.
struct LocalUsers {
    bool same_name = false;
    std::map<std::string, std::string, std::less<>> accounts; // goes before same_name

    std::optional<std::string> account_of(std::string_view unix_user) const;
};

// Numbers that people may dial, in a context of the dialplan. `numbers` is a pattern of the
// dialplan (`_2XX`) or one number.
struct Outbound {
    std::string context;
    std::string numbers;
    std::string pbx = {}; // the name of the manager that dials; empty: any
};

// Where clients come from that the administrator knows.
struct Network {
    std::string address; // or a network: 192.168.20.0/24
    bool plain = false;  // nobody listens there: passwords may come without encryption
};

// The files of the server's own certificate and key, both in PEM.
struct TlsFiles {
    std::string certificate;
    std::string key;
};

struct CtiServer {
    bool enforce_host = false; // host-check="enforce"
    std::vector<Listen> listen;
    std::vector<Network> networks;
    std::optional<TlsFiles> tls; // otherwise its own
    std::string rules_file;      // that desktops get; empty: none
    LocalUsers local_users;
    std::vector<Outbound> outbound;
};

// Something in a file that is wrong, or not wise.
struct Fault {
    std::string file;
    std::size_t line = 0; // 0: the file as a whole
    std::string what;
    std::string advice;
};

// `file:line: what; advice`: one line for the log and the terminal.
std::string to_text(const Fault& fault);

struct Config {
    Database database;
    Logging logging;
    std::vector<Manager> managers; // none is valid
    protocol::NumberRules numbers;
    CtiServer ctiserver;
    std::vector<Fault> warnings;
};

// The program ends with EX_CONFIG. what() is every fault on a line of its own.
class ConfigError : public std::runtime_error {
public:
    explicit ConfigError(std::vector<Fault> faults);

    const std::vector<Fault>& faults() const noexcept { return faults_; }

private:
    std::vector<Fault> faults_;
};

// Reads and checks the whole file; nothing of it is used if anything is wrong.
// Throws ConfigError with all faults, in the order of their lines.
Config read_config(const std::string& file);

} // namespace astcti::config
