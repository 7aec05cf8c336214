// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/link/server_address.hpp"
#include "desktop-agent/link/trust.hpp"
#include "protocol/line_buffer.hpp"

#include <giomm/asyncresult.h>
#include <giomm/cancellable.h>
#include <giomm/socketclient.h>
#include <giomm/socketconnection.h>
#include <giomm/tlsclientconnectionimpl.h>
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
    // Nothing was sent to it.
    virtual void server_untrusted(const std::string& why) = 0;

protected:
    ~ConnectionHandler() = default; // never owned through the interface
};

// One connection to a server, from the attempt to its end: lines in, lines out.
class Connection : public sigc::trackable {
public:
    // Begins to connect.
    Connection(ServerAddress address, Trust trust, ConnectionHandler& handler);
    ~Connection() { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void send(std::string_view line);

    // Sends what the socket takes at once, for a last word before close().
    void send_now(std::string_view line) noexcept;

    // Nothing is heard of the connection afterwards.
    void close() noexcept;

private:
    // A Unix socket, or the same machine.
    bool is_local() const;
    void on_connected(const Glib::RefPtr<Gio::AsyncResult>& result);
    void begin_tls();
    bool on_certificate(const Glib::RefPtr<const Gio::TlsCertificate>& certificate,
                        Gio::TlsCertificateFlags errors);
    void on_handshake(const Glib::RefPtr<Gio::AsyncResult>& result);
    void ready();
    void on_read(const Glib::RefPtr<Gio::AsyncResult>& result);
    void on_written(const Glib::RefPtr<Gio::AsyncResult>& result);
    void read();
    void write();
    void lost(const std::string& why);
    void untrusted(const std::string& why);
    bool hand_out_lines();

    ServerAddress address_;
    Trust trust_;
    ConnectionHandler& handler_;
    Glib::RefPtr<Gio::Cancellable> cancellable_;
    Glib::RefPtr<Gio::SocketClient> client_;
    Glib::RefPtr<Gio::SocketConnection> socket_;
    Glib::RefPtr<Gio::TlsClientConnectionImpl> tls_;
    Glib::RefPtr<Gio::IOStream> stream_; // one of the two
    std::string distrust_;               // of the certificate; empty if there is none
    protocol::LineBuffer lines_;
    // Passwords go by here: overwritten once sent.
    std::string unsent_;
    std::string writing_;
    bool is_closed_ = false;
};

} // namespace astcti::link
