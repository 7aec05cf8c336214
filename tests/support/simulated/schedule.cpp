// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/schedule.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <sys/resource.h>

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
// Of a client that the network lost: see client.cpp.
constexpr Time longest_end = 31 * second;
constexpr std::uint64_t few_descriptors_percent = 10;

} // namespace

Schedule::Schedule(std::uint64_t seed, Totals& totals, bool traces)
    : world_(seed), totals_(totals) {
    world_.traces = traces;
    add_people();
    limit_descriptors();
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
    // More than there may be of one would close each other for ever.
    std::map<std::string, std::size_t> sessions;
    for (auto i = people; i < std::min(count, people * clients::SessionTable::max_of_user); ++i) {
        const auto& of = clients_[random.below(people)]->who();
        if (++sessions[of.user] < clients::SessionTable::max_of_user)
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
        attackers_.push_back(std::make_unique<Attacker>(fmt::format("127.6.6.{}", i + 1), victims,
                                                        ledger_, is_narrow_));
}

// So few that a flood would take them all, but for those who make room. The process itself needs
// but a handful.
void Schedule::limit_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    is_narrow_ = world_.random.below(100) < few_descriptors_percent;
    constexpr rlim_t strangers = 20;
    limit.rlim_cur = is_narrow_ ? clients::Admission::reserved_descriptors +
                                      rlim_t{2} * clients_.size() + strangers
                                : limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void Schedule::restart(bool kill) {
    if (server_) {
        ++totals_.restarts;
        if (!kill)
            world_.serve([this] { server_->reception().say_goodbye(); });
        if (services_.lose_writes() > 0)
            ledger_.writes_lost();
    }
    server_.reset();
    for (const auto& client : clients_)
        client->server_gone();
    const bool failed = std::exchange(world_.has_failed, false);
    if (failed)
        ++totals_.failures;
    for (const auto& attacker : attackers_)
        attacker->server_gone(failed);
    if (neighbour_)
        neighbour_->server_gone(failed);
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

void Schedule::restart_if_failed() {
    if (world_.has_failed)
        restart(true);
}

std::string Schedule::run_short_of_memory() {
    world_.may_be_short_of_memory = true;
    return run();
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
        world_.pass(longest_end);
        restart_if_failed();
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
