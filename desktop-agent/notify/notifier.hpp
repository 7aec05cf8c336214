// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/loop/timer.hpp"
#include "desktop-agent/notify/kept_ids_file.hpp"
#include "desktop-agent/notify/lock_watch.hpp"
#include "desktop-agent/notify/missed_calls.hpp"
#include "desktop-agent/notify/text.hpp"
#include "protocol/call.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <giomm/dbusconnection.h>
#include <map>
#include <optional>
#include <sigc++/trackable.h>
#include <string>
#include <string_view>

namespace astcti::notify {

// Hears of what the person clicks and of what becomes of notifications. Called from the main
// loop.
class NotifierHandler {
public:
    // The name of the rule that a click would run, or nothing.
    virtual std::string offered(const protocol::Call& call) = 0;
    // The person clicked. The token, if there is one, lets a window come to the front.
    virtual void opened(const protocol::Call& call, const std::string& activation_token) = 0;
    // A word and a sentence on why something is shown or not.
    virtual void noted(const std::string& call, std::string_view result,
                       const std::string& text) = 0;

protected:
    ~NotifierHandler() = default; // never owned through the interface
};

// Shows inbound calls through the desktop's org.freedesktop.Notifications: one notification
// a call that rings for a while, critical unless it is internal, replaced when it is answered or
// the other party is another one, closed when it ends. Holding a call changes nothing. The server
// may be absent, hang, or come and go: nothing here waits for it.
class Notifier : public sigc::trackable {
public:
    // A call that is answered sooner was answered by a machine: nobody has to be told to.
    static constexpr std::chrono::milliseconds ring_delay{500};
    // A server that takes longer is told to the log; its answer is still taken, so that
    // what it shows late is closed as well.
    static constexpr std::chrono::seconds answer_deadline{2};
    // One that answers with an error may only just have started.
    static constexpr std::chrono::seconds retry_wait{1};
    static constexpr int max_attempts = 5;
    static constexpr std::chrono::milliseconds answered_shown{8000};

    Notifier(Glib::RefPtr<Gio::DBus::Connection> bus, NotifierHandler& handler,
             MissedCalls::Send missed);
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    // The call as it is now. One that was not seen ringing is shown if it `is_news`: it was
    // picked up, or came to an agent whose telephone is off the hook.
    void update(const protocol::Call& call, bool is_news);

    // Nothing is shown any more, until it is false again; what rings then is not shown later.
    void set_muted(bool muted);

    // Takes everything off the screen; the owner flushes the bus.
    void close_all();

private:
    using Time = std::chrono::steady_clock::time_point;

    struct Shown {
        std::optional<protocol::Call> wanted; // nothing: to be closed
        std::optional<Time> due;              // not before
        std::optional<Text> sent;
        std::uint32_t id = 0; // the server's; 0: not shown
        std::string token;    // of the click that is coming
        int failures = 0;
        bool is_sending = false;
        bool has_tag = false;      // so it can be taken away without its id
        bool is_resting = false;   // until the next attempt
        bool is_dismissed = false; // by the person: that was enough for this call
    };
    using Shows = std::map<std::string, Shown, std::less<>>;
    using Answer = void (Notifier::*)(const Glib::RefPtr<Gio::AsyncResult>&, const std::string&);

    void begin(const protocol::Call& call);
    void go_on(Shown& shown, const protocol::Call& call, bool talks);
    void set_due();
    void on_due();
    void on_owner_changed(const Glib::ustring& owner);
    void on_signal(const Glib::ustring& name, const Glib::VariantContainerBase& parameters);
    void on_closed(const Glib::VariantContainerBase& parameters);
    void on_action(Shows::iterator shown, const std::string& key);
    void on_capabilities(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& server);
    void on_notified(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& call);
    void on_lock_changed();

    Shows::iterator find(std::uint32_t id);
    Screen screen() const;
    void ask_capabilities();
    void send_all();
    void send(const std::string& call, Shown& shown);
    void close(std::uint32_t id);
    void call(const char* method, const Glib::VariantContainerBase& parameters, Answer answer,
              const std::string& about);
    void answered();
    void failed(Shown& shown);
    void retry();
    void trouble(const std::string& why);
    void close_left_behind();
    void take_over(const std::string& call);
    void keep_ids();

    Glib::RefPtr<Gio::DBus::Connection> bus_;
    NotifierHandler& handler_;
    LockWatch lock_;
    MissedCalls missed_;
    KeptIdsFile file_;
    KeptIds left_behind_; // by an agent that crashed
    unsigned int watch_ = 0;
    unsigned int signals_ = 0;
    std::string owner_;            // the server's unique name; empty: there is none
    std::optional<Screen> server_; // nothing: it was not asked yet
    bool is_asking_ = false;
    bool is_in_trouble_ = false; // told once an episode
    bool is_muted_ = false;
    loop::Timer deadline_;
    loop::Timer retry_;
    loop::Timer due_;
    Shows shown_;
};

} // namespace astcti::notify
