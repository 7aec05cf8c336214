// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/client.hpp"

#include "daemon/base/base64.hpp"
#include "tests/support/simulated/services.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace astcti::simulated {
namespace {

constexpr unsigned max_typos = 2; // all that cost nothing, whoever else is there
constexpr std::size_t good_room = 65536;
constexpr Time keep_alive = 30 * second;

Random& dice() {
    return World::the().random;
}

} // namespace

Client::Client(Who who, Ledger& ledger, Counts& counts)
    : who_(std::move(who)), ledger_(ledger), counts_(counts) {}

unsigned Client::secret_changes() const {
    return Services::the().accounts.at(who_.user).changed;
}

void Client::ask(Verb verb, const std::string& command, std::string text) {
    std::string tag;
    const bool has_tag = helo_said_ && verb != Verb::too_long && verb != Verb::rubbish;
    if (has_tag) {
        tag = fmt::format("t{}", ++last_tag_);
        out_ += '@' + tag + ' ';
    }
    out_ += command;
    out_ += dice().chance(20) ? "\r\n" : "\n";
    World::the().trace([&] { return fmt::format("{} asks {}", fd_, command); });
    asked_.push_back({verb, tag, std::move(text)});
}

void Client::connect(Server& server) {
    auto& random = dice();
    const std::size_t room = random.chance(30) ? random.between(200, 4000) : good_room;
    fd_ = server.connect(who_.door, who_.address, room, who_.uid);
    World::the().trace(
        [&] { return fmt::format("{} is {} from {}", fd_, who_.user, who_.address); });
    const auto& account = Services::the().accounts.at(who_.user);
    model_.emplace(who_.user,
                   std::set<std::string>(account.devices.begin(), account.devices.end()));
    out_.clear();
    in_.clear();
    asked_.assign(1, {Verb::welcome, {}, {}});
    helo_said_ = trying_ = logged_in_ = over_ = false;
    last_read = World::the().now();
    if (who_.is_original || !random.chance(50))
        return;
    log_in(); // without waiting for the welcome
    if (random.chance(30))
        say_native(random.below(6));
}

void Client::log_in() {
    auto& random = dice();
    const auto& account = Services::the().accounts.at(who_.user);
    trying_ = true;
    changes_before_ = secret_changes();
    const bool mistypes = may_mistype && typos_ < max_typos && random.chance(10);
    if (who_.is_original) {
        typos_ += mistypes ? 1 : 0;
        ask(Verb::user, "USER " + who_.user);
        ask(Verb::pass, "PASS " + (mistypes ? std::string(32, '0') : account.md5));
        return;
    }
    if (!helo_said_) {
        ask(Verb::helo, random.chance(50) ? "HELO 2" : "helo 3");
        helo_said_ = true;
    }
    if (who_.door == Server::Door::local && random.chance(70)) {
        ask(Verb::auth, "AUTH EXTERNAL", "external");
    } else if (!token_.empty() && random.chance(80)) {
        ask(Verb::token_auth, "AUTH TOKEN " + token_, token_);
        ledger_.presented(token_, secret_changes());
        if (random.chance(80))
            token_.clear();
    } else {
        typos_ += mistypes ? 1 : 0;
        std::string plain(1, '\0');
        plain += who_.user + '\0' + (mistypes ? "wrong" : account.password);
        ask(Verb::auth, "AUTH PLAIN " + base::to_base64(plain));
    }
}

void Client::come_in(Server& server) {
    if (!is_connected()) {
        if (World::the().now() >= not_before_)
            connect(server);
    } else if (!logged_in_ && !trying_ && asked_.empty() && World::the().now() >= not_before_) {
        log_in();
    } else if (logged_in_ && who_.is_original && asked_.empty()) {
        ask(Verb::noop, "NOOP"); // or it would be silent
    }
}

void Client::act(Server& server) {
    if (is_connected() && logged_in_)
        say_something();
    else
        come_in(server);
}

void Client::say_something() {
    const auto what = dice().below(24);
    if (!who_.is_original)
        return say_native(what);
    if (what == 0)
        ask(Verb::quit, "QUIT");
    else if (what < 4)
        ask(Verb::orig, what == 1 ? "ORIG 201|demo|1" : "ORIG 9|demo|1");
    else
        ask(Verb::noop, "NOOP");
}

void Client::say_native(std::uint64_t what) {
    const auto& account = Services::the().accounts.at(who_.user);
    if (what < 5)
        ask(Verb::calls, "CALLS");
    else if (what < 8)
        ask(Verb::token, "TOKEN");
    else if (what < 11)
        ask(Verb::orig, "ORIG 2" + std::string(what == 10 ? "1" : "01") + "|demo|1");
    else if (what == 11)
        ask(Verb::ext, "EXT " + account.extension, account.extension);
    else if (what == 12)
        ask(Verb::ext, "EXT " + Services::the().desk, Services::the().desk);
    else if (what == 13)
        ask(Verb::ext, "EXT PJSIP/nobody", "PJSIP/nobody");
    else if (what == 14)
        ask(Verb::rubbish, std::string("NO\x01OP"));
    else if (what == 15)
        ask(Verb::unknown, "DANCE");
    else if (what == 16 && logged_in_)
        ask(Verb::too_long, "NOOP " + std::string(protocol::max_line_after_login, 'x'));
    else if (what == 17)
        ask(Verb::quit, "QUIT");
    else if (what == 18 && dice().chance(20))
        for (int i = 0; i < 300; ++i)
            ask(Verb::noop, "NOOP");
    else if (what == 20 && dice().chance(20))
        for (int i = 0; i < 60; ++i) // more than is kept for it, if it does not read
            ask(Verb::calls, "CALLS");
    else if (what == 19 && dice().chance(20))
        for (int i = 0; i <= clients::DialRate::at_once; ++i)
            ask(Verb::orig, "ORIG 201|demo|1");
    else
        ask(Verb::noop, "NOOP");
}

void Client::behave() {
    reading = Reading::all;
    writes_slowly = may_mistype = false;
    if (auto* socket = World::the().socket(fd_))
        socket->room = good_room;
}

void Client::exchange() {
    auto& world = World::the();
    auto* const socket = world.socket(fd_);
    if (!is_connected() || !socket)
        return;
    const auto size = writes_slowly ? world.random.below(30) : out_.size();
    if (!socket->is_over && !socket->ended) {
        socket->to_server.append(out_, 0, size);
        out_.erase(0, size);
    }
    auto taken = socket->to_client.size();
    if (reading == Reading::little)
        taken = std::min<std::size_t>(taken, world.random.below(600));
    else if (reading == Reading::nothing)
        taken = 0;
    if (taken > 0) {
        last_read = world.now();
        in_.append(socket->to_client, 0, taken);
        socket->to_client.erase(0, taken);
        lines();
    }
    if (socket->is_over && socket->to_client.empty())
        gone();
}

void Client::drop(Drop how) {
    auto& world = World::the();
    if (!is_connected())
        return;
    const int fd = fd_;
    if (how == Drop::ended)
        world.socket(fd)->ended = true;
    else if (how == Drop::reset)
        world.socket(fd)->is_reset = true;
    else
        world.later(&world, keep_alive, [fd] { World::the().socket(fd)->is_reset = true; });
    gone();
}

void Client::gone() {
    counts_.snapshots += model_->snapshots();
    counts_.collapses += model_->collapses();
    fd_ = -1;
    logged_in_ = trying_ = false;
    not_before_ = std::max(not_before_, World::the().now() + dice().below(second));
}

std::string Client::difference(const Switchboard& truth) const {
    if (!is_logged_in())
        return "it is not logged in";
    if (!asked_.empty())
        return fmt::format("{} questions have no answer", asked_.size());
    return model_->difference(truth);
}

} // namespace astcti::simulated
