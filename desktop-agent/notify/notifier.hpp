// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/loop/timer.hpp"
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

namespace astcti::notify {

// Shows inbound calls through the desktop's org.freedesktop.Notifications: one notification
// a call, critical while it rings unless it is internal, replaced when it is answered or the
// other party is another one, closed when it ends. Holding a call changes nothing. The
// server may be absent, hang, or come and go: nothing here waits for it.
class Notifier : public sigc::trackable {
public:
    // A server that takes longer is told to the log; its answer is still taken, so that
    // what it shows late is closed as well.
    static constexpr std::chrono::seconds answer_deadline{2};
    // One that answers with an error may only just have started.
    static constexpr std::chrono::seconds retry_wait{1};
    static constexpr int max_attempts = 5;
    static constexpr std::chrono::milliseconds answered_shown{8000};

    explicit Notifier(Glib::RefPtr<Gio::DBus::Connection> bus);
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    // The call as it is now. One that was not seen ringing is shown if it `is_news`: it was
    // picked up, or came to an agent whose telephone is off the hook.
    void update(const protocol::Call& call, bool is_news);

    // The call is of no interest any more.
    void remove(const std::string& call);

    // Takes everything off the screen; the owner flushes the bus.
    void close_all();

private:
    struct Shown {
        std::optional<protocol::Call> wanted; // nothing: to be closed
        std::optional<Text> sent;
        std::uint32_t id = 0; // the server's; 0: not shown
        int failures = 0;
        bool is_sending = false;
        bool is_resting = false;   // until the next attempt
        bool is_dismissed = false; // by the person: that was enough for this call
    };

    using Answer = void (Notifier::*)(const Glib::RefPtr<Gio::AsyncResult>&, const std::string&);

    void on_owner_changed(const Glib::ustring& owner);
    void on_closed(const Glib::VariantContainerBase& parameters);
    void on_capabilities(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& server);
    void on_notified(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& call);

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

    Glib::RefPtr<Gio::DBus::Connection> bus_;
    unsigned int watch_ = 0;
    unsigned int closed_signal_ = 0;
    bool has_owner_ = false;
    std::optional<bool> escape_; // nothing: the server was not asked yet
    bool is_asking_ = false;
    bool is_in_trouble_ = false; // told once an episode
    loop::Timer deadline_;
    loop::Timer retry_;
    std::map<std::string, Shown, std::less<>> shown_;
};

} // namespace astcti::notify
