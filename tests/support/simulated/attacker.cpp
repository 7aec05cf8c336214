// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/attacker.hpp"

#include "daemon/base/base64.hpp"
#include "protocol/reply.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace astcti::simulated {
namespace {

// The deadlines are looked at so often.
constexpr Time tick = 500 * millisecond;
constexpr Time login_deadline = 10 * second;
// Of one who pesters.
constexpr std::size_t lines_at_once = 2;

} // namespace

void Attacker::act(Server& server) {
    auto& world = World::the();
    if (victims_.empty())
        return;
    const auto what = world.random.below(10);
    if (what < 3 || lines_.empty()) {
        const auto count = what == 0 ? 12U : 1U; // more than one source may have
        for (unsigned i = 0; i < count; ++i)
            connect(server);
    } else if (what == 3) {
        const auto at = world.random.below(lines_.size());
        world.socket(lines_[at].fd)->is_reset = true;
        lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(at));
    } else {
        say(lines_[world.random.below(lines_.size())]);
    }
}

void Attacker::connect(Server& server) {
    const int fd = server.connect(Server::Door::plain, address_, 2000);
    lines_.push_back({fd, World::the().now()});
    lines_.back().is_welcome =
        !is_narrow_ && lines_.size() <= clients::Admission::max_unauthenticated_per_source;
}

void Attacker::besiege(Server& server, const std::string& victim) {
    connect(server);
    std::string plain(1, '\0');
    plain += victim + '\0' + "guess";
    auto& out = World::the().socket(lines_.back().fd)->to_server;
    out = "HELO 2\n";
    for (int i = 0; i < clients::Session::max_login_failures; ++i) {
        out += "AUTH PLAIN " + base::to_base64(plain) + "\n";
        ++lines_.back().logins;
    }
}

void Attacker::pester(Server& server, const std::string& victim) {
    while (lines_.size() < lines_at_once)
        besiege(server, victim);
}

void Attacker::leave() {
    for (const auto& line : lines_)
        World::the().socket(line.fd)->is_reset = true;
    lines_.clear();
}

void Attacker::say(Line& line) {
    auto& world = World::the();
    auto& random = world.random;
    auto& out = world.socket(line.fd)->to_server;
    const auto& victim = victims_[random.below(victims_.size())];
    switch (random.below(9)) {
    case 0:
        out += "HELO 2\n";
        break;
    case 1:
    case 2:
        out += "HELO 2\nAUTH PLAIN " +
               base::to_base64(std::string(1, '\0') + victim + '\0' + "guess") + "\n";
        ++line.logins;
        break;
    case 3:
        out += fmt::format("USER {}\nPASS {:032x}\n", victim, random.below(1000000));
        ++line.logins;
        break;
    case 4:
        if (!ledger_.used().empty()) {
            out +=
                "HELO 2\nAUTH TOKEN " + ledger_.used()[random.below(ledger_.used().size())] + "\n";
            ++line.logins;
        }
        break;
    case 5:
        out += "CALLS\nORIG 201|demo|1\nTOKEN\nEXT PJSIP/201\nAUTH EXTERNAL\n";
        ++line.logins;
        break;
    case 6:
        out += random.bytes(random.below(700));
        break;
    case 7:
        out += "AUTH PLAIN half a li";
        ++line.logins; // the other half may come
        break;
    default:
        out += std::string(protocol::max_line_before_login + 1, 'x') + "\n";
    }
}

void Attacker::look() {
    for (auto& line : lines_)
        check(line);
    std::erase_if(lines_, [](const Line& line) { return World::the().socket(line.fd)->is_over; });
    if (lines_.size() > clients::Admission::max_unauthenticated_per_source)
        World::the().breaks("a source has more connections than it may");
}

void Attacker::server_gone(bool failed) {
    if (failed)
        for (auto& line : lines_)
            line.is_welcome = false;
    look();
    lines_.clear();
}

void Attacker::check(Line& line) {
    auto& world = World::the();
    auto* const socket = world.socket(line.fd);
    if (!socket->is_over &&
        world.now() - line.since > login_deadline + tick + line.logins * longest_login_)
        world.breaks("a stranger is there for too long");
    if (socket->is_over && line.is_welcome && line.in.empty() && socket->to_client.empty())
        world.breaks("a stranger is turned away although there is room");
    if (world.random.chance(30))
        return; // it does not read
    line.is_welcome = false;
    line.in += std::exchange(socket->to_client, {});
    for (auto end = line.in.find('\n'); end != line.in.npos; end = line.in.find('\n')) {
        const auto text = line.in.substr(0, end);
        line.in.erase(0, end + 1);
        const auto reply = protocol::read_reply(text);
        if (!reply)
            world.breaks("a stranger is told something: " + text);
        else if (reply->code == static_cast<int>(protocol::ReplyCode::logged_in))
            world.breaks("a stranger is let in");
    }
}

} // namespace astcti::simulated
