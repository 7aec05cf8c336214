// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules_files.hpp"

#include "config.h"
#include "desktop-agent/log/log.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <giomm/file.h>
#include <glibmm/miscutils.h>

namespace astcti {
namespace {

bool exists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

// The file, or the folder that is missing on the way to it: a name in a folder that exists can be
// watched without looking again and again.
std::string watchable(const std::string& path) {
    std::filesystem::path at(path);
    while (at.has_parent_path() && at.parent_path() != at && !exists(at.parent_path().string()))
        at = at.parent_path();
    return at.string();
}

} // namespace

RulesPaths usual_rules_paths() {
    RulesPaths paths;
    const std::string name = "/astcti/rules.xml";
    paths.persons = Glib::get_user_config_dir() + name;
    for (const auto& directory : Glib::get_system_config_dirs())
        paths.administrators.push_back(directory + name);
    const auto installed = std::string(ASTCTI_SYSCONFDIR "/xdg") + name;
    if (std::ranges::find(paths.administrators, installed) == paths.administrators.end())
        paths.administrators.push_back(installed);
    return paths;
}

void RulesFiles::start(std::function<void()> changed) {
    read();
    watch();
    changed_ = std::move(changed);
}

void RulesFiles::read() {
    std::string administrators;
    for (const auto& path : paths_.administrators)
        if (administrators.empty() && exists(path))
            administrators = path;
    const auto persons = exists(paths_.persons) ? paths_.persons : std::string();
    const bool theirs = read(administrators_, administrators, rules::Origin::administrator);
    const bool ours = read(persons_, persons, rules::Origin::person);
    if (!theirs && !ours)
        return;
    if (changed_)
        changed_();
}

// True if it is not as it was.
bool RulesFiles::read(File& file, const std::string& path, rules::Origin origin) const {
    if (path.empty()) {
        if (file.path.empty())
            return false;
        log::message(fmt::format("rules: {} is gone", file.path));
        file = {};
        return true;
    }
    auto text = rules::read_rules_text(path);
    std::variant<rules::RulesFile, rules::RulesError> result = rules::RulesFile{};
    if (auto* error = std::get_if<rules::RulesError>(&text)) {
        if (file.path == path && file.mistakes == error->mistakes)
            return false;
        result = std::move(*error);
        text = std::string();
    } else {
        if (file.path == path && file.text == std::get<std::string>(text) && file.mistakes.empty())
            return false;
        result = rules::read_rules(std::get<std::string>(text), path, origin);
    }
    file.path = path;
    file.text = std::get<std::string>(text);
    if (auto* good = std::get_if<rules::RulesFile>(&result)) {
        file.good = std::move(*good);
        file.mistakes.clear();
        log::message(fmt::format("rules: {} has {}", path, file.good.rules.size()));
        return true;
    }
    auto mistakes = std::get<rules::RulesError>(std::move(result)).mistakes;
    if (mistakes == file.mistakes)
        return false;
    file.mistakes = std::move(mistakes);
    for (const auto& mistake : file.mistakes)
        log::warning(mistake);
    log::warning(
        fmt::format("rules: {} is not used; {} until it is mended", path,
                    file.good.rules.empty() ? "it has no rules" : "its rules stay as they were"));
    return true;
}

std::vector<std::string> RulesFiles::mistakes() const {
    auto all = persons_.mistakes;
    all.insert(all.end(), administrators_.mistakes.begin(), administrators_.mistakes.end());
    return all;
}

void RulesFiles::watch() {
    monitors_.clear();
    for (const auto& path : paths_.administrators)
        watch(path);
    if (!paths_.persons.empty())
        watch(paths_.persons);
}

void RulesFiles::watch(const std::string& path) {
    try {
        const auto file = Gio::File::create_for_path(watchable(path));
        monitors_.push_back(file->monitor_file(Gio::FileMonitorFlags::WATCH_MOVES));
        monitors_.back()->signal_changed().connect([this](const auto&, const auto&, auto) {
            settle_.start(settled, [this] {
                read();
                watch();
            });
        });
    } catch (const Glib::Error& error) {
        log::warning(fmt::format("rules: changes of {} are not noticed: {}; start the agent again "
                                 "after a change",
                                 path, error.what()));
    }
}

} // namespace astcti
