// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/client_session.hpp"

#include "protocol/command.hpp"
#include "protocol/event_reader.hpp"
#include "protocol/reply.hpp"
#include "protocol/utf8.hpp"

#include <fmt/format.h>
#include <glibmm/base64.h>
#include <utility>

namespace astcti::link {
namespace {

using protocol::ReplyCode;

constexpr std::size_t max_quoted = 60; // of a wrong line, in a message

bool is(int code, ReplyCode wanted) noexcept {
    return code == static_cast<int>(wanted);
}

std::string quoted(std::string_view line) {
    return fmt::format("\"{}{}\"", protocol::cut(line, max_quoted),
                       line.size() > max_quoted ? "…" : "");
}

// Takes the first word off the front of `text`.
std::string_view take_word(std::string_view& text) noexcept {
    const auto end = text.find(' ');
    const auto word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return word;
}

bool lists(std::string_view list, std::string_view wanted) noexcept {
    while (!list.empty()) {
        const auto end = list.find(',');
        if (list.substr(0, end) == wanted)
            return true;
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
    return false;
}

std::string plain_line(const Login& login) {
    std::string message;
    message += '\0';
    message += login.user;
    message += '\0';
    message += login.password.value_or("");
    return "AUTH PLAIN " + Glib::Base64::encode(message) + "\n";
}

} // namespace

ClientSession::Action ClientSession::line(std::string_view line) {
    if (phase_ == Phase::over)
        return Nothing{};
    if (line.starts_with('<') && phase_ >= Phase::snapshot)
        return told(line);
    const auto reply = protocol::read_reply(line);
    if (!reply) {
        if (phase_ == Phase::welcome)
            return fail(Failure::unsupported, "is not an AstCTI server: it said " + quoted(line));
        return fail(Failure::protocol, "sent neither an answer nor an event: " + quoted(line));
    }
    if (is(reply->code, ReplyCode::bye))
        return fail(Failure::closed, "closed the connection");
    switch (phase_) {
    case Phase::welcome:
        return welcomed(reply->code, reply->text);
    case Phase::hello:
        return greeted(reply->code, reply->text);
    case Phase::login:
        return authenticated(reply->code, reply->text);
    default:
        if (std::exchange(is_probing_, false) && is(reply->code, ReplyCode::ok))
            return Alive{};
        return fail(Failure::protocol, "sent an answer to nothing: " + quoted(line));
    }
}

std::optional<std::string> ClientSession::probe() {
    if (phase_ != Phase::online || std::exchange(is_probing_, true))
        return {};
    return "NOOP\n";
}

ClientSession::Action ClientSession::fail(Failure kind, std::string why) {
    phase_ = Phase::over;
    return Failed{kind, std::move(why)};
}

ClientSession::Action ClientSession::welcomed(int code, std::string_view text) {
    if (!is(code, ReplyCode::ok))
        return fail(Failure::try_later, fmt::format("does not welcome us: {} {}", code, text));
    phase_ = Phase::hello;
    return Send{"HELO 2\n"};
}

ClientSession::Action ClientSession::greeted(int code, std::string_view text) {
    auto rest = text;
    if (!is(code, ReplyCode::ok) || take_word(rest) != "OK" || take_word(rest) != "2")
        return fail(Failure::unsupported, "does not speak version 2 of the protocol: it may be a "
                                          "server of the original AstCTI");
    std::string_view methods;
    while (!rest.empty()) {
        const auto word = take_word(rest);
        if (word.starts_with("auth="))
            methods = word.substr(5);
    }
    const std::string_view method = login_.password ? "plain" : "external";
    if (!lists(methods, method))
        return fail(Failure::unsupported,
                    fmt::format("does not offer the login \"{}\"{}", method,
                                login_.password ? "" : "; give --user and --password-file"));

    auto command = login_.password ? plain_line(login_) : std::string("AUTH EXTERNAL\n");
    if (command.size() > protocol::max_line_before_login)
        return fail(Failure::refused, "takes no name and password as long as these");
    phase_ = Phase::login;
    return Send{std::move(command)};
}

ClientSession::Action ClientSession::authenticated(int code, std::string_view text) {
    if (is(code, ReplyCode::logged_in)) {
        phase_ = Phase::snapshot;
        return LoggedIn{};
    }
    if (is(code, ReplyCode::try_later) || is(code, ReplyCode::unavailable))
        return fail(Failure::try_later, fmt::format("cannot log us in now: {} {}", code, text));
    if (is(code, ReplyCode::refused) && login_.password)
        return fail(Failure::refused, "refused the name or the password");
    return fail(Failure::refused, fmt::format("refused the login: {} {}", code, text));
}

ClientSession::Action ClientSession::told(std::string_view line) {
    auto result = protocol::read_event(line);
    if (const auto* error = std::get_if<protocol::EventError>(&result))
        return fail(Failure::protocol, "sent a wrong event: " + error->why);
    if (const auto* unknown = std::get_if<protocol::UnknownEvent>(&result)) {
        ++next_seq_; // it had one, as every event has
        return Skipped{unknown->name};
    }
    return received(std::get<protocol::Event>(std::move(result)));
}

ClientSession::Action ClientSession::received(protocol::Event event) {
    if (event.seq != next_seq_)
        return fail(Failure::protocol, fmt::format("lost an event: number {} came instead of {}",
                                                   event.seq, next_seq_));
    ++next_seq_;
    if (std::holds_alternative<protocol::SnapshotEnd>(event.body))
        phase_ = Phase::online;
    return Received{std::move(event)};
}

} // namespace astcti::link
