// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/schedule.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace astcti::simulated {
namespace {

// One in so many schedules is a large one.
constexpr std::uint64_t large_one_in = 200;
constexpr std::uint64_t most_clients = 50;
constexpr std::uint64_t siege_one_in = 50;
constexpr std::size_t besiegers = 8;
constexpr std::uint64_t few_clients = 5;
constexpr int steps = 50;
// Events: more than is kept for a client of the original.
constexpr std::uint64_t most_at_once = 900;
constexpr Time tick = 500 * millisecond;
// A client that does not read is closed.
constexpr Time longest_wait = 30 * second + tick;
// Of a client that the network lost: the system notices, see client.cpp.
constexpr Time keep_alive = 30 * second;
// Whoever has the right password is in, however many guess: a delay of 5 s, a connection of her own
// that the network lost and that only silence shows (10 s), two retries.
constexpr Time longest_way_in = 25 * second;

} // namespace

Schedule::Schedule(std::uint64_t seed, Totals& totals, bool traces)
    : world_(seed), totals_(totals) {
    world_.traces = traces;
    add_people();
    add_attackers();
    restart(true);
}

void Schedule::add_people() {
    auto& random = world_.random;
    const auto count =
        random.below(large_one_in) == 0 ? most_clients : random.between(2, few_clients);
    const auto people = random.between(1, count);
    for (std::uint64_t i = 0; i < people; ++i) {
        const auto user = name_of_user(static_cast<unsigned>(i));
        Account account{fmt::format("secret{}", i), fmt::format("{:032x}", i + 1),
                        fmt::format("PJSIP/{}", 201 + i)};
        const bool is_original = random.chance(20);
        if (!is_original && random.chance(30))
            account.devices.push_back(fmt::format("SIP/{}", 201 + i));
        for (const auto& device : account.devices)
            switchboard_.add(device, user);
        switchboard_.add(account.extension, user);
        services_.accounts[user] = account;
        add_client(user, is_original, i);
    }
    services_.desk = "SIP/desk";
    switchboard_.add(services_.desk, "desk");
    for (auto i = people; i < count; ++i) {
        const auto& of = clients_[random.below(people)]->who();
        add_client(of.user, of.is_original, i);
    }
    for (const auto& [device, telephone] : switchboard_.telephones())
        devices_.push_back(device);
}

void Schedule::add_client(const std::string& user, bool is_original, std::uint64_t where) {
    auto& random = world_.random;
    Client::Who who{user, is_original};
    switch (is_original ? random.below(2) : random.below(3)) {
    case 0:
        who.address = fmt::format("127.0.1.{}", where + 1);
        break;
    case 1:
        who.address = random.chance(50) ? "10.9.0.1" : fmt::format("10.9.1.{}", where + 1);
        break;
    default:
        who.door = Server::Door::local;
        who.uid = static_cast<uid_t>(std::stoul(user.substr(4)));
    }
    clients_.push_back(std::make_unique<Client>(who, ledger_, totals_.clients));
}

void Schedule::add_attackers() {
    auto& random = world_.random;
    std::vector<std::string> victims;
    for (const auto& [user, account] : services_.accounts)
        victims.push_back(user);
    auto count = random.chance(50) ? 0 : random.between(1, clients_.size() + 1);
    if (random.below(siege_one_in) == 0)
        count = besiegers;
    for (std::uint64_t i = 0; i < count; ++i)
        attackers_.push_back(
            std::make_unique<Attacker>(fmt::format("127.6.6.{}", i + 1), victims, ledger_));
}

void Schedule::restart(bool kill) {
    if (server_) {
        ++totals_.restarts;
        if (kill && services_.lose_writes() > 0)
            ledger_.writes_lost();
        if (!kill)
            server_->reception().say_goodbye();
    }
    server_.reset();
    for (const auto& client : clients_)
        client->server_gone();
    for (const auto& attacker : attackers_) {
        attacker->look();
        attacker->server_gone();
    }
    unsent_since_.clear();
    server_ = std::make_unique<Server>(switchboard_);
    switchboard_.serve(server_->reception(), ++life_);
}

void Schedule::call() {
    auto& random = world_.random;
    const auto& device = devices_[random.below(devices_.size())];
    const bool is_flood = random.chance(6);
    const auto most = random.chance(10) ? most_at_once : 90;
    const auto count = is_flood ? random.between(10, most) : 1;
    for (std::uint64_t i = 0; i < count; ++i)
        switchboard_.change(device, is_flood);
}

void Schedule::pass() {
    auto& random = world_.random;
    const auto how = random.below(100);
    if (how < 60)
        world_.pass(random.below(50 * millisecond));
    else if (how < 88)
        world_.pass(random.below(2 * second));
    else if (how < 99)
        world_.pass(random.below(15 * second));
    else
        world_.pass(random.below(700 * second));
}

void Schedule::trouble() {
    auto& random = world_.random;
    auto& client = *clients_[random.below(clients_.size())];
    switch (random.below(12)) {
    case 0:
    case 1:
        client.drop(Client::Drop::ended);
        break;
    case 2:
    case 3:
        client.drop(Client::Drop::reset);
        break;
    case 4:
        client.drop(Client::Drop::silent);
        break;
    case 5:
    case 6:
    case 7:
        client.reading = static_cast<Client::Reading>(random.below(3));
        break;
    case 8:
        client.writes_slowly = random.chance(50);
        break;
    case 9:
        services_.accounts_away = !services_.accounts_away && random.chance(50);
        break;
    case 10:
        restart(random.chance(50));
        break;
    default: {
        auto& account = services_.accounts.at(client.who().user);
        account.password += '+';
        account.md5.front() = account.md5.front() == 'a' ? 'b' : 'a';
        ++account.changed;
    }
    }
}

void Schedule::step() {
    auto& random = world_.random;
    const auto what = random.below(100);
    world_.trace([&] { return fmt::format("-- {} us: {}", world_.now(), what); });
    if (what < 40)
        clients_[random.below(clients_.size())]->act(*server_);
    else if (what < 65)
        call();
    else if (what < 82)
        pass();
    else if (what < 92 && !attackers_.empty())
        attackers_[random.below(attackers_.size())]->act(*server_);
    else
        trouble();
    look();
}

void Schedule::look() {
    ++totals_.steps;
    world_.settle();
    for (const auto& client : clients_)
        client->exchange();
    world_.settle();
    for (const auto& attacker : attackers_)
        attacker->look();
    look_at_queues();
}

void Schedule::look_at_queues() {
    auto& reception = server_->reception();
    std::map<clients::SessionId, Time> still;
    for (const auto& session : reception.sessions().all()) {
        const auto* const connection = reception.clients().find(session.id);
        const auto unsent = connection ? connection->unsent() : 0;
        totals_.most_unsent = std::max<std::uint64_t>(totals_.most_unsent, unsent);
        if (unsent > clients::Outbox::hard_limit)
            world_.breaks("more is kept for a client than is allowed");
        if (unsent == 0)
            continue;
        const auto found = unsent_since_.find(session.id);
        const auto since = found == unsent_since_.end() ? world_.now() : found->second;
        still[session.id] = since;
        if (world_.now() - since > longest_wait && connection->unsent() > 0)
            world_.breaks("a client that does not read is kept for too long");
    }
    unsent_since_ = std::move(still);
    if (reception.clients().admission().unauthenticated() + reception.sessions().all().size() !=
        reception.clients().admission().size())
        world_.breaks("the admission has lost count");
}

bool Schedule::is_first_original(const Client& client) const {
    const auto first = std::ranges::find_if(
        clients_, [&](const auto& other) { return other->who().user == client.who().user; });
    return first->get() == &client;
}

// Somebody is away, and many guess her password meanwhile.
void Schedule::besiege() {
    const auto& victim = clients_[world_.random.below(clients_.size())]->who().user;
    for (const auto& client : clients_)
        if (client->who().user == victim) {
            client->drop(Client::Drop::ended);
            client->forget_token();
        }
    constexpr int rounds = 4;
    for (int i = 0; i < rounds && world_.broken().empty(); ++i) {
        for (const auto& attacker : attackers_)
            attacker->besiege(*server_, victim);
        world_.pass(second + world_.random.below(8 * second));
        look();
    }
}

void Schedule::let_all_in() {
    services_.accounts_away = false;
    std::erase_if(clients_, [this](const auto& client) {
        const bool is_second = client->who().is_original && !is_first_original(*client);
        if (is_second)
            client->drop(Client::Drop::reset);
        return is_second;
    });
    for (const auto& client : clients_) {
        client->behave();
    }
    constexpr Time turn = 250 * millisecond;
    const auto begin = world_.now();
    for (;;) {
        for (const auto& client : clients_)
            client->come_in(*server_);
        look();
        const bool all_in = std::ranges::all_of(
            clients_, [](const auto& client) { return client->is_logged_in(); });
        if (all_in || !world_.broken().empty())
            break;
        if (world_.now() - begin > longest_way_in) {
            world_.breaks("somebody with the right password does not get in");
            break;
        }
        if (!attackers_.empty() && world_.random.chance(50))
            attackers_[world_.random.below(attackers_.size())]->act(*server_);
        world_.pass(turn);
    }
    totals_.longest_way_in = std::max(totals_.longest_way_in, world_.now() - begin);
}

// No more of anything but one event for everybody, and time for what is owed.
void Schedule::calm_down() {
    const auto wait = [this] {
        constexpr Time turn = 50 * millisecond;
        constexpr int least = 8; // turns: what is waiting for a slow reader comes in pieces
        constexpr int most = 400;
        const auto is_quiet = [](const auto& client) { return client->is_quiet(); };
        for (int i = 0; i < most && world_.broken().empty(); ++i) {
            if (i >= least && std::ranges::all_of(clients_, is_quiet))
                break;
            world_.pass(turn);
            look();
        }
    };
    wait();
    let_all_in(); // who had said QUIT has left only now
    wait();
    for (const auto& device : devices_)
        switchboard_.change(device, false);
    wait();
    for (const auto& client : clients_)
        if (const auto difference = client->difference(switchboard_); !difference.empty())
            world_.breaks(fmt::format("{}: {}", client->who().user, difference));
}

std::string Schedule::run() {
    for (int i = 0; i < steps && world_.broken().empty(); ++i)
        step();
    if (world_.broken().empty() && attackers_.size() >= besiegers)
        besiege();
    if (world_.broken().empty())
        let_all_in();
    if (world_.broken().empty())
        calm_down();
    ++totals_.schedules;
    totals_.events += switchboard_.events;
    totals_.dialled += switchboard_.dialled;
    for (const auto& client : clients_)
        client->drop(Client::Drop::ended);
    if (world_.broken().empty()) {
        world_.pass(keep_alive + tick);
        for (const auto& attacker : attackers_)
            attacker->look();
        if (server_->reception().clients().size() != 0)
            world_.breaks("connections are left when nobody is there");
    }
    server_.reset();
    if (world_.broken().empty() && world_.open_sockets() != 0)
        world_.breaks("descriptors are left when the server has ended");
    return world_.broken();
}

} // namespace astcti::simulated
