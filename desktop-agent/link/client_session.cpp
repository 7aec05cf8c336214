// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/client_session.hpp"

#include "protocol/command.hpp"
#include "protocol/event_reader.hpp"
#include "protocol/reply.hpp"
#include "protocol/rules_parts.hpp"
#include "protocol/utf8.hpp"

#include <charconv>
#include <fmt/format.h>
#include <glibmm/base64.h>
#include <utility>

namespace astcti::link {
namespace {

using protocol::ReplyCode;
using std::chrono::milliseconds;

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

std::string plain_line(const std::string& user, std::string_view password) {
    std::string message;
    message.reserve(2 + user.size() + password.size()); // no copy is left behind
    message += '\0';
    message += user;
    message += '\0';
    message += password;
    auto encoded = Glib::Base64::encode(message);
    auto line = "AUTH PLAIN " + encoded + "\n";
    wipe(message);
    wipe(encoded);
    return line;
}

// The value of the word `name=value` of an answer.
std::optional<std::string_view> value(std::string_view text, std::string_view name) noexcept {
    while (!text.empty()) {
        const auto word = take_word(text);
        if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=')
            return word.substr(name.size() + 1);
    }
    return {};
}

std::optional<std::uint32_t> number(std::string_view text, std::string_view name) noexcept {
    const auto digits = value(text, name);
    std::uint32_t out = 0;
    if (!digits)
        return {};
    const auto [end, error] = std::from_chars(digits->data(), digits->data() + digits->size(), out);
    if (error != std::errc{} || end != digits->data() + digits->size())
        return {};
    return out;
}

std::optional<milliseconds> time(std::string_view text, std::string_view name) noexcept {
    const auto read = number(text, name);
    return read ? std::optional(milliseconds(*read)) : std::nullopt;
}

Grant grant(std::string_view text) {
    return {Secret(std::string(value(text, "token").value_or(""))),
            std::chrono::seconds(number(text, "life").value_or(0)), time(text, "spread")};
}

// Of the rules that the server has.
std::optional<std::string> list(std::string_view text) {
    const auto id = value(text, "rules");
    return id && protocol::is_rules_list(*id) ? std::optional<std::string>(*id) : std::nullopt;
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
        return fail(Failure::closed, "closed the connection", time(reply->text, "retry"));
    switch (phase_) {
    case Phase::welcome:
        return welcomed(reply->code, reply->text);
    case Phase::hello:
        return greeted(reply->code, reply->text);
    case Phase::token:
        return token_answered(reply->code, reply->text);
    case Phase::login:
        return authenticated(reply->code, reply->text);
    default:
        return answered(reply->code, reply->text, line);
    }
}

ClientSession::Action ClientSession::answered(int code, std::string_view text,
                                              std::string_view line) {
    if (asked_.empty())
        return fail(Failure::protocol, "sent an answer to nothing: " + quoted(line));
    const auto question = asked_.front();
    asked_.pop_front();
    if (question == Question::token)
        return Renewed{is(code, ReplyCode::ok) ? grant(text) : Grant()};
    if (question == Question::rules)
        return RulesTold{is(code, ReplyCode::ok) ? list(text) : std::nullopt};
    if (!is(code, ReplyCode::ok))
        return fail(Failure::protocol, "does not answer NOOP: " + quoted(line));
    return Alive{};
}

std::optional<std::string> ClientSession::probe() {
    if (phase_ != Phase::online || is_asking())
        return {};
    asked_.push_back(Question::probe);
    return "NOOP\n";
}

std::optional<std::string> ClientSession::renew() {
    if (phase_ != Phase::online)
        return {};
    asked_.push_back(Question::token);
    return "TOKEN\n";
}

std::optional<std::string> ClientSession::ask_rules(const std::string& known) {
    if (phase_ != Phase::online || !offers_rules_)
        return {};
    asked_.push_back(Question::rules);
    return known.empty() ? "RULES\n" : fmt::format("RULES {}\n", known);
}

ClientSession::Action ClientSession::fail(Failure kind, std::string why,
                                          std::optional<milliseconds> retry) {
    phase_ = Phase::over;
    return Failed{kind, std::move(why), retry};
}

ClientSession::Action ClientSession::welcomed(int code, std::string_view text) {
    if (!is(code, ReplyCode::ok))
        return fail(Failure::try_later, fmt::format("does not welcome us: {} {}", code, text),
                    time(text, "retry"));
    phase_ = Phase::hello;
    return Send{"HELO 2\n"};
}

ClientSession::Action ClientSession::greeted(int code, std::string_view text) {
    auto rest = text;
    if (!is(code, ReplyCode::ok) || take_word(rest) != "OK" || take_word(rest) != "2")
        return fail(Failure::unsupported, "does not speak version 2 of the protocol: it may be a "
                                          "server of the original AstCTI");
    offers_rules_ = lists(value(rest, "can").value_or(""), "rules");
    return log_in(value(rest, "auth").value_or(""));
}

ClientSession::Action ClientSession::log_in(std::string_view methods) {
    offers_plain_ = lists(methods, "plain");
    if (!login_.by_password) {
        if (!lists(methods, "external"))
            return fail(Failure::unsupported, "does not offer the login \"external\"; give --user "
                                              "for one with a password");
        phase_ = Phase::login;
        return Send{"AUTH EXTERNAL\n"};
    }
    auto command = fmt::format("AUTH TOKEN {}\n", login_.token.view());
    if (login_.token.empty() || !lists(methods, "token") ||
        command.size() > protocol::max_line_before_login)
        return need_password();
    phase_ = Phase::token;
    return Send{std::move(command)};
}

ClientSession::Action ClientSession::need_password() {
    if (!offers_plain_)
        return fail(Failure::unsupported, "does not offer the login \"plain\" on this connection");
    phase_ = Phase::password;
    return NeedPassword{};
}

ClientSession::Action ClientSession::password(const Secret& password) {
    if (phase_ != Phase::password)
        return Nothing{};
    auto command = plain_line(login_.user, password.view());
    if (command.size() > protocol::max_line_before_login)
        return fail(Failure::refused, "takes no name and password as long as these");
    phase_ = Phase::login;
    return Send{std::move(command)};
}

// Expired, or used: it says nothing about the password.
ClientSession::Action ClientSession::token_answered(int code, std::string_view text) {
    if (is(code, ReplyCode::refused))
        return need_password();
    return authenticated(code, text);
}

ClientSession::Action ClientSession::authenticated(int code, std::string_view text) {
    if (is(code, ReplyCode::logged_in)) {
        phase_ = Phase::snapshot;
        return LoggedIn{grant(text)};
    }
    if (is(code, ReplyCode::try_later) || is(code, ReplyCode::unavailable))
        return fail(Failure::try_later, fmt::format("cannot log us in now: {} {}", code, text),
                    time(text, "retry"));
    if (is(code, ReplyCode::refused) && login_.by_password)
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
