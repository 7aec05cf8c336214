// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/link/server_address.hpp"
#include "protocol/line_buffer.hpp"

#include <giomm/asyncresult.h>
#include <giomm/cancellable.h>
#include <giomm/socketclient.h>
#include <giomm/socketconnection.h>
#include <sigc++/trackable.h>
#include <string>
#include <string_view>

namespace astcti::link {

// Hears of a connection. May close it from any of these, but not destroy it.
class ConnectionHandler {
public:
    virtual void connected() = 0;
    virtual void line_received(std::string_view line) = 0;
    virtual void connection_lost(const std::string& why) = 0;

protected:
    ~ConnectionHandler() = default; // never owned through the interface
};

// One connection to a server, from the attempt to its end: lines in, lines out.
class Connection : public sigc::trackable {
public:
    // Begins to connect.
    Connection(const ServerAddress& address, ConnectionHandler& handler);
    ~Connection() { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void send(std::string_view line);

    // Sends what the socket takes at once, for a last word before close().
    void send_now(std::string_view line) noexcept;

    // Nothing is heard of the connection afterwards.
    void close() noexcept;

    // A Unix socket, or the same machine.
    bool is_local() const;

private:
    void on_connected(const Glib::RefPtr<Gio::AsyncResult>& result);
    void on_read(const Glib::RefPtr<Gio::AsyncResult>& result);
    void on_written(const Glib::RefPtr<Gio::AsyncResult>& result);
    void read();
    void write();
    void lost(const std::string& why);
    bool hand_out_lines();

    ConnectionHandler& handler_;
    Glib::RefPtr<Gio::Cancellable> cancellable_;
    Glib::RefPtr<Gio::SocketClient> client_;
    Glib::RefPtr<Gio::SocketConnection> stream_;
    protocol::LineBuffer lines_;
    std::string unsent_;
    bool is_writing_ = false;
    bool is_closed_ = false;
};

} // namespace astcti::link
