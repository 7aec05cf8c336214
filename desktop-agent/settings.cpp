// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/settings.hpp"

#include "desktop-agent/password.hpp"
#include "desktop-agent/password_sources.hpp"
#include "desktop-agent/rules/rules_file.hpp"
#include "desktop-agent/rules/server_hosts.hpp"
#include "desktop-agent/secret_service.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <giomm/settings.h>
#include <giomm/settingsschemasource.h>
#include <glibmm/miscutils.h>
#include <unistd.h>
#include <variant>

namespace astcti {
namespace {

constexpr const char* schema = "org.astcti.Agent";

// The session's own settings; an installation without the schema has none.
Glib::RefPtr<Gio::Settings> gsettings() {
    const auto source = Gio::SettingsSchemaSource::get_default();
    if (!source || !source->lookup(schema, true))
        return {};
    return Gio::Settings::create(schema);
}

// What the administrator has set, locked or not; the person's own value does not count.
std::vector<std::string> administrators_hosts(Gio::Settings& settings) {
    Glib::VariantBase value;
    settings.get_default_value("server-rules-hosts", value);
    std::vector<std::string> hosts;
    for (const auto& host :
         Glib::VariantBase::cast_dynamic<Glib::Variant<std::vector<Glib::ustring>>>(value).get()) {
        if (!rules::is_host(host.raw()))
            throw ConfigurationError(fmt::format(
                "server-rules-hosts of the settings has \"{}\", which is neither a host nor "
                "HOST:PORT",
                host.raw()));
        hosts.push_back(host.raw());
    }
    return hosts;
}

void fill_from_gsettings(Options& options, Settings& out) {
    const auto settings = gsettings();
    if (!settings)
        return;
    out.popups_muted = settings->get_boolean("mute-popups");
    out.sharing.data = settings->get_boolean("share-call-data");
    out.server_hosts = administrators_hosts(*settings);
    // An option goes before a setting, unless the administrator locked that.
    const auto refuse_if_locked = [&](const char* key) {
        if (!settings->is_writable(key))
            throw ConfigurationError(fmt::format(
                "the administrator of this machine has locked {}: start without that option", key));
    };
    const auto fill = [&](std::string& option, const char* key) {
        const auto value = settings->get_string(key).raw();
        if (!option.empty() && option != value)
            refuse_if_locked(key);
        if (option.empty())
            option = value;
    };
    const bool is_that_server = options.server.empty();
    fill(options.server, "server-uri");
    if (is_that_server || !options.pin.empty())
        fill(options.pin, "server-pin");
    if (is_that_server || !options.ca_file.empty())
        fill(options.ca_file, "server-ca-file");
    if (options.allow_plain && !settings->get_boolean("allow-plain"))
        refuse_if_locked("allow-plain");
    options.allow_plain |= settings->get_boolean("allow-plain");
    fill(options.user, "user-name");
    fill(options.password_file, "password-file");
}

link::ServerAddress server_of(const Options& options) {
    const auto address = link::read_server_address(options.server);
    if (!address)
        throw ConfigurationError(fmt::format(
            "the server \"{}\" is neither unix:/PATH nor tls://HOST[:PORT] nor tcp://HOST[:PORT]",
            options.server));
    return *address;
}

link::Trust trust_of(const Options& options, const link::ServerAddress& server) {
    if (!options.pin.empty() && !link::is_pin(options.pin))
        throw ConfigurationError(fmt::format(
            "the pin \"{}\" is not 32 bytes in base64, as astctictl tls tells it", options.pin));
    const auto* tcp = std::get_if<link::TcpAddress>(&server);
    if (!options.pin.empty() && !(tcp && tcp->tls))
        throw ConfigurationError(fmt::format("a pin needs a server by TLS; {} is not, tls:// is",
                                             link::to_text(server)));
    return {options.pin, options.ca_file, options.allow_plain};
}

// Whose password is needed at which server; nothing if the system tells who it is.
bool needs_password(const Options& options, const link::ServerAddress& server) {
    return std::holds_alternative<link::TcpAddress>(server) || !options.user.empty() ||
           !options.password_file.empty();
}

std::string user_of(const Options& options) {
    return options.user.empty() ? std::string(Glib::get_user_name()) : options.user;
}

void fill_login(Settings& settings, const Options& options) {
    settings.user = user_of(options);
    if (!needs_password(options, settings.server))
        return;
    if (!options.password_file.empty()) {
        read_password_file(options.password_file); // a wrong one is told at once
        settings.passwords = std::make_unique<PasswordFile>(options.password_file);
        return;
    }
    auto keyring = std::make_unique<SecretService>(link::to_text(settings.server), settings.user);
    const bool can_ask = !options.service && isatty(STDIN_FILENO) != 0;
    if (can_ask && !keyring->has_password()) {
        settings.passwords = std::make_unique<TypedPassword>(ask_password(settings.user));
        settings.password_was_typed = true;
    } else {
        settings.passwords = std::move(keyring);
    }
}

// A wrong file that is given is an error at once; one that is found is told, and the agent runs.
void fill_rules(Settings& settings, const Options& options) {
    if (options.rules.empty()) {
        settings.rules = usual_rules_paths();
        return;
    }
    settings.rules.administrators = {options.rules};
    const auto file = rules::read_rules_file(options.rules, rules::Origin::administrator);
    if (const auto* error = std::get_if<rules::RulesError>(&file))
        throw ConfigurationError(fmt::format("{}", fmt::join(error->mistakes, "\n")));
}

} // namespace

Settings load_settings(const Options& given) {
    auto options = given;
    Settings settings;
    fill_from_gsettings(options, settings);
    fill_rules(settings, options);
    settings.is_demo = options.demo;
    if (options.demo)
        return settings;
    if (options.server.empty())
        options.server = link::default_server;
    settings.server = server_of(options);
    settings.trust = trust_of(options, settings.server);
    fill_login(settings, options);
    return settings;
}

void keep_password(const Options& given) {
    auto options = given;
    Settings settings;
    fill_from_gsettings(options, settings);
    if (options.server.empty())
        options.server = link::default_server;
    const auto server = server_of(options);
    if (!needs_password(options, server))
        throw ConfigurationError(fmt::format("{} needs no password: the system tells it who you "
                                             "are; or give --user",
                                             link::to_text(server)));
    const auto user = user_of(options);
    SecretService(link::to_text(server), user).keep(ask_password(user));
}

void keep_popups_muted(bool muted) {
    const auto settings = gsettings();
    if (settings && settings->is_writable("mute-popups"))
        settings->set_boolean("mute-popups", muted);
}

} // namespace astcti
