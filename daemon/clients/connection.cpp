// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/connection.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <utility>

namespace astcti::clients {

Connection::Connection(event::Loop& loop, Groups& groups, std::unique_ptr<net::Stream> stream,
                       Session session, ConnectionHandler& handler)
    : loop_(loop), session_(std::move(session)), handler_(handler), stream_(std::move(stream)),
      groups_(groups), source_(groups.strangers, stream_->fd(), EPOLLIN,
                               [this](std::uint32_t events) { ready(events); }),
      lines_(session_.max_line()), began_(now()), heard_(began_), ticked_(began_) {}

Connection::Time Connection::now() const {
    return Time(static_cast<Time::rep>(loop_.now()));
}

std::string Connection::label() const {
    return session_.is_logged_in() ? fmt::format("client {} ({})", id(), session_.entry().user)
                                   : fmt::format("client {}", id());
}

void Connection::start() {
    open();
    watch();
}

void Connection::open() {
    const auto moved = stream_->open();
    if (moved.how == net::Moved::How::none)
        return;
    if (moved.how != net::Moved::How::some) {
        close(moved.why.empty() ? "the client left" : moved.why);
        return;
    }
    opened_ = true;
    handler_.opened(*this);
    // Who comes back says what it wants at once: then all answers are one piece.
    ++steps_;
    send(session_.begin().send);
    readable();
    --steps_;
    push();
}

void Connection::ready(std::uint32_t events) {
    if (closed_)
        return;
    // Not at the login already: most say nothing for long after it.
    if (session_.is_logged_in())
        source_.move_to(groups_.clients);
    if (!opened_) {
        open();
    } else {
        flush();
        if (closed_)
            return;
        if (!session_.is_waiting() && !has_lines_ && !outbox_.is_slow())
            readable();
        else if ((events & (EPOLLHUP | EPOLLERR)) != 0)
            close("the client left"); // or the loop would be told of it again and again
        else
            source_.set_events(wanted_events());
    }
    watch();
}

void Connection::readable() {
    std::array<char, max_read> bytes; // NOLINT: filled by read()
    const auto size = session_.is_logged_in() ? max_read : max_read_before_login;
    do {
        const auto moved = stream_->read(std::span(bytes).first(size));
        if (moved.how == net::Moved::How::none)
            return;
        if (moved.how != net::Moved::How::some) {
            close(moved.how == net::Moved::How::closed ? "the client left" : moved.why);
            return;
        }
        heard_ = now();
        set_silent(false);
        lines_.feed({bytes.data(), moved.count});
        handle_lines();
        // What TLS has decrypted already the descriptor does not tell of.
    } while (!closed_ && stream_->has_pending());
}

// One line after the other; stops while a login is being checked, so that answers come in
// the order of the commands.
void Connection::handle_lines() {
    if (handling_)
        return;
    handling_ = true;
    has_lines_ = false;
    ++steps_;
    int left = max_lines_in_a_turn;
    while (!closed_ && !session_.is_waiting() && !outbox_.is_slow()) {
        std::string_view line;
        const auto status = lines_.next(line);
        if (status == protocol::LineBuffer::Status::need_more)
            break;
        perform(status == protocol::LineBuffer::Status::line ? session_.received(line)
                                                             : session_.received_too_long());
        if (--left == 0) {
            has_lines_ = true;
            break;
        }
    }
    --steps_;
    const bool was_slow = outbox_.is_slow() && lines_.size() > 0;
    push();
    handling_ = false;
    has_lines_ = has_lines_ || (was_slow && !outbox_.is_slow());
    if (has_lines_ && !closed_)
        handler_.wants_turn(*this);
    watch();
}

void Connection::go_on() {
    if (!closed_)
        handle_lines();
}

void Connection::perform(Session::Step step) {
    ++steps_;
    send(step.send);
    lines_.set_max_line(session_.max_line());
    if (session_.is_logged_in())
        outbox_.set_has_snapshots(session_.is_native());
    // One that is owed is what was asked for: told now, it would hide that events were lost.
    const bool comes_anyway = step.request &&
                              std::holds_alternative<SnapshotRequest>(*step.request) &&
                              outbox_.owes_snapshot();
    if (step.request && !closed_ && !comes_anyway)
        handler_.requested(*this, std::move(*step.request));
    --steps_;
    if (step.close) {
        flush();
        close("done");
        return;
    }
    push();
    if (!closed_)
        handle_lines();
}

void Connection::tell(const std::variant<protocol::EventBody, protocol::OriginalEvent>& event,
                      protocol::Microseconds time, bool in_snapshot) {
    if (closed_ || (!in_snapshot && !outbox_.takes_event(now())))
        return;
    const auto* const body = std::get_if<protocol::EventBody>(&event);
    send(body ? session_.encode(*body, time)
              : Session::encode(std::get<protocol::OriginalEvent>(event)));
}

void Connection::say_goodbye(std::chrono::milliseconds spread) {
    if (opened_ && !closed_)
        send(session_.goodbye(spread));
}

void Connection::send(std::string_view bytes) {
    if (closed_ || bytes.empty())
        return;
    outbox_.add(bytes, now());
    push();
}

// Each piece costs a system call, and the client's wake-up: the answers to lines that came
// together, a login's and the snapshot behind it are one.
void Connection::push() {
    if (closed_ || outbox_.unsent().empty() || holds_back())
        return;
    flush();
    if (!closed_ && outbox_.is_hopeless(now()))
        close("it does not read what it is sent");
    else
        watch();
}

void Connection::flush() {
    const bool had = !outbox_.unsent().empty();
    while (!outbox_.unsent().empty()) {
        const auto moved = stream_->write(outbox_.unsent().substr(0, max_read));
        if (moved.how == net::Moved::How::none)
            return;
        if (moved.how != net::Moved::How::some) {
            close(moved.how == net::Moved::How::closed ? "the client left" : moved.why);
            return;
        }
        outbox_.sent(moved.count);
    }
    if (had)
        drained();
}

// A client that was slow has taken all that there was.
void Connection::drained() {
    if (outbox_.take_snapshot_due()) {
        session_.lost_events();
        handler_.requested(*this, SnapshotRequest{});
    }
    if (!handling_ && opened_ && lines_.size() > 0 && !closed_) {
        has_lines_ = true;
        handler_.wants_turn(*this);
    }
}

void Connection::tick(bool crowded) {
    if (closed_)
        return;
    const auto since = now() - std::exchange(ticked_, now());
    if (session_.is_waiting())
        waited_ += since;
    const auto age = now() - began_ - waited_;
    const auto silence = now() - heard_;
    const bool is_original = session_.is_logged_in() && !session_.is_native();
    if (!opened_ && age >= (crowded ? crowded_handshake_deadline : handshake_deadline))
        close("no TLS handshake in time");
    else if (!session_.is_logged_in() && !session_.is_waiting() && age >= login_deadline)
        close("no login in time");
    else if (outbox_.is_hopeless(now()))
        close("it does not read what it is sent");
    else if (is_original && silence >= original_timeout)
        close("it was silent for a minute");
    else if (is_original && silence >= original_silence)
        set_silent(true);
}

void Connection::set_silent(bool is_silent) {
    if (std::exchange(silent_, is_silent) != is_silent)
        handler_.silence_changed(*this, is_silent);
}

bool Connection::holds_back() const noexcept {
    return steps_ > 0 || (session_.is_waiting() && !session_.is_logged_in());
}

// A client whose login is being checked is not read, nor is one that reads nothing itself: what it
// sends waits in its socket.
std::uint32_t Connection::wanted_events() const noexcept {
    if (!opened_)
        return stream_->wants_write() ? EPOLLOUT : EPOLLIN;
    std::uint32_t events = 0;
    if (!session_.is_waiting() && !has_lines_ && !outbox_.is_slow())
        events |= EPOLLIN;
    if (!outbox_.unsent().empty() && !holds_back())
        events |= EPOLLOUT;
    return events;
}

// Most who are not to be read send nothing meanwhile: who does is watched no more when it has come.
void Connection::watch() {
    if (closed_)
        return;
    const auto events = wanted_events();
    if ((events | EPOLLIN) != source_.events())
        source_.set_events(events);
}

void Connection::close(std::string_view why) {
    if (closed_)
        return;
    closed_ = true;
    source_.stop();
    stream_->end();
    // At once: of those that come in one go each may close another one.
    stream_.reset();
    handler_.closed(*this, why);
}

} // namespace astcti::clients
