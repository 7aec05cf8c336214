// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/login.hpp"

#include "daemon/accounts/host.hpp"
#include "daemon/accounts/secret.hpp"
#include "daemon/base/digest.hpp"

#include <optional>
#include <system_error>
#include <utility>

namespace astcti::accounts {
namespace {

using Result = LoginOutcome::Result;

LoginOutcome refused(std::string why) {
    return {Result::refused, {}, std::move(why), {}};
}

LoginOutcome try_later(std::string why) {
    return {Result::try_later, {}, std::move(why), {}};
}

const std::string& name_in(const PasswordLogin& login) {
    return login.user;
}
const std::string& name_in(const Md5Login& login) {
    return login.user;
}
const std::string& name_in(const LocalLogin& login) {
    return login.account;
}
const std::string& name_in(const TokenLogin& login) {
    return login.user;
}

// What was presented, and how it is compared; nothing where the kernel vouches, or a token does.
struct Proof {
    Presented kind;
    std::string_view presented;
};

std::optional<Proof> proof_of(const Credentials& credentials) {
    if (const auto* login = std::get_if<PasswordLogin>(&credentials))
        return Proof{Presented::password, login->password};
    if (const auto* login = std::get_if<Md5Login>(&credentials))
        return Proof{Presented::md5, login->md5};
    return std::nullopt;
}

bool verify(std::string_view stored, const Proof& proof) {
    return proof.kind == Presented::md5 ? verify_md5(stored, proof.presented)
                                        : verify_password(stored, proof.presented);
}

std::string why_not(const Credentials& credentials, const Account& account) {
    const auto kind = kind_of(account.secret);
    if (kind == SecretKind::unusable)
        return "the account's secret is of no kind we know: set it with astctictl user passwd";
    if (kind == SecretKind::native && std::holds_alternative<Md5Login>(credentials))
        return "the account is not for the original's dialect (it was made with --native-only)";
    return "wrong password";
}

// The secret that the rules want in the place of one that was just verified; empty for none.
std::string better_secret(const std::string& stored, const Proof& proof, SecretUpgrade upgrade) {
    const auto kind = kind_of(stored);
    if (upgrade == SecretUpgrade::native && proof.kind == Presented::password &&
        kind != SecretKind::native)
        return make_secret(proof.presented, true);
    if (upgrade != SecretUpgrade::keep && kind == SecretKind::plain_md5)
        return wrap_md5(stored);
    return {};
}

// That it fails keeps nobody out: the database may be read-only, or full.
void upgrade_secret(Store& store, Verified& verified, Account& account, const Proof& proof,
                    SecretUpgrade upgrade, std::vector<std::string>& warnings) {
    auto better = better_secret(account.secret, proof, upgrade);
    if (better.empty())
        return;
    try {
        if (!store.replace_secret(account.user, account.secret, better))
            return; // somebody has just changed it
        account.secret = std::move(better);
        verified.remember(account.user, account.secret, proof.kind, proof.presented);
    } catch (const StoreError& error) {
        warnings.emplace_back(std::string("the account's secret could not be made safer: ") +
                              error.what());
    }
}

// The desk's telephone, for whoever has none: the narrowest network that the peer is in.
std::string seat_of(Store& store, std::string_view peer) {
    const Seat* best = nullptr;
    const auto seats = store.seats();
    for (const auto& seat : seats)
        if (!seat.host.empty() && match_host(seat.host, peer) == HostMatch::inside &&
            (!best || network_bits(seat.host) > network_bits(best->host)))
            best = &seat;
    return best ? best->extension : "";
}

class Login {
public:
    Login(Store& store, Verified& verified, std::string_view peer, const LoginRules& rules)
        : store_(store), verified_(verified), peer_(peer), rules_(rules) {}

    LoginOutcome decide(const Credentials& credentials) {
        const auto& name = std::visit(
            [](const auto& c) -> auto& { return name_in(c); }, credentials);
        auto account = store_.find(name);
        const auto proof = proof_of(credentials);
        if (proof && !is_right(name, account ? account->secret : "", *proof))
            return refused(account ? why_not(credentials, *account) : "there is no such account");
        if (!account)
            return refused("there is no such account");
        return accept(std::move(*account), proof);
    }

private:
    bool is_right(std::string_view name, const std::string& stored, const Proof& proof) {
        if (verified_.knows(name, stored, proof.kind, proof.presented))
            return true;
        if (!verify(stored, proof))
            return false;
        verified_.remember(name, stored, proof.kind, proof.presented);
        return true;
    }

    LoginOutcome accept(Account account, const std::optional<Proof>& proof) {
        LoginOutcome outcome{Result::accepted, {}, {}, {}};
        const auto match = match_host(account.host, peer_);
        if (match != HostMatch::inside) {
            auto what = match == HostMatch::outside ? "not from the account's HOST, " + account.host
                                                    : "the account's HOST, " + account.host +
                                                          ", is no address and no network";
            if (rules_.enforce_host)
                return refused(std::move(what));
            outcome.warnings.push_back(std::move(what));
        }
        if (proof)
            upgrade_secret(store_, verified_, account, *proof, rules_.upgrade, outcome.warnings);
        if (proof && kind_of(account.secret) == SecretKind::plain_md5)
            outcome.warnings.emplace_back(
                "the account's secret is a bare MD5, with which anyone who reads the table logs "
                "in: astctictl user migrate mends it");
        if (account.extension.empty())
            account.extension = seat_of(store_, peer_);
        outcome.secret_version = base::sha256(account.secret);
        account.secret.clear();
        outcome.account = std::move(account);
        return outcome;
    }

    Store& store_;
    Verified& verified_;
    std::string_view peer_;
    const LoginRules& rules_;
};

} // namespace

LoginOutcome log_in(Store& store, Verified& verified, const Credentials& credentials,
                    std::string_view peer, const LoginRules& rules) {
    try {
        return Login(store, verified, peer, rules).decide(credentials);
    } catch (const std::system_error& e) {
        return try_later(e.what());
    }
}

} // namespace astcti::accounts
