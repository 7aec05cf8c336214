// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/launch/launcher.hpp"
#include "desktop-agent/rules/decide.hpp"
#include "desktop-agent/rules/once.hpp"
#include "desktop-agent/rules/rule_set.hpp"
#include "desktop-agent/why/decision_log.hpp"

#include <cstddef>
#include <functional>
#include <giomm/dbusconnection.h>
#include <string>

namespace astcti {

// Runs the rules for what happens to calls: for each moment once for each call and other party.
class RuleRunner {
public:
    // Of one decision; the others are counted.
    static constexpr std::size_t max_told_rules = 50;

    // Hears of every decision and of what came of each start.
    using OnNote = std::function<void(const std::string& call, why::Part part,
                                      std::string_view result, const std::string& text)>;
    // What is wrong with the last start; empty if nothing is.
    using OnTrouble = std::function<void(const std::string& text)>;

    // `bus`, which may be none, is the session's.
    RuleRunner(const Glib::RefPtr<Gio::DBus::Connection>& bus, OnNote note, OnTrouble trouble);
    RuleRunner(const RuleRunner&) = delete;
    RuleRunner& operator=(const RuleRunner&) = delete;

    // From now on.
    void set_rules(const rules::RuleSet& rules) { rules_ = rules; }

    // The call as it is now. `is_old`: it was like that before the agent came, so nothing runs.
    void update(const protocol::Call& call, bool is_old);

    // The name of the rule that open_now() would run; empty if there is none.
    std::string offered(const protocol::Call& call) const;

    // The person asked for it. The rule does not run again when the call is answered.
    void open_now(const protocol::Call& call, const std::string& activation_token);

private:
    protocol::Call rewritten(const protocol::Call& call) const;
    void run(rules::Moment moment, const protocol::Call& call);
    void start(const rules::Rule& rule, const protocol::Call& call, const std::string& token);
    void tell(rules::Moment moment, const rules::Decision& decision, const std::string& call);

    OnNote note_;
    OnTrouble trouble_;
    rules::RuleSet rules_;
    rules::Once rang_;
    rules::Once talked_;
    rules::Once ended_;
    launch::Launcher launcher_;
};

} // namespace astcti
