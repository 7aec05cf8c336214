// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/loop/timer.hpp"
#include "desktop-agent/rules/rule_set.hpp"
#include "desktop-agent/rules/rules_file.hpp"

#include <chrono>
#include <functional>
#include <giomm/filemonitor.h>
#include <sigc++/trackable.h>
#include <string>
#include <vector>

namespace astcti {

// Where rules are looked for.
struct RulesPaths {
    std::vector<std::string> administrators; // the first that exists counts
    std::string persons;                     // empty: none, as with --rules
};

// ~/.config/astcti/rules.xml, and rules.xml of the system's directories.
RulesPaths usual_rules_paths();

// The files of rules, read anew whenever one changes. A file that is broken keeps the rules that
// it had, and says so.
class RulesFiles : public sigc::trackable {
public:
    // An editor writes a file in several steps.
    static constexpr std::chrono::milliseconds settled{100};

    explicit RulesFiles(RulesPaths paths) : paths_(std::move(paths)) {}
    RulesFiles(const RulesFiles&) = delete;
    RulesFiles& operator=(const RulesFiles&) = delete;

    // Reads, and from then on watches; `changed` is called after each change, never from within.
    void start(std::function<void()> changed);

    // With the rules of the server.
    rules::RuleSet merged(const rules::Rules& servers) const {
        return rules::merge(administrators_.good, persons_.good, servers);
    }

    // Whose pages these may open, by the administrator's file.
    const std::vector<std::string>& server_hosts() const noexcept {
        return administrators_.good.server_hosts;
    }

    // Every mistake of every broken file, each a line; none if all is well.
    std::vector<std::string> mistakes() const;

private:
    struct File {
        std::string path; // empty: there is none
        std::string text;
        rules::RulesFile good;
        std::vector<std::string> mistakes;
    };

    void read();
    bool read(File& file, const std::string& path, rules::Origin origin) const;
    void watch();
    void watch(const std::string& path);

    RulesPaths paths_;
    std::function<void()> changed_;
    File administrators_;
    File persons_;
    std::vector<Glib::RefPtr<Gio::FileMonitor>> monitors_;
    loop::Timer settle_;
};

} // namespace astcti
