// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/settings.hpp"

#include "daemon/accounts/mysql_store.hpp"
#include "daemon/accounts/sqlite_store.hpp"
#include "daemon/config/secret.hpp"

#include <algorithm>

namespace astcti {

clients::DialPolicy dial_policy(const config::Config& config) {
    clients::DialPolicy policy{{}, config.numbers};
    for (const auto& outbound : config.ctiserver.outbound)
        policy.outbound.push_back({outbound.context, outbound.numbers, outbound.pbx});
    return policy;
}

std::vector<std::string> kept_variables(const config::Manager& manager) {
    auto names = manager.variables;
    names.emplace_back("calldata");
    return names;
}

unsigned lookup_threads(const config::Config& config) {
    return static_cast<unsigned>(
        std::clamp<std::size_t>(config.managers.size(), 1, max_lookup_threads));
}

ami::Endpoint endpoint(const config::Manager& manager, const std::string& secret) {
    ami::Endpoint endpoint{manager.name, manager.host, manager.port, manager.user, secret};
    if (manager.tls)
        endpoint.tls = net::TlsPeer{manager.tls->name, manager.tls->ca_file, manager.tls->pin};
    return endpoint;
}

accounts::StorePool::Maker store_maker(const config::Database& database,
                                       const std::string& credentials_dir) {
    if (!database.server)
        return [file = database.file] { return std::make_unique<accounts::SqliteStore>(file); };
    const auto server = config::mysql_server(*database.server, credentials_dir);
    return [server] { return std::make_unique<accounts::MysqlStore>(server); };
}

accounts::LoginRules login_rules(const config::Config& config) {
    using config::Database;
    accounts::LoginRules rules;
    rules.enforce_host = config.ctiserver.enforce_host;
    if (config.database.secrets == Database::Secrets::wrap)
        rules.upgrade = accounts::SecretUpgrade::wrap;
    if (config.database.secrets == Database::Secrets::native)
        rules.upgrade = accounts::SecretUpgrade::native;
    return rules;
}

routing::Aliases aliases_of(const config::Manager& manager) {
    routing::Aliases aliases;
    for (const auto& alias : manager.aliases)
        aliases.push_back({alias.channel, alias.device});
    return aliases;
}

} // namespace astcti
