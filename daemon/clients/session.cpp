// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/session.hpp"

#include "config.h"
#include "daemon/base/base64.hpp"
#include "protocol/event_writer.hpp"
#include "protocol/rules_parts.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace astcti::clients {
namespace {

using protocol::Command;
using protocol::ReplyCode;

// "2", or a later version that we do not know yet: what we have is what it gets.
bool is_native_version(std::string_view text) noexcept {
    unsigned version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    return error == std::errc{} && end == text.data() + text.size() && version >= 2;
}

Session::Step say(std::string bytes) {
    Session::Step step;
    step.send = std::move(bytes);
    return step;
}

bool is_md5(std::string_view text) noexcept {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::string words_of(const Grant& grant) {
    return fmt::format("token={} life={} spread={}", grant.token, grant.life.count(),
                       grant.spread.count());
}

// RFC 4616: [authzid] NUL authcid NUL passwd. Acting for another account is not offered.
std::optional<accounts::PasswordLogin> read_plain(std::string_view base64) {
    const auto text = base::from_base64(base64);
    if (!text)
        return std::nullopt;
    const auto first = text->find('\0');
    const auto second = first == text->npos ? first : text->find('\0', first + 1);
    if (first != 0 || second == text->npos || text->find('\0', second + 1) != text->npos)
        return std::nullopt;
    accounts::PasswordLogin login{text->substr(1, second - 1), text->substr(second + 1)};
    if (login.user.empty() || !protocol::is_clean_line(login.user) ||
        !protocol::is_utf8(login.password))
        return std::nullopt;
    return login;
}

} // namespace

Session::Session(SessionId id, Peer peer, const SessionTable& others, const DialPolicy& policy)
    : peer_(std::move(peer)), others_(others), policy_(policy) {
    entry_.id = id;
    entry_.original = true; // until HELO 2
}

std::size_t Session::max_line() const noexcept {
    return logged_in_ ? protocol::max_line_after_login : protocol::max_line_before_login;
}

Session::Step Session::reply(ReplyCode code, std::string_view text) const {
    return say(protocol::reply_line(tag_, code, text));
}

Session::Step Session::begin() const {
    return say(std::string(protocol::welcome_line));
}

Session::Step Session::received(std::string_view line) {
    tag_.clear();
    const auto command = protocol::read_command(line, native_);
    if (!command) {
        if (native_)
            return reply(ReplyCode::malformed, "MALFORMED a line is [@TAG ]COMMAND arguments in "
                                               "UTF-8 without control characters");
        return line.empty() ? Step{} : reply(ReplyCode::original_error, "ERROR");
    }
    tag_ = command->tag;
    return native_ ? native(*command) : original(*command);
}

Session::Step Session::received_too_long() {
    tag_.clear();
    auto step = native_ ? reply(ReplyCode::too_long, "TOO LONG a line of this length is refused")
                        : reply(ReplyCode::original_error, "ERROR");
    step.close = !logged_in_;
    return step;
}

Session::Step Session::native(const Command& command) {
    if (command.verb == "NOOP")
        return reply(ReplyCode::ok, "OK");
    if (command.verb == "QUIT") {
        auto step = reply(ReplyCode::bye, "BYE");
        step.close = true;
        return step;
    }
    if (command.verb == "AUTH")
        return native_auth(command);
    if (command.verb == "HELO")
        return reply(ReplyCode::malformed, "MALFORMED the version is settled already");
    constexpr std::array<std::string_view, 5> verbs{"CALLS", "ORIG", "TOKEN", "EXT", "RULES"};
    if (std::ranges::find(verbs, command.verb) == verbs.end())
        return reply(ReplyCode::unknown, "UNKNOWN no such command");
    if (!logged_in_)
        return reply(ReplyCode::login_first, "LOGIN FIRST with AUTH");
    if (command.verb == "ORIG")
        return originate(command);
    if (command.verb == "EXT")
        return set_extension(command.arguments);
    if (command.verb == "RULES")
        return ask_rules(command.arguments);
    if (command.verb == "TOKEN") {
        Step step;
        step.request = TokenRequest{};
        return has_tokens() ? step
                            : reply(ReplyCode::not_allowed,
                                    "NOT ALLOWED who logged in by AUTH EXTERNAL does so again");
    }
    auto step = reply(ReplyCode::ok, "OK");
    step.request = SnapshotRequest{};
    return step;
}

// A desk's telephone, or one of the person's own, instead of the one of the login.
Session::Step Session::set_extension(std::string_view device) {
    if (device.empty() || device.find(' ') != device.npos)
        return reply(ReplyCode::malformed, "MALFORMED EXT device");
    waiting_ = true;
    Step step;
    step.request = ExtensionRequest{std::string(device)};
    return step;
}

Session::Step Session::ask_rules(std::string_view known) {
    if (!known.empty() && !protocol::is_rules_list(known))
        return reply(ReplyCode::malformed, "MALFORMED RULES, or RULES and the id of a list");
    told_rules_ = std::string(known);
    Step step;
    step.request = RulesRequest{};
    return step;
}

Session::Step Session::rules_done(const std::string& list) const {
    return reply(ReplyCode::ok, list.empty() ? "OK" : "OK rules=" + list);
}

Session::Step Session::extension_done(ExtensionAnswer answer, const std::string& device) {
    waiting_ = false;
    if (answer == ExtensionAnswer::try_later)
        return reply(ReplyCode::try_later, "TRY LATER the accounts cannot be read now");
    if (answer == ExtensionAnswer::refused)
        return reply(ReplyCode::not_allowed,
                     "NOT ALLOWED it is neither a telephone of this account nor of this desk");
    entry_.extension = device;
    entry_.dial.clear(); // it is what rings when the person dials, as that of a login is
    auto step = reply(ReplyCode::ok, "OK extension=" + device);
    step.request = SnapshotRequest{};
    return step;
}

Session::Step Session::native_auth(const Command& command) {
    if (logged_in_)
        return reply(ReplyCode::malformed, "MALFORMED logged in already");
    if (command.arguments == "EXTERNAL") {
        if (!peer_.account)
            return refuse_login(ReplyCode::refused,
                                "REFUSED no account belongs to this connection's user");
        is_local_ = true;
        return ask_login(accounts::LocalLogin{*peer_.account});
    }
    is_local_ = false;
    constexpr std::string_view token = "TOKEN ";
    const bool by_token = command.arguments.starts_with(token);
    if (!by_token && !command.arguments.starts_with("PLAIN "))
        return reply(ReplyCode::malformed,
                     "MALFORMED AUTH EXTERNAL, AUTH PLAIN base64, or AUTH TOKEN token");
    if (!peer_.trusted)
        return refuse_login(ReplyCode::not_allowed,
                            "NOT ALLOWED neither password nor token is taken without encryption");
    if (by_token) {
        waiting_ = true;
        Step step;
        step.request = TokenLoginRequest{std::string(command.arguments.substr(token.size()))};
        return step;
    }
    auto login = read_plain(command.arguments.substr(std::string_view("PLAIN ").size()));
    if (!login)
        return reply(ReplyCode::malformed, "MALFORMED not the base64 of RFC 4616");
    return ask_login(std::move(*login));
}

// What this connection may do.
std::string Session::greeting() const {
    std::string methods = peer_.address.empty() ? "external" : "";
    if (peer_.trusted)
        methods += methods.empty() ? "plain,token" : ",plain,token";
    return fmt::format("OK 2 server=astctid/{} auth={} can=calls,ext,orig,rules,token",
                       ASTCTI_VERSION, methods);
}

Session::Step Session::original(const Command& command) {
    if (command.verb == "NOOP")
        return reply(ReplyCode::ok, "OK");
    if (command.verb == "HELO") {
        if (logged_in_ || !is_native_version(command.arguments))
            return reply(ReplyCode::ok, "OK");
        native_ = true;
        entry_.original = false;
        return reply(ReplyCode::ok, greeting());
    }
    if (command.verb == "QUIT") {
        auto step = reply(ReplyCode::bye, "BYE");
        step.close = true;
        return step;
    }
    if (command.verb == "USER") {
        if (command.arguments.empty())
            return reply(ReplyCode::original_error, "ERROR");
        if (logged_in_ || others_.has_user(command.arguments))
            return reply(ReplyCode::original_error, "KO");
        user_ = command.arguments;
        return reply(ReplyCode::ok, "OK");
    }
    if (command.verb == "PASS")
        return original_pass(command.arguments);
    if (command.verb == "ORIG")
        return logged_in_ ? originate(command) : reply(ReplyCode::original_error, "KO");
    return {}; // the original ignored what it did not know
}

Session::Step Session::original_pass(std::string_view md5) {
    if (md5.empty())
        return reply(ReplyCode::original_error, "ERROR");
    if (logged_in_)
        return reply(ReplyCode::original_error, "KO");
    if (user_.empty() || !is_md5(md5))
        return refuse_login(ReplyCode::original_error, "KO");
    return ask_login(accounts::Md5Login{user_, std::string(md5)});
}

Session::Step Session::originate(const Command& command) {
    auto arguments = protocol::read_originate(command.arguments);
    if (!arguments)
        return native_ ? reply(ReplyCode::malformed, "MALFORMED ORIG number|context|priority")
                       : reply(ReplyCode::original_error, "ERROR");
    arguments->number = protocol::to_dial(policy_.numbers, arguments->number);
    if (entry_.extension.empty() || !is_allowed(policy_.outbound, *arguments))
        return native_ ? reply(ReplyCode::not_allowed,
                               "NOT ALLOWED no <outbound> of the configuration allows this")
                       : reply(ReplyCode::original_error, "KO");
    Step step;
    step.request = OriginateRequest{std::move(arguments->number), std::move(arguments->context)};
    return step;
}

Session::Step Session::originate_done(bool handed_over) {
    if (handed_over)
        return reply(ReplyCode::ok, "OK");
    return native_ ? reply(ReplyCode::unavailable, "UNAVAILABLE no PBX is connected")
                   : reply(ReplyCode::original_error, "KO");
}

Session::Step Session::originate_put_off(std::chrono::milliseconds wait) const {
    return native_ ? reply(ReplyCode::too_fast,
                           fmt::format("TOO FAST retry={} you dial too often", wait.count()))
                   : reply(ReplyCode::original_error, "KO");
}

Session::Step Session::token_done(const Grant& grant) const {
    if (grant.token.empty())
        return reply(ReplyCode::unavailable, "UNAVAILABLE there is no token for this account");
    return reply(ReplyCode::ok, fmt::format("OK {}", words_of(grant)));
}

std::string Session::goodbye(std::chrono::milliseconds spread) const {
    return native_ ? protocol::reply_line({}, ReplyCode::bye,
                                          fmt::format("BYE retry={}", spread.count()))
                   : std::string();
}

std::string Session::epoch(std::string_view server) const {
    return gaps_ == 0 ? std::string(server) : fmt::format("{}.{}", server, gaps_);
}

Session::Step Session::login_put_off(std::chrono::milliseconds wait, std::string_view why) {
    waiting_ = false;
    return native_ ? refuse_login(ReplyCode::try_later,
                                  fmt::format("TRY LATER retry={} {}", wait.count(), why))
                   : refuse_login(ReplyCode::original_error, "KO");
}

Session::Step Session::ask_login(accounts::Credentials credentials) {
    waiting_ = true;
    Step step;
    step.request = LoginRequest{std::move(credentials)};
    return step;
}

Session::Step Session::refuse_login(ReplyCode code, std::string_view text) {
    auto step = reply(code, text);
    step.close = ++failures_ >= max_login_failures;
    return step;
}

Session::Step Session::login_done(const accounts::LoginOutcome& outcome, const Grant& grant) {
    using Result = accounts::LoginOutcome::Result;
    waiting_ = false;
    if (outcome.result == Result::try_later)
        return native_ ? reply(ReplyCode::try_later, "TRY LATER the accounts cannot be read now")
                       : reply(ReplyCode::original_error, "KO");
    const auto& extension = outcome.account.extension;
    const bool taken = !native_ && !extension.empty() && others_.has_original_at(extension);
    if (outcome.result == Result::refused || taken)
        return native_ ? refuse_login(ReplyCode::refused, "REFUSED wrong name or password")
                       : refuse_login(ReplyCode::original_error, "KO");
    logged_in_ = true;
    entry_.user = outcome.account.user;
    entry_.extension = extension;
    entry_.further_devices = accounts::further_devices(outcome.account);
    entry_.dial = outcome.account.dial;
    secret_version_ = outcome.secret_version;
    auto step = reply(ReplyCode::logged_in,
                      native_ && !grant.token.empty() ? "OK " + words_of(grant) : "OK");
    step.request = SnapshotRequest{};
    return step;
}

std::string Session::encode(const protocol::EventBody& event, protocol::Microseconds time) {
    std::string bytes;
    protocol::append_event(bytes, {++last_seq_, time, event});
    return bytes;
}

std::string Session::encode(const protocol::OriginalEvent& event) {
    std::string bytes;
    protocol::append_original_event(bytes, event);
    return bytes;
}

} // namespace astcti::clients
