// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/notify/text.hpp"
#include "protocol/call.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <giomm/dbusconnection.h>
#include <string>

namespace astcti::notify {

// Tells of missed calls, once each, and not before the person can see it. They outlive the agent
// and, on GNOME, the session: there they are the application's own notifications.
class MissedCalls {
public:
    static constexpr std::size_t max_held = 20; // while the screen is locked; then the oldest goes

    // The application's: an id, a title and a body without markup.
    using Send = std::function<void(const std::string& id, const std::string& title,
                                    const std::string& body)>;

    MissedCalls(Glib::RefPtr<Gio::DBus::Connection> bus, Send send);
    ~MissedCalls();
    MissedCalls(const MissedCalls&) = delete;
    MissedCalls& operator=(const MissedCalls&) = delete;

    void add(const protocol::Call& call, const Screen& screen);

    // What was held back is told, if it may be now.
    void update(const Screen& screen);

private:
    void send(const protocol::Call& call, const Screen& screen);

    Glib::RefPtr<Gio::DBus::Connection> bus_;
    Send send_;
    unsigned int watch_ = 0;
    bool has_gnome_ = false; // org.gtk.Notifications shows text as it is
    std::deque<protocol::Call> held_;
};

} // namespace astcti::notify
