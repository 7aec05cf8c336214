// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/client.hpp"

#include "daemon/base/log.hpp"
#include "daemon/net/receive_buffer.hpp"

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>

namespace astcti::ami {
namespace {

using base::log;
using base::LogLevel;

// Asterisk drops a manager connection whose socket is full for 100 ms: AMI goes before clients.
constexpr std::int64_t before_clients = -10;
constexpr std::size_t receive_buffer = 4 << 20;

// More of them than there are rights.
constexpr std::size_t max_told_remarks = 64;

// An event that a caller forged must not be able to answer an action.
std::string new_action_ids() {
    std::random_device random;
    return fmt::format("astcti-{:08x}{:08x}", random(), random());
}

void prepare(int fd) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto timeout = static_cast<unsigned>(Client::unacknowledged.count());
    ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
    net::set_receive_buffer(fd, receive_buffer);
}

Recorder::Time real_time() {
    return std::chrono::duration_cast<Recorder::Time>(
        std::chrono::system_clock::now().time_since_epoch());
}

} // namespace

Client::Client(event::Loop& loop, event::WorkerPool& workers, Endpoint endpoint,
               ClientHandler& handler)
    : loop_(loop), workers_(workers), endpoint_(std::move(endpoint)), handler_(handler),
      connector_(loop, [this](base::UniqueFd fd,
                              const std::string& why) { connected(std::move(fd), why); }),
      retry_(loop, [this] { start(); }), session_timer_(loop, [this] { tick(); }),
      random_(std::random_device{}()), action_ids_(new_action_ids()), read_on_(loop, [this] {
          if (session_)
              readable();
      }) {
    if (endpoint_.tls)
        tls_.emplace(*endpoint_.tls);
    parser_.set_interest([this](std::string_view event, std::string_view packet) {
        const bool wanted = SnapshotQuery::needs(event) || Doubt::begins(event) ||
                            handler_.wants(*this, event, packet) ||
                            (session_ && session_->is_in_doubt());
        if (!wanted && is_logged_in()) {
            if (!session_->passed_over(packet))
                session_->was_cut(now());
            recorder_.received(packet, parser_.raw_memory(), read_at_);
        }
        return wanted;
    });
}

void Client::start() {
    if (const auto address = net::ip_address(endpoint_.host, endpoint_.port)) {
        connector_.connect({*address});
        return;
    }
    const bool submitted = workers_.submit(
        [this, host = endpoint_.host, port = endpoint_.port]() -> event::WorkerPool::Done {
            std::vector<net::Address> addresses;
            std::string why;
            try {
                addresses = net::resolve(host, port);
            } catch (const std::runtime_error& error) {
                why = error.what();
            }
            return [this, addresses, why] { resolved(addresses, why); };
        });
    if (!submitted)
        lost("too much to do to look its name up", false);
}

void Client::resolved(const std::vector<net::Address>& addresses, const std::string& why) {
    if (!why.empty())
        lost(why, false);
    else
        connector_.connect(addresses);
}

void Client::connected(base::UniqueFd fd, const std::string& why) {
    if (!fd) {
        lost("cannot connect to " + why, false);
        return;
    }
    prepare(fd.get());
    stream_ =
        tls_ ? tls_->connect(std::move(fd)) : std::make_unique<net::PlainStream>(std::move(fd));
    parser_.reset();
    is_open_ = false;
    has_received_ = false;
    has_banner_ = false;
    unsent_.clear();
    session_.emplace(endpoint_.user, endpoint_.secret, now(), action_ids_, last_action_);
    source_.emplace(loop_, stream_->fd(), EPOLLIN, [this](std::uint32_t events) { ready(events); });
    source_->set_priority(before_clients);
    if (open())
        after_change();
}

void Client::ready(std::uint32_t events) {
    // What came with the end of the handshake is here already.
    const bool was_open = is_open_;
    const bool could_not_read = was_open && stream_->wants_write();
    if (!open())
        return;
    if (events & EPOLLOUT)
        flush();
    if (session_ && (events & ~static_cast<std::uint32_t>(EPOLLOUT) || !was_open || could_not_read))
        readable();
}

// Nothing is read or sent before: the deadline is the session's, which waits for the banner.
bool Client::open() {
    if (is_open_)
        return true;
    const auto opened = stream_->open();
    if (opened.how == net::Moved::How::some) {
        is_open_ = true;
    } else if (opened.how == net::Moved::How::none) {
        source_->set_events(stream_->wants_write() ? EPOLLIN | EPOLLOUT : EPOLLIN);
        session_timer_.start(std::max(session_->next_deadline() - now(), Time::zero()));
    } else {
        lost(opened.why, opened.is_lasting);
    }
    return is_open_;
}

void Client::readable() {
    std::size_t total = 0;
    while (session_) {
        if (total >= max_read) {
            if (stream_->has_pending())
                read_on_.start({});
            break;
        }
        const auto room = parser_.room(read_size).first(read_size);
        const auto moved = stream_->read(room);
        if (moved.how == net::Moved::How::none)
            break;
        if (moved.how != net::Moved::How::some) {
            lost(moved.how == net::Moved::How::closed ? "Asterisk closed the connection"
                                                      : moved.why,
                 moved.is_lasting);
            return;
        }
        total += moved.count;
        has_received_ = true;
        parser_.fed(moved.count);
        read_at_ = real_time();
        parse();
        parser_.offer(recorder_.take_spare());
        // A socket that gave less has no more; records of TLS are small.
        if (!tls_ && moved.count < room.size())
            break;
    }
    after_change();
}

bool Client::take_banner() {
    std::string_view line;
    switch (parser_.next_line(line)) {
    case PacketParser::Status::need_more:
        return false;
    case PacketParser::Status::packet:
        session_->banner(line, now());
        break;
    default:
        session_->banner("a line without an end", now());
    }
    has_banner_ = true;
    return true;
}

void Client::parse() {
    if (!has_banner_ && !take_banner())
        return;
    while (session_ && !session_->failure()) {
        switch (parser_.next(packet_)) {
        case PacketParser::Status::need_more:
            return;
        case PacketParser::Status::packet: {
            const auto meaning = session_->received(packet_, now());
            record(meaning);
            handle(meaning, packet_);
            tell_snapshot_begun();
            break;
        }
        case PacketParser::Status::malformed:
            record(Session::Meaning::none);
            log(LogLevel::warning, "pbx {}: a manager packet was dropped: {}", name(),
                parser_.why());
            handle(session_->malformed(packet_, now()), packet_);
            break;
        case PacketParser::Status::flooded:
            lost("it sends a packet without end", false);
            return;
        }
    }
}

// From the login's success on: what came before is between Asterisk and us.
void Client::record(Session::Meaning meaning) {
    if (meaning == Session::Meaning::logged_in)
        recorder_.connected(session_->greeting(), read_at_);
    if (session_->is_logged_in())
        recorder_.received(parser_.raw(), parser_.raw_memory(), read_at_);
}

void Client::tell_snapshot_begun() {
    if (!session_ || !session_->take_snapshot_begun())
        return;
    recorder_.snapshot_asked(real_time());
    handler_.snapshot_begun(*this);
}

void Client::handle(Session::Meaning meaning, const Packet& packet) {
    switch (meaning) {
    case Session::Meaning::none:
        break;
    case Session::Meaning::logged_in:
        // Told once, where it is not believed to go any better than before.
        log(is_refused_ ? LogLevel::debug : LogLevel::notice,
            "pbx {}: AMI connected to {}:{}{} ({})", name(), endpoint_.host, endpoint_.port,
            tls_ ? " by TLS" : "", session_->greeting());
        break;
    case Session::Meaning::event:
    case Session::Meaning::snapshot_item:
    case Session::Meaning::cut_item:
    case Session::Meaning::doubtful:
        handler_.received(*this, packet, meaning);
        break;
    case Session::Meaning::snapshot_done:
        if (!std::exchange(is_listed_, true))
            came_up();
        handler_.snapshot_done(*this);
        break;
    }
}

void Client::came_up() {
    if (std::exchange(is_refused_, false))
        log(LogLevel::notice, "pbx {}: the channels can be listed now", name());
    last_trouble_.clear();
    backoff_.succeeded();
    handler_.connected(*this);
}

void Client::tell_failed_originates() {
    for (const auto& failed : session_->take_failed_originates())
        handler_.originate_failed(*this, failed.originate, failed.why);
}

// What was said of the last connection already is not worth saying aloud of each.
void Client::tell_remarks() {
    for (auto& remark : session_->take_remarks()) {
        const bool is_new = std::ranges::find(told_remarks_, remark) == told_remarks_.end();
        log(is_new ? remark.level : LogLevel::debug, "pbx {}: {}", name(), remark.text);
        if (is_new && told_remarks_.size() < max_told_remarks)
            told_remarks_.push_back(std::move(remark));
    }
}

// Sends what the session has to say, and ends it if it is over.
void Client::after_change() {
    if (!session_)
        return;
    tell_snapshot_begun();
    tell_remarks();
    unsent_ += session_->take_output();
    flush();
    if (!session_)
        return;
    if (const auto failure = session_->failure()) {
        lost(failure->why, failure->refused);
        return;
    }
    const auto left = session_->next_deadline() - now();
    session_timer_.start(std::max(left, Time::zero()));
    tell_failed_originates();
}

void Client::flush() {
    while (!unsent_.empty() && is_open_) {
        const auto moved = stream_->write(unsent_);
        if (moved.how == net::Moved::How::none)
            break;
        if (moved.how != net::Moved::How::some) {
            lost(moved.how == net::Moved::How::closed ? "Asterisk closed the connection"
                                                      : moved.why,
                 moved.is_lasting);
            return;
        }
        unsent_.erase(0, moved.count);
    }
    source_->set_events(unsent_.empty() && !stream_->wants_write() ? EPOLLIN : EPOLLIN | EPOLLOUT);
}

void Client::tick() {
    if (session_)
        session_->tick(now());
    after_change();
}

// May run inside the source's callback: the source is stopped here and replaced later.
void Client::lost(const std::string& why, bool refused) {
    const bool was_up = std::exchange(is_listed_, false);
    std::vector<FailedOriginate> failed;
    if (session_) {
        tell_remarks();
        is_refused_ = refused && session_->is_logged_in();
        last_action_ = session_->last_id();
        session_->abandon("the connection to Asterisk was lost");
        failed = session_->take_failed_originates();
    }
    if (source_)
        source_->stop();
    session_timer_.stop();
    read_on_.stop();
    const auto trouble = explained(why);
    session_.reset();
    stream_.reset();

    constexpr auto range = static_cast<double>(std::minstd_rand::max());
    const auto wait =
        refused ? Backoff::refused() : backoff_.failed(static_cast<double>(random_()) / range);
    if (was_up || trouble != last_trouble_)
        log(LogLevel::error, "pbx {}: {}; trying again", name(), trouble);
    else
        log(LogLevel::debug, "pbx {}: {}; trying again in {} ms", name(), trouble,
            wait.count() / 1000);
    last_trouble_ = trouble;
    retry_.start(wait);
    for (const auto& originate : failed)
        handler_.originate_failed(*this, originate.originate, originate.why);
    if (was_up)
        handler_.disconnected(*this);
}

// The wrong kind of port says nothing at all: both ends wait.
std::string Client::explained(const std::string& why) const {
    if (!session_ || has_received_ || (!is_open_ && why.starts_with("no TLS")))
        return why;
    if (!tls_)
        return why + ": not even Asterisk's greeting came; if this is its port for TLS "
                     "(tlsbindaddr=, usually 5039), write tls=\"yes\"";
    if (!is_open_)
        return "no TLS: " + why + "; is this Asterisk's port for TLS (tlsbindaddr=, usually 5039)?";
    return why + ": not even Asterisk's greeting came";
}

void Client::suspect() {
    if (session_)
        session_->suspect(now());
}

bool Client::originate(const Originate& originate) {
    if (!is_logged_in())
        return false;
    const bool taken = session_->originate(originate, now());
    after_change();
    return taken;
}

} // namespace astcti::ami
