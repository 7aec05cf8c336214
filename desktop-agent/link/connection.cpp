// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/connection.hpp"

#include "desktop-agent/link/secret.hpp"
#include "protocol/event_reader.hpp"

#include <gio/gio.h>
#include <giomm/inetsocketaddress.h>
#include <giomm/networkaddress.h>
#include <giomm/socket.h>
#include <giomm/socketclient.h>
#include <giomm/tlsdatabase.h>
#include <giomm/unixsocketaddress.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sigc++/functors/mem_fun.h>

namespace astcti::link {
namespace {

constexpr gsize read_size = 16384;

// A server that vanished without a word is found out after about half a minute.
constexpr int keepalive_idle = 10; // seconds
constexpr int keepalive_interval = 5;
constexpr int keepalive_count = 4;

Glib::RefPtr<Gio::SocketConnectable> connectable(const ServerAddress& address) {
    if (const auto* local = std::get_if<UnixAddress>(&address))
        return Gio::UnixSocketAddress::create(local->path);
    const auto& tcp = std::get<TcpAddress>(address);
    return Gio::NetworkAddress::create(tcp.host, tcp.port);
}

bool is_tls(const ServerAddress& address) {
    const auto* tcp = std::get_if<TcpAddress>(&address);
    return tcp && tcp->tls;
}

void watch_peer(Gio::Socket& socket) {
    if (socket.get_family() == Gio::SocketFamily::UNIX)
        return;
    socket.set_keepalive(true);
    socket.set_option(IPPROTO_TCP, TCP_KEEPIDLE, keepalive_idle);
    socket.set_option(IPPROTO_TCP, TCP_KEEPINTVL, keepalive_interval);
    socket.set_option(IPPROTO_TCP, TCP_KEEPCNT, keepalive_count);
}

} // namespace

Connection::Connection(ServerAddress address, Trust trust, ConnectionHandler& handler)
    : address_(std::move(address)), trust_(std::move(trust)), handler_(handler),
      cancellable_(Gio::Cancellable::create()), client_(Gio::SocketClient::create()),
      lines_(protocol::max_event_line) {
    client_->set_enable_proxy(false);
    client_->connect_async(connectable(address_), cancellable_,
                           sigc::mem_fun(*this, &Connection::on_connected));
}

void Connection::close() noexcept {
    is_closed_ = true;
    cancellable_->cancel();
    stream_.reset();
    tls_.reset();
    socket_.reset();
}

void Connection::lost(const std::string& why) {
    if (is_closed_)
        return;
    close();
    handler_.connection_lost(why);
}

void Connection::untrusted(const std::string& why) {
    close();
    handler_.server_untrusted(why);
}

bool Connection::is_local() const {
    const auto address =
        std::dynamic_pointer_cast<Gio::InetSocketAddress>(socket_->get_remote_address());
    return !address || address->get_address()->get_is_loopback();
}

void Connection::on_connected(const Glib::RefPtr<Gio::AsyncResult>& result) {
    if (is_closed_)
        return;
    try {
        socket_ = client_->connect_finish(result);
        watch_peer(*socket_->get_socket());
        if (is_tls(address_)) {
            begin_tls();
            return;
        }
        if (!is_local() && !trust_.allow_plain) {
            untrusted("is on another machine and the connection is not encrypted: nothing was "
                      "sent. Write tls://, or give --allow-plain");
            return;
        }
    } catch (const Glib::Error& error) {
        lost(error.what());
        return;
    }
    stream_ = socket_;
    ready();
}

void Connection::begin_tls() {
    if (g_tls_backend_supports_tls(g_tls_backend_get_default()) == FALSE) {
        untrusted("cannot be reached by TLS: this machine lacks glib-networking");
        return;
    }
    tls_ = Gio::TlsClientConnection::create(socket_, connectable(address_));
    if (!trust_.ca_file.empty()) {
        GError* error = nullptr;
        auto* file = g_tls_file_database_new(trust_.ca_file.c_str(), &error);
        if (!file) {
            untrusted(std::string("cannot be checked: ") + error->message);
            g_error_free(error);
            return;
        }
        tls_->set_database(Glib::wrap(G_TLS_DATABASE(file)));
    }
    tls_->signal_accept_certificate().connect(sigc::mem_fun(*this, &Connection::on_certificate),
                                              false);
    tls_->handshake_async(sigc::mem_fun(*this, &Connection::on_handshake), cancellable_);
}

// Called only for a certificate that has errors, in the eyes of GIO.
bool Connection::on_certificate(const Glib::RefPtr<const Gio::TlsCertificate>& certificate,
                                Gio::TlsCertificateFlags errors) {
    distrust_ = distrust(trust_, *certificate, errors).value_or("");
    return distrust_.empty();
}

void Connection::on_handshake(const Glib::RefPtr<Gio::AsyncResult>& result) {
    if (is_closed_)
        return;
    try {
        tls_->handshake_finish(result);
    } catch (const Glib::Error& error) {
        if (!distrust_.empty())
            untrusted(distrust_);
        else
            lost(std::string("no TLS 1.2 or newer comes about: ") + error.what());
        return;
    }
    // A pin is asked for whatever else there is.
    const auto certificate = tls_->get_peer_certificate();
    const auto why = trust_.pin.empty()
                         ? std::nullopt
                         : distrust(trust_, *certificate, Gio::TlsCertificateFlags::NO_FLAGS);
    const auto version = tls_->get_protocol_version();
    if (why) {
        untrusted(*why);
    } else if (version != Gio::TlsProtocolVersion::TLS_1_2 &&
               version != Gio::TlsProtocolVersion::TLS_1_3) {
        untrusted("offers no TLS 1.2 or newer: nothing was sent");
    } else {
        stream_ = tls_;
        ready();
    }
}

void Connection::ready() {
    handler_.connected();
    read();
}

void Connection::read() {
    if (!is_closed_)
        stream_->get_input_stream()->read_bytes_async(
            read_size, sigc::mem_fun(*this, &Connection::on_read), cancellable_);
}

void Connection::on_read(const Glib::RefPtr<Gio::AsyncResult>& result) {
    if (is_closed_)
        return;
    try {
        const auto bytes = stream_->get_input_stream()->read_bytes_finish(result);
        gsize size = 0;
        const auto* data = static_cast<const char*>(bytes->get_data(size));
        if (size == 0) {
            lost("the server closed the connection");
            return;
        }
        lines_.feed({data, size});
    } catch (const Glib::Error& error) {
        lost(error.what());
        return;
    }
    if (hand_out_lines())
        read();
}

// False if the connection is over.
bool Connection::hand_out_lines() {
    std::string_view line;
    while (!is_closed_) {
        switch (lines_.next(line)) {
        case protocol::LineBuffer::Status::need_more:
            return true;
        case protocol::LineBuffer::Status::too_long:
            lost("the server sent a line longer than any event");
            return false;
        case protocol::LineBuffer::Status::line:
            handler_.line_received(line);
        }
    }
    return false;
}

void Connection::send(std::string_view line) {
    unsent_ += line;
    write();
}

void Connection::write() {
    if (is_closed_ || !writing_.empty() || unsent_.empty())
        return;
    writing_ = std::move(unsent_);
    wipe(unsent_);
    stream_->get_output_stream()->write_all_async(writing_.data(), writing_.size(),
                                                  sigc::mem_fun(*this, &Connection::on_written),
                                                  cancellable_);
}

void Connection::on_written(const Glib::RefPtr<Gio::AsyncResult>& result) {
    if (is_closed_)
        return;
    try {
        gsize size = 0;
        stream_->get_output_stream()->write_all_finish(result, size);
    } catch (const Glib::Error& error) {
        lost(error.what());
        return;
    }
    wipe(writing_);
    write();
}

void Connection::send_now(std::string_view line) noexcept {
    if (is_closed_ || !stream_)
        return;
    // It is a courtesy: the server sees the end of the connection anyway.
    g_pollable_output_stream_write_nonblocking(
        G_POLLABLE_OUTPUT_STREAM(stream_->get_output_stream()->gobj()), line.data(), line.size(),
        nullptr, nullptr);
}

} // namespace astcti::link
