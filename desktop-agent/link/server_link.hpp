// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/link/backoff.hpp"
#include "desktop-agent/link/client_session.hpp"
#include "desktop-agent/link/connection.hpp"
#include "desktop-agent/link/server_address.hpp"
#include "desktop-agent/loop/timer.hpp"
#include "protocol/event.hpp"

#include <chrono>
#include <optional>
#include <sigc++/trackable.h>
#include <string>

namespace astcti::link {

enum class LinkState { disconnected, connecting, authenticating, online, rejected };

// The words of D-Bus.
std::string_view to_word(LinkState state) noexcept;

// Hears of the server. Called from the main loop only, never from within a call to the link.
class LinkHandler {
public:
    // `why` is a sentence for a person, empty if there is nothing to tell.
    virtual void link_changed(LinkState state, const std::string& why) = 0;
    virtual void event_received(const protocol::Event& event) = 0;

protected:
    ~LinkHandler() = default; // never owned through the interface
};

// Stays logged in to a server: connects, logs in, and does it again whenever the
// connection is lost. After a gap the server's snapshot tells what was missed.
class ServerLink final : public sigc::trackable, private ConnectionHandler {
public:
    // For the connection, for each answer, and for the end of the first snapshot.
    static constexpr std::chrono::seconds answer_deadline{10};
    // A refused password stays wrong until a person changes something.
    static constexpr std::chrono::seconds rejected_retry{30};
    // For a sign of life from a server that was there before.
    static constexpr std::chrono::seconds probe_deadline{2};
    // A thousand desktops wake up in the same morning.
    static constexpr std::chrono::milliseconds check_jitter{2000};
    // A server that is lost sooner than this is not tried again at once.
    static constexpr std::chrono::seconds stable_after{10};

    ServerLink(ServerAddress address, Login login, LinkHandler& handler);
    ServerLink(const ServerLink&) = delete;
    ServerLink& operator=(const ServerLink&) = delete;

    void start();

    // The machine slept, or its network is another one: is the server still there, or back?
    void check();

    // Says good-bye; nothing is heard of the link afterwards.
    void stop() noexcept;

private:
    void connected() override;
    void line_received(std::string_view line) override;
    void connection_lost(const std::string& why) override;

    void connect();
    void act(ClientSession::Nothing&) {}
    void act(ClientSession::Send& action);
    void act(ClientSession::LoggedIn&) {}
    void act(ClientSession::Alive&) { deadline_.stop(); }
    void act(ClientSession::Received& action);
    void act(ClientSession::Skipped& action);
    void act(ClientSession::Failed& action);
    void failed(Failure kind, const std::string& why);
    void retry_in(std::chrono::milliseconds delay);
    void set_deadline();
    void set_state(LinkState state, const std::string& why);
    void overdue();

    ServerAddress address_;
    Login login_;
    LinkHandler& handler_;
    LinkState state_ = LinkState::disconnected;
    std::string last_failure_; // told once, not with every attempt
    Backoff backoff_;
    std::chrono::steady_clock::time_point online_since_;
    std::optional<ClientSession> session_;
    std::optional<Connection> connection_;
    loop::Timer deadline_;
    loop::Timer retry_;
};

} // namespace astcti::link
