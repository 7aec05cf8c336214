// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/services.hpp"

#include "daemon/local_user.hpp"
#include "daemon/logins.hpp"
#include "daemon/tokens.hpp"
#include "tests/support/simulated/world.hpp"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>

namespace astcti::simulated {
namespace {

Services* current = nullptr;

constexpr Time longest_job = 300 * millisecond;
constexpr Time longest_write = 20 * millisecond;

const std::string* user_of(const accounts::Credentials& credentials) {
    if (const auto* by_password = std::get_if<accounts::PasswordLogin>(&credentials))
        return &by_password->user;
    if (const auto* by_md5 = std::get_if<accounts::Md5Login>(&credentials))
        return &by_md5->user;
    if (const auto* by_token = std::get_if<accounts::TokenLogin>(&credentials))
        return &by_token->user;
    return &std::get<accounts::LocalLogin>(credentials).account;
}

bool is_right(const Account& account, const accounts::Credentials& credentials) {
    if (const auto* by_password = std::get_if<accounts::PasswordLogin>(&credentials))
        return by_password->password == account.password;
    if (const auto* by_md5 = std::get_if<accounts::Md5Login>(&credentials))
        return by_md5->md5 == account.md5;
    return true;
}

} // namespace

Services::Services() {
    assert(!current);
    current = this;
}

Services::~Services() {
    current = nullptr;
}

Services& Services::the() {
    assert(current);
    return *current;
}

accounts::LoginOutcome Services::log_in(const accounts::Credentials& credentials) const {
    using Result = accounts::LoginOutcome::Result;
    accounts::LoginOutcome outcome;
    outcome.why = "simulated";
    if (accounts_away) {
        outcome.result = Result::try_later;
        return outcome;
    }
    const auto& user = *user_of(credentials);
    const auto found = accounts.find(user);
    if (found == accounts.end() || !is_right(found->second, credentials))
        return outcome;
    ++accepted;
    outcome.result = Result::accepted;
    outcome.account.user = user;
    outcome.account.extension = found->second.extension;
    outcome.account.devices = found->second.devices;
    outcome.secret_version = fmt::format("{}:{}", user, found->second.changed);
    return outcome;
}

bool Services::may_choose(const std::string& user, const std::string& device) const {
    const auto found = accounts.find(user);
    return device == desk ||
           (found != accounts.end() &&
            (device == found->second.extension ||
             std::ranges::find(found->second.devices, device) != found->second.devices.end()));
}

void Services::write(std::string bytes) {
    auto& world = World::the();
    world.later(&disk, world.random.below(longest_write),
                [this, bytes = std::move(bytes)] { disk += bytes; });
}

std::size_t Services::lose_writes() {
    const auto lost = World::the().jobs_of(&disk);
    World::the().drop_jobs(&disk);
    return lost;
}

std::string name_of_user(unsigned uid) {
    return fmt::format("user{}", uid);
}

} // namespace astcti::simulated

namespace astcti {

using simulated::Services;
using simulated::World;

// Threads

event::WorkerPool::WorkerPool(Loop& loop, unsigned) : source_(loop, -1, 0, [](auto) {}) {}

event::WorkerPool::~WorkerPool() {
    World::the().drop_jobs(this);
}

bool event::WorkerPool::submit(Job job) {
    auto& world = World::the();
    if (world.jobs_of(this) >= max_queue)
        return false;
    const auto after = [&world] { return world.random.below(simulated::longest_job / 2); };
    world.later(this, after(), [this, after, job = std::move(job)] {
        World::the().later(this, after(), [done = job()] { World::the().serve(done); });
    });
    return true;
}

std::optional<std::string> user_name(uid_t uid) {
    return simulated::name_of_user(uid);
}

// Accounts

Logins::Logins(event::Loop& loop, accounts::StorePool::Maker make, accounts::LoginRules rules)
    : begin_(loop, together, [] {}), stores_(std::move(make)), rules_(rules), workers_(loop, 1),
      quick_(loop, 1) {}

void Logins::log_in(accounts::Credentials credentials, const std::string&, Answer answer) {
    const bool submitted = workers_.submit([credentials, answer]() -> event::WorkerPool::Done {
        const auto outcome = Services::the().log_in(credentials);
        return [answer, outcome] { answer(outcome); };
    });
    if (!submitted)
        World::the().breaks("more passwords are looked at than a worker pool takes");
}

void Logins::check_device(const std::string& user, const std::string&, const std::string& device,
                          const Allowed& answer) {
    const bool submitted = quick_.submit([user, device, answer]() -> event::WorkerPool::Done {
        std::optional<bool> allowed;
        if (!Services::the().accounts_away)
            allowed = Services::the().may_choose(user, device);
        return [answer, allowed] { answer(allowed); };
    });
    if (!submitted)
        answer(std::nullopt);
}

// The disk. Everything else of a token is the product's: TokenBook.

Tokens::Tokens(event::Loop& loop, event::WorkerPool& workers, const std::string&,
               const std::string&)
    : book_({clients::TokenKey{"k1", std::string(clients::TokenKey::size, 'k')}}),
      record_(loop, workers, "") {
    const auto now = World::the().real_time();
    book_.restore(UsedTokens::decode(Services::the().disk, now), now);
}

clients::Grant Tokens::grant(std::string_view user, std::string_view secret_version,
                             std::size_t) const {
    auto& world = World::the();
    return {book_.issue(user, secret_version, world.real_time(),
                        world.random.bytes(clients::TokenBook::id_size)),
            clients::TokenBook::life, std::chrono::seconds(1)};
}

std::variant<clients::TokenClaims, clients::TokenFault> Tokens::take(std::string_view token) {
    return book_.take(token, World::the().real_time());
}

void Tokens::used(const clients::TokenClaims& claims) {
    const simulated::Working disk(false);
    Services::the().write(UsedTokens::encode({claims.expires, claims.id}));
}

void Tokens::save() {
    const simulated::Working disk(false);
    Services::the().lose_writes();
    Services::the().disk.clear();
    for (const auto& used : book_.used())
        Services::the().disk += UsedTokens::encode(used);
}

std::chrono::milliseconds Tokens::spread(std::size_t) noexcept {
    return std::chrono::seconds(1);
}

} // namespace astcti
