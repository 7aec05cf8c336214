// SPDX-License-Identifier: GPL-3.0-or-later
// What a client makes of what it hears.
#include "protocol/reply.hpp"
#include "tests/support/simulated/client.hpp"
#include "tests/support/simulated/services.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace astcti::simulated {
namespace {

std::string word(std::string_view text, std::string_view name) {
    const auto at = text.find(name);
    if (at == text.npos)
        return {};
    const auto rest = text.substr(at + name.size());
    return std::string(rest.substr(0, rest.find(' ')));
}

} // namespace

void Client::lines() {
    std::size_t begin = 0;
    for (auto end = in_.find('\n'); end != in_.npos; end = in_.find('\n', begin)) {
        line(std::string_view(in_).substr(begin, end - begin));
        begin = end + 1;
    }
    in_.erase(0, begin);
}

void Client::line(std::string_view text) {
    World::the().trace([&] { return fmt::format("{} has {}", fd_, text.substr(0, 300)); });
    if (over_)
        World::the().breaks("something comes after the goodbye");
    if (!text.empty() && (text.front() == '@' || (text.front() >= '0' && text.front() <= '9')))
        return answer(text);
    if (!logged_in_)
        World::the().breaks(fmt::format("something is told before the login: {}", text));
    else if (who_.is_original)
        original_line(text);
    else
        model_->event(text);
}

void Client::original_line(std::string_view text) {
    const auto value = [&] {
        const auto begin = text.find('>') + 1;
        return std::string(text.substr(begin, text.rfind('<') - begin));
    };
    if (text.starts_with("\t<appdata>"))
        appdata_ = value();
    else if (text.starts_with("\t<calleridname>"))
        name_ = value();
    else if (text == "</call></event>")
        model_->original_event(appdata_, name_);
}

void Client::answer(std::string_view text) {
    const auto reply = protocol::read_reply(text);
    ++counts_.answers;
    if (reply && reply->code == 900 && reply->tag.empty() &&
        reply->text.starts_with("BYE retry=")) {
        over_ = true; // of the server
        return;
    }
    if (!reply || asked_.empty() || asked_.front().tag != reply->tag) {
        World::the().breaks(fmt::format("an answer to nothing, or out of order: {}", text));
        return;
    }
    const auto asked = asked_.front();
    asked_.pop_front();
    answered(asked, reply->code, reply->text);
}

void Client::answered(const Asked& asked, int code, std::string_view text) {
    static constexpr int any_refusal = 199;
    static const std::map<Verb, std::vector<int>> codes{
        {Verb::welcome, {100}},
        {Verb::helo, {100}},
        {Verb::auth, {102, 113, 150, 111}},
        {Verb::token_auth, {102, 113, 150, 111}},
        {Verb::noop, {100}},
        {Verb::calls, {100, 112}},
        {Verb::token, {100, 112, 114}},
        {Verb::ext, {100, 112, 114, 150}},
        {Verb::orig, {100, 112, 114, 116, 101}},
        {Verb::quit, {900}},
        {Verb::rubbish, {111}},
        {Verb::unknown, {110}},
        {Verb::too_long, {103}},
        {Verb::user, {100, 101}},
        {Verb::pass, {102, 101}},
    };
    const auto& allowed = codes.at(asked.verb);
    if (code > any_refusal && asked.verb != Verb::quit)
        World::the().breaks(fmt::format("the server ends unasked: {} {}", code, text));
    if (std::ranges::find(allowed, code) == allowed.end())
        World::the().breaks(fmt::format("no such answer to that: {} {}", code, text));
    const bool is_login =
        asked.verb == Verb::auth || asked.verb == Verb::token_auth || asked.verb == Verb::pass;
    if (is_login && code == 102)
        logged_in(asked, text);
    else if (is_login)
        refused(asked, code, text);
    else if (asked.verb == Verb::quit)
        over_ = true;
    else if (asked.verb == Verb::token && code == 100)
        take_token(text);
    else if (asked.verb == Verb::calls && code == 100)
        model_->owe_snapshot();
    else if (asked.verb == Verb::ext && code == 100) {
        if (asked.text == "PJSIP/nobody")
            World::the().breaks("somebody has another one's telephone");
        model_->set_extension(asked.text);
        model_->owe_snapshot();
    }
}

void Client::logged_in(const Asked& asked, std::string_view text) {
    if (logged_in_)
        World::the().breaks("a second login on one connection");
    trying_ = false;
    logged_in_ = true;
    not_before_ = 0;
    ++counts_.logins;
    if (asked.verb == Verb::token_auth) {
        ++counts_.token_logins;
        ledger_.accepted(asked.text);
    } else if (asked.text.empty()) {
        is_known = true;
    }
    if (asked.text == "external" || who_.is_original) {
        if (text != "OK")
            World::the().breaks("a token for one that needs none");
    } else {
        take_token(text);
    }
    if (!who_.is_original)
        model_->owe_snapshot();
}

void Client::take_token(std::string_view text) {
    token_ = word(text, "token=");
    if (token_.empty())
        World::the().breaks("there is no token");
    else
        ledger_.told(token_, {changes_before_, secret_changes()});
}

void Client::refused(const Asked& asked, int code, std::string_view text) {
    auto& world = World::the();
    trying_ = false;
    if (code == 150 || code == 101)
        ++counts_.put_off;
    if (asked.verb == Verb::token_auth && code == 113)
        ledger_.refused(asked.text, secret_changes());
    if (asked.verb == Verb::token_auth && code == 150) {
        ledger_.put_off(asked.text);
        token_ = asked.text;
    }
    Time wait = code == 113 ? 0 : 500;
    const auto retry = word(text, "retry=");
    if (!retry.empty())
        std::from_chars(retry.data(), retry.data() + retry.size(), wait);
    if (code != 113)
        wait += world.random.below(500);
    not_before_ = world.now() + wait * millisecond;
}

} // namespace astcti::simulated
