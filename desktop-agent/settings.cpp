// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/settings.hpp"

#include "config.h"
#include "desktop-agent/password.hpp"
#include "desktop-agent/rules/rules_reader.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <giomm/settings.h>
#include <giomm/settingsschemasource.h>
#include <glibmm/miscutils.h>
#include <unistd.h>
#include <variant>
#include <vector>

namespace astcti {
namespace {

constexpr const char* schema = "org.astcti.Agent";

// The session's own settings; an installation without the schema has none.
void fill_from_gsettings(Options& options) {
    const auto source = Gio::SettingsSchemaSource::get_default();
    if (!source || !source->lookup(schema, true))
        return;
    const auto settings = Gio::Settings::create(schema);
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

std::vector<std::string> usual_rules_files() {
    std::vector<std::string> directories{Glib::get_user_config_dir()};
    for (const auto& directory : Glib::get_system_config_dirs())
        directories.push_back(directory);
    directories.emplace_back(ASTCTI_SYSCONFDIR "/xdg");
    for (auto& directory : directories)
        directory += "/astcti/rules.xml";
    return directories;
}

void fill_rules(Settings& settings, const Options& options) {
    auto path = options.rules;
    std::error_code ignored;
    if (path.empty())
        for (const auto& usual : usual_rules_files())
            if (path.empty() && std::filesystem::exists(usual, ignored))
                path = usual;
    if (path.empty())
        return;
    auto rules = rules::read_rules_file(path);
    if (auto* good = std::get_if<rules::RulesFile>(&rules)) {
        settings.rules = std::move(*good);
        return;
    }
    settings.rules_error = std::get<rules::RulesError>(rules).text;
    if (!options.rules.empty())
        throw ConfigurationError(settings.rules_error);
}

} // namespace

Settings load_settings(const Options& given) {
    auto options = given;
    fill_from_gsettings(options);
    if (options.server.empty())
        options.server = link::default_server;
    Settings settings;
    settings.server = server_of(options);
    fill_rules(settings, options);
    fill_login(settings, options);
    return settings;
}

} // namespace astcti
