// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/connection.hpp"

#include "protocol/event_reader.hpp"

#include <giomm/inetsocketaddress.h>
#include <giomm/networkaddress.h>
#include <giomm/socket.h>
#include <giomm/socketclient.h>
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

void watch_peer(Gio::Socket& socket) {
    if (socket.get_family() == Gio::SocketFamily::UNIX)
        return;
    socket.set_keepalive(true);
    socket.set_option(IPPROTO_TCP, TCP_KEEPIDLE, keepalive_idle);
    socket.set_option(IPPROTO_TCP, TCP_KEEPINTVL, keepalive_interval);
    socket.set_option(IPPROTO_TCP, TCP_KEEPCNT, keepalive_count);
}

} // namespace

Connection::Connection(const ServerAddress& address, ConnectionHandler& handler)
    : handler_(handler), cancellable_(Gio::Cancellable::create()),
      client_(Gio::SocketClient::create()), lines_(protocol::max_event_line) {
    client_->set_enable_proxy(false);
    client_->connect_async(connectable(address), cancellable_,
                           sigc::mem_fun(*this, &Connection::on_connected));
}

void Connection::close() noexcept {
    is_closed_ = true;
    cancellable_->cancel();
    stream_.reset();
}

void Connection::lost(const std::string& why) {
    if (is_closed_)
        return;
    close();
    handler_.connection_lost(why);
}

bool Connection::is_local() const {
    const auto address =
        std::dynamic_pointer_cast<Gio::InetSocketAddress>(stream_->get_remote_address());
    return !address || address->get_address()->get_is_loopback();
}

void Connection::on_connected(const Glib::RefPtr<Gio::AsyncResult>& result) {
    if (is_closed_)
        return;
    try {
        stream_ = client_->connect_finish(result);
        watch_peer(*stream_->get_socket());
    } catch (const Glib::Error& error) {
        lost(error.what());
        return;
    }
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
    if (is_closed_ || is_writing_ || unsent_.empty())
        return;
    is_writing_ = true;
    stream_->get_output_stream()->write_bytes_async(
        Glib::Bytes::create(unsent_.data(), unsent_.size()),
        sigc::mem_fun(*this, &Connection::on_written), cancellable_);
}

void Connection::on_written(const Glib::RefPtr<Gio::AsyncResult>& result) {
    if (is_closed_)
        return;
    is_writing_ = false;
    try {
        const auto size = stream_->get_output_stream()->write_bytes_finish(result);
        unsent_.erase(0, static_cast<std::size_t>(size));
    } catch (const Glib::Error& error) {
        lost(error.what());
        return;
    }
    write();
}

void Connection::send_now(std::string_view line) noexcept {
    if (is_closed_ || !stream_)
        return;
    // It is a courtesy: the server sees the end of the connection anyway.
    g_socket_send_with_blocking(stream_->get_socket()->gobj(), line.data(), line.size(), FALSE,
                                nullptr, nullptr);
}

} // namespace astcti::link
