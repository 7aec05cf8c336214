// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/link/backoff.hpp"
#include "desktop-agent/link/client_session.hpp"
#include "desktop-agent/link/connection.hpp"
#include "desktop-agent/link/password_source.hpp"
#include "desktop-agent/link/secret.hpp"
#include "desktop-agent/link/server_address.hpp"
#include "desktop-agent/link/trust.hpp"
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

// Why the link is not as it should be: a sentence for a person, empty if there is nothing to tell.
struct Trouble {
    Failure kind = Failure::closed;
    std::string why;
};

// Hears of the server. Called from the main loop only, never from within a call to the link.
class LinkHandler {
public:
    virtual void link_changed(LinkState state, const Trouble& trouble) = 0;
    virtual void event_received(const protocol::Event& event) = 0;

    // Which list of the server's rules is known already, "" if none is; nothing if none is wanted.
    virtual std::optional<std::string> wanted_rules() const = 0;
    // What the server has: the id of a list, which comes if it is another one, or nothing.
    virtual void rules_told(const std::optional<std::string>& list) = 0;

protected:
    ~LinkHandler() = default; // never owned through the interface
};

// Stays logged in to a server: connects, logs in, and does it again whenever the
// connection is lost. After a gap the server's snapshot tells what was missed.
class ServerLink final : public sigc::trackable, private ConnectionHandler {
public:
    // For the connection, for each answer, and for the end of the first snapshot.
    static constexpr std::chrono::seconds answer_deadline{10};
    // What is refused stays so until a person changes something; a wrong password is tried
    // twice as late each time.
    static constexpr std::chrono::seconds rejected_retry{30};
    static constexpr std::chrono::seconds max_rejected_retry{600};
    // A server that wants to be left alone for longer is not obeyed.
    static constexpr std::chrono::milliseconds max_try_later{600'000};
    // For who knows the password: a person may have to unlock something first.
    static constexpr std::chrono::seconds password_deadline{120};
    // For a sign of life from a server that was there before.
    static constexpr std::chrono::seconds probe_deadline{2};
    // A thousand desktops wake up in the same morning.
    static constexpr std::chrono::milliseconds check_jitter{2000};
    // A server that is lost sooner than this is not tried again at once.
    static constexpr std::chrono::seconds stable_after{10};

    // Without `passwords` the server asks the system who is at the other end of the Unix
    // socket. `passwords` outlives the link.
    ServerLink(ServerAddress address, Trust trust, std::string user, PasswordSource* passwords,
               LinkHandler& handler);
    ServerLink(const ServerLink&) = delete;
    ServerLink& operator=(const ServerLink&) = delete;

    void start();

    // The machine slept, or its network is another one: is the server still there, or back?
    void check();

    // Rules of the server are wanted from now on. Where they are so already they are asked for with
    // each login.
    void ask_rules();

    // Says good-bye; nothing is heard of the link afterwards.
    void stop() noexcept;

private:
    void connected() override;
    void line_received(std::string_view line) override;
    void connection_lost(const std::string& why) override;
    void server_untrusted(const std::string& why) override;

    void connect();
    void act(ClientSession::Nothing&) {}
    void act(ClientSession::Send& action);
    void act(ClientSession::NeedPassword&);
    void act(ClientSession::LoggedIn& action);
    void act(ClientSession::Alive&) { answered(); }
    void act(ClientSession::Renewed& action);
    void act(ClientSession::RulesTold& action);
    void act(ClientSession::Received& action);
    void act(ClientSession::Skipped& action);
    void act(ClientSession::Failed& action);
    void take(Grant& grant);
    void renew();
    void answered();
    void password_known(PasswordSource::Answer answer);
    void failed(Failure kind, const std::string& why,
                std::optional<std::chrono::milliseconds> retry = std::nullopt);
    std::chrono::milliseconds delay_after(Failure kind,
                                          std::optional<std::chrono::milliseconds> retry);
    void retry_in(std::chrono::milliseconds delay);
    void set_deadline();
    void set_state(LinkState state, const Trouble& trouble);
    void overdue();

    ServerAddress address_;
    Trust trust_;
    std::string user_;
    PasswordSource* passwords_;
    LinkHandler& handler_;
    LinkState state_ = LinkState::disconnected;
    std::string last_failure_; // told once, not with every attempt
    Backoff backoff_;
    std::chrono::milliseconds spread_ = Backoff::first; // as the server said last
    std::chrono::seconds rejected_wait_ = rejected_retry;
    Secret token_;
    Secret password_;           // that came too late for its connection
    bool is_asking_ = false;    // for the password
    unsigned int question_ = 0; // its number: an answer to an earlier one comes too late
    std::chrono::steady_clock::time_point online_since_;
    std::optional<ClientSession> session_;
    std::optional<Connection> connection_;
    loop::Timer deadline_;
    loop::Timer patience_; // with who knows the password
    loop::Timer renewal_;
    loop::Timer retry_;
};

} // namespace astcti::link
