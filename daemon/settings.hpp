// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/login.hpp"
#include "daemon/accounts/store_pool.hpp"
#include "daemon/ami/client.hpp"
#include "daemon/clients/policy.hpp"
#include "daemon/config/config.hpp"
#include "daemon/routing/aliases.hpp"

#include <cstddef>
#include <string>
#include <vector>

// What the configuration means to each part, which does not know it.
namespace astcti {

clients::DialPolicy dial_policy(const config::Config& config);

// Those that a call is told with: what is configured, and calldata always.
std::vector<std::string> kept_variables(const config::Manager& manager);

// A look-up may take half a minute: those of so many PBXs keep nobody else's waiting.
inline constexpr std::size_t max_lookup_threads = 8;

// Each PBX has at most one look-up under way.
unsigned lookup_threads(const config::Config& config);

ami::Endpoint endpoint(const config::Manager& manager, const std::string& secret);

// Reads the password of the database: throws ConfigError, as config::read_secret().
accounts::StorePool::Maker store_maker(const config::Database& database,
                                       const std::string& credentials_dir);

accounts::LoginRules login_rules(const config::Config& config);

routing::Aliases aliases_of(const config::Manager& manager);

} // namespace astcti
