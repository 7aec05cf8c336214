// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/bus/agent_bus.hpp"
#include "desktop-agent/calls/call_list.hpp"
#include "desktop-agent/demo/demo_link.hpp"
#include "desktop-agent/link/server_link.hpp"
#include "desktop-agent/link/wake_watch.hpp"
#include "desktop-agent/loop/timer.hpp"
#include "desktop-agent/notify/notifier.hpp"
#include "desktop-agent/rule_runner.hpp"
#include "desktop-agent/rules/server_rules.hpp"
#include "desktop-agent/settings.hpp"
#include "desktop-agent/why/decision_log.hpp"

#include <chrono>
#include <functional>
#include <giomm/dbusconnection.h>
#include <map>
#include <optional>
#include <sigc++/trackable.h>
#include <string>
#include <vector>

namespace astcti {

// What the agent does: the server's events become calls, and every change of a call goes to
// the session bus, the notifications and the rules.
class Agent final : public sigc::trackable,
                    private link::LinkHandler,
                    private notify::NotifierHandler,
                    private bus::AgentBusHandler {
public:
    // A shorter gap in the connection is hidden from the person.
    static constexpr std::chrono::seconds hidden_gap{3};

    // After the last call is gone, and before its memory is given back.
    static constexpr std::chrono::seconds told_by_then{1};

    // `bus` may be none: the rules run without it. `missed` shows a missed call as a notification
    // of the application.
    Agent(Settings settings, const Glib::RefPtr<Gio::DBus::Connection>& bus,
          notify::MissedCalls::Send missed);
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    // `rejected` is called when the server refuses the password that the person typed.
    void start(std::function<void()> rejected);

    // Leaves the server and takes calls and notifications away.
    void stop();

private:
    void link_changed(link::LinkState state, const link::Trouble& trouble) override;
    void event_received(const protocol::Event& event) override;
    std::optional<std::string> wanted_rules() const override;
    void rules_told(const std::optional<std::string>& list) override;
    std::string offered(const protocol::Call& call) override;
    void opened(const protocol::Call& call, const std::string& activation_token) override;
    void noted(const std::string& call, std::string_view result, const std::string& text) override;
    const why::Told* explained(const std::string& call) const override;
    std::vector<std::string> explained_calls() const override;
    void set_popups_muted(bool muted) override;

    void tell(const std::vector<calls::Change>& changes);
    void tell(const calls::Change& change);
    void log(const calls::Change& change) const;
    bool is_old(const calls::Change& change) const;
    bool is_news(const calls::Change& change) const;
    bool is_over_already(const calls::Change& change) const;
    void note(const std::string& call, why::Part part, std::string_view result,
              const std::string& text);
    void files_changed();
    void set_server_hosts();
    void use_rules();
    void log_server_rules() const;
    void expire();
    void set_expiry();
    void gap_is_long();
    void show_link();
    void show_status();

    Settings settings_;
    std::optional<bus::AgentBus> bus_;
    std::optional<notify::Notifier> notifier_;
    why::DecisionLog decisions_;
    RulesFiles rules_files_;
    rules::ServerRules server_rules_;
    RuleRunner rules_;
    calls::CallList calls_;
    bus::AgentStatus status_;
    link::LinkState link_state_ = link::LinkState::disconnected;
    link::Trouble link_trouble_;
    std::string launch_error_;
    std::optional<std::map<std::string, bool>> pbxs_; // while a snapshot is coming in
    bool hides_gap_ = false;
    bool had_snapshot_ = false;
    std::function<void()> rejected_;
    loop::Timer expiry_;
    loop::Timer rest_;
    loop::Timer gap_;
    std::optional<link::ServerLink> link_;
    std::optional<link::WakeWatch> wake_;
    std::optional<demo::DemoLink> demo_;
};

} // namespace astcti
