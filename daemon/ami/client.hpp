// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/backoff.hpp"
#include "daemon/ami/packet_parser.hpp"
#include "daemon/ami/recorder.hpp"
#include "daemon/ami/session.hpp"
#include "daemon/event/timer.hpp"
#include "daemon/event/worker_pool.hpp"
#include "daemon/net/connector.hpp"
#include "daemon/net/stream.hpp"
#include "daemon/net/tls_stream.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace astcti::ami {

// Where Asterisk is and who we are there.
struct Endpoint {
    std::string name; // of the PBX
    std::string host;
    std::uint16_t port = 0;
    std::string user;
    std::string secret;
    std::optional<net::TlsPeer> tls = std::nullopt; // without it in clear
};

class Client;

// Whoever owns clients hears of them through this.
class ClientHandler {
public:
    // Logged in, and what there is may be asked: the first snapshot has come to its end, and
    // snapshot_done() follows. Events came before.
    virtual void connected(Client&) = 0;
    // What there is has been asked for, now and then anew; events may come in between.
    virtual void snapshot_begun(Client&) = 0;
    // Whether an event of this name is to be received; the packet is as it came.
    virtual bool wants(Client&, std::string_view event, std::string_view packet) = 0;
    // An event, an item of a snapshot, or (cut_item, doubtful) what is left of one.
    virtual void received(Client&, const Packet&, Session::Meaning) = 0;
    // What was not in the snapshot is not there.
    virtual void snapshot_done(Client&) = 0;
    // Asterisk will not place a call that was handed to it, or did not say that it would.
    virtual void originate_failed(Client&, const Originate&, const std::string& why) = 0;
    // After connected(): nothing is known of this PBX from now on.
    virtual void disconnected(Client&) = 0;

protected:
    ~ClientHandler() = default; // never owned through the interface
};

// Keeps one manager connection up: looks the host up (in a worker), connects, by TLS if that is
// wanted, logs in, reads, pings, and begins again after a failure. Logs one line for each change.
class Client {
public:
    // Bytes read at a time, and in one turn; then others get theirs.
    static constexpr std::size_t read_size = 65536;
    static constexpr std::size_t max_read = 262144;
    // What we sent and was not acknowledged for so long was sent to nobody.
    static constexpr std::chrono::milliseconds unacknowledged = std::chrono::seconds(10);

    // `workers` look the host up, and must be free to block for that. Throws std::runtime_error
    // if the authorities for TLS cannot be read.
    Client(event::Loop& loop, event::WorkerPool& workers, Endpoint endpoint,
           ClientHandler& handler);
    Client(const Client&) = delete;

    void start();
    const std::string& name() const noexcept { return endpoint_.name; }
    // Logged in, and once told what there is.
    bool is_up() const noexcept { return is_listed_; }
    // What Asterisk sent lately, over this connection and those before it.
    const Recorder& recorder() const noexcept { return recorder_; }

    // False while there is no Asterisk to ask, or too much asked of it.
    [[nodiscard]] bool originate(const Originate& originate);

    // An event was about something that is not known: asks soon what there is.
    void suspect();

private:
    void resolved(const std::vector<net::Address>& addresses, const std::string& why);
    void connected(base::UniqueFd fd, const std::string& why);
    void ready(std::uint32_t events);
    bool open();
    void readable();
    void parse();
    bool take_banner();
    void handle(Session::Meaning meaning, const Packet& packet);
    void came_up();
    void record(Session::Meaning meaning);
    void tell_snapshot_begun();
    void tell_failed_originates();
    void tell_remarks();
    bool is_logged_in() const noexcept { return session_ && session_->is_logged_in(); }
    void flush();
    void tick();
    void after_change();
    void lost(const std::string& why, bool refused);
    std::string explained(const std::string& why) const;
    Time now() const noexcept { return Time(static_cast<Time::rep>(loop_.now())); }

    event::Loop& loop_;
    event::WorkerPool& workers_;
    Endpoint endpoint_;
    ClientHandler& handler_;
    net::Connector connector_;
    event::Timer retry_;
    event::Timer session_timer_;
    Backoff backoff_;
    std::minstd_rand random_;
    std::string action_ids_; // how they begin, over all connections
    std::uint64_t last_action_ = 0;
    std::string last_trouble_;         // told once, not at each attempt
    std::vector<Remark> told_remarks_; // of this connection, and of the one before

    std::optional<net::TlsContext> tls_;
    std::unique_ptr<net::Stream> stream_;
    std::optional<event::IoSource> source_;
    event::Timer read_on_; // a turn was too short for what is here
    bool is_open_ = false; // the stream
    std::optional<Session> session_;
    PacketParser parser_;
    Packet packet_;
    Recorder recorder_;
    Recorder::Time read_at_{}; // what is being parsed; a clock for each packet would cost as much
    bool has_received_ = false;
    bool has_banner_ = false;
    bool is_listed_ = false;  // the channels, over this connection
    bool is_refused_ = false; // they were not, over the one before
    std::string unsent_;
};

} // namespace astcti::ami
