// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/replay_command.hpp"

#include "daemon/accounts/sqlite_store.hpp"
#include "daemon/config/config.hpp"

#include <cerrno>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string_view>
#include <sysexits.h>
#include <system_error>

namespace astcti {
namespace {

void complain(const std::string& text) {
    fmt::print(stderr, "astctid: {}\n", text);
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
    }
    std::erase(parts, "");
    return parts;
}

// The account's devices as the database has them.
std::vector<std::string> stored_devices(const std::string& user, const std::string& database) {
    accounts::SqliteStore store(database);
    const auto account = store.find(user);
    if (!account)
        throw std::runtime_error(
            fmt::format("there is no account {0}; \"astctictl user list\" shows who there is, and "
                        "--account {0}=DEVICE needs no account",
                        user));
    auto devices = account->devices;
    devices.insert(devices.begin(), account->extension);
    std::erase(devices, "");
    if (devices.empty())
        throw std::runtime_error(
            fmt::format("the account {0} has no extension; give one: --account {0}=DEVICE", user));
    return devices;
}

std::optional<std::string> contents(const std::string& file) {
    if (file == "-")
        return std::string(std::istreambuf_iterator<char>(std::cin), {});
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(stream), {});
    if (!stream) {
        complain(fmt::format("cannot read {}: {}; it is what \"astctictl record\" wrote", file,
                             std::generic_category().message(errno)));
        return std::nullopt;
    }
    return bytes;
}

} // namespace

int replay(const ReplayCommand& command) {
    auto options = command.options;
    std::vector<std::pair<std::string, std::vector<std::string>>> accounts;
    try {
        std::optional<config::Config> config;
        for (const auto& account : command.accounts) {
            const auto equals = account.find('=');
            const auto user = account.substr(0, equals);
            if (equals == account.npos && !config) {
                config = config::read_config(command.config_file);
                options.numbers = config->numbers;
            }
            accounts.emplace_back(user, equals == account.npos
                                            ? stored_devices(user, config->database.file)
                                            : split(account.substr(equals + 1)));
            if (user.empty() || accounts.back().second.empty()) {
                complain(fmt::format("--account {}: should be NAME or NAME=DEVICE,DEVICE, for "
                                     "instance anna=PJSIP/201",
                                     account));
                return EX_USAGE;
            }
        }
    } catch (const config::ConfigError& error) {
        for (const auto& fault : error.faults())
            complain(config::to_text(fault));
        return EX_CONFIG;
    } catch (const std::runtime_error& error) {
        complain(error.what());
        return EX_NOUSER;
    }
    Replay replay(std::move(options));
    for (const auto& [user, devices] : accounts)
        replay.add_account(user, devices);

    const auto bytes = contents(command.file);
    if (!bytes)
        return EX_NOINPUT;
    std::string told;
    const auto unreadable = replay.run(*bytes, told);
    std::fwrite(told.data(), 1, told.size(), stdout);
    if (unreadable > 0)
        complain(fmt::format("{} packets of {} cannot be read and were left out, as they are while "
                             "astctid runs",
                             unreadable, command.file));
    return EX_OK;
}

} // namespace astcti
