// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/settings.hpp"

#include "desktop-agent/password.hpp"
#include "desktop-agent/rules/rules_reader.hpp"

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

void fill_from_gsettings(Options& options, Settings& out) {
    const auto settings = gsettings();
    if (!settings)
        return;
    out.popups_muted = settings->get_boolean("mute-popups");
    out.sharing.data = settings->get_boolean("share-call-data");
    const auto fill = [&](std::string& option, const char* key) {
        if (option.empty())
            option = settings->get_string(key).raw();
    };
    fill(options.server, "server-uri");
    fill(options.user, "user-name");
    fill(options.password_file, "password-file");
}

link::ServerAddress server_of(const Options& options) {
    const auto address = link::read_server_address(options.server);
    if (!address)
        throw ConfigurationError(fmt::format(
            "the server \"{}\" is neither unix:/PATH nor tcp://HOST:PORT", options.server));
    return *address;
}

void fill_login(Settings& settings, const Options& options) {
    const bool is_tcp = std::holds_alternative<link::TcpAddress>(settings.server);
    settings.login.user = options.user.empty() ? Glib::get_user_name() : options.user;
    if (!options.password_file.empty()) {
        settings.login.password = read_password_file(options.password_file);
    } else if (is_tcp || !options.user.empty()) {
        if (options.service || isatty(STDIN_FILENO) == 0)
            throw ConfigurationError(fmt::format(
                "a password is needed for {} and there is no terminal to ask for it: give "
                "--password-file, or the key password-file of the GSettings schema {}",
                link::to_text(settings.server), schema));
        settings.login.password = ask_password(settings.login.user);
        settings.password_was_typed = true;
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
    fill_login(settings, options);
    return settings;
}

void keep_popups_muted(bool muted) {
    const auto settings = gsettings();
    if (settings && settings->is_writable("mute-popups"))
        settings->set_boolean("mute-popups", muted);
}

} // namespace astcti
