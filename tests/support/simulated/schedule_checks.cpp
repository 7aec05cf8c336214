// SPDX-License-Identifier: GPL-3.0-or-later
// What must be true after each step, and at the end.
#include "daemon/accounts/host.hpp"
#include "daemon/clients/penalties.hpp"
#include "tests/support/simulated/schedule.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace astcti::simulated {
namespace {

// A client that does not read is closed.
constexpr Time longest_wait = 30 * second + 500 * millisecond;
// Whoever has the right password is in, however many guess: a delay of 5 s, a connection of her own
// that the network lost and that only silence shows (10 s), two retries.
constexpr Time longest_way_in = 25 * second;
// Of a source that has many people: all who have a turn before.
constexpr Time longest_turn =
    clients::Penalties::max_turns *
    std::chrono::duration_cast<clients::Penalties::Time>(clients::Penalties::max_delay).count();

} // namespace

void Schedule::look() {
    ++totals_.steps;
    world_.settle();
    restart_if_failed();
    for (const auto& client : clients_)
        client->exchange();
    world_.settle();
    restart_if_failed();
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
    if (reception.clients().admission().size() > reception.clients().admission().capacity())
        world_.breaks("there are more clients than descriptors");
}

bool Schedule::is_first_original(const Client& client) const {
    const auto first = std::ranges::find_if(
        clients_, [&](const auto& other) { return other->who().user == client.who().user; });
    return first->get() == &client;
}

// Somebody is away, and many guess her password meanwhile.
void Schedule::besiege() {
    const auto victim = clients_[world_.random.below(clients_.size())]->who().user;
    besieged_ = victim;
    for (const auto& client : clients_)
        if (client->who().user == victim) {
            client->drop(Client::Drop::ended);
            client->forget_token();
            add_neighbour(*client);
        }
    constexpr int rounds = 4;
    for (int i = 0; i < rounds && world_.broken().empty(); ++i) {
        for (const auto& attacker : attackers_)
            attacker->besiege(*server_, victim);
        if (neighbour_)
            neighbour_->pester(*server_, victim);
        world_.pass(second + world_.random.below(8 * second));
        look();
        if (neighbour_)
            neighbour_->look();
    }
}

void Schedule::add_neighbour(const Client& victim) {
    const auto& who = victim.who();
    const bool is_shared =
        who.door != Server::Door::local &&
        accounts::match_host(Server::network, who.address) == accounts::HostMatch::inside;
    if (!neighbour_ && victim.is_known && is_shared)
        neighbour_ = std::make_unique<Attacker>(who.address, std::vector{who.user}, ledger_,
                                                is_narrow_, longest_turn + second);
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
    const auto longest = longest_way_in + (neighbour_ ? longest_turn : 0);
    for (;;) {
        if (neighbour_)
            neighbour_->pester(*server_, besieged_);
        for (const auto& client : clients_)
            client->come_in(*server_);
        look();
        if (neighbour_)
            neighbour_->look();
        const bool all_in = std::ranges::all_of(
            clients_, [](const auto& client) { return client->is_logged_in(); });
        if (all_in || !world_.broken().empty())
            break;
        if (world_.now() - begin > longest) {
            world_.breaks("somebody with the right password does not get in");
            break;
        }
        if (!attackers_.empty() && world_.random.chance(50))
            attackers_[world_.random.below(attackers_.size())]->act(*server_);
        world_.pass(turn);
    }
    if (neighbour_) {
        neighbour_->leave();
        neighbour_.reset();
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
    unsigned life = 0;
    do { // again if it was started anew meanwhile
        life = life_;
        wait();
        let_all_in(); // who had said QUIT has left only now
        wait();
        for (const auto& device : devices_)
            switchboard_.change(device, false);
        wait();
    } while (life != life_ && world_.broken().empty());
    for (const auto& client : clients_)
        if (const auto difference = client->difference(switchboard_); !difference.empty())
            world_.breaks(fmt::format("{}: {}", client->who().user, difference));
}

} // namespace astcti::simulated
