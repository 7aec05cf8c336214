// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/login.hpp"

#include "daemon/accounts/host.hpp"
#include "daemon/accounts/secret.hpp"

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

bool verify(const PasswordLogin& login, std::string_view stored) {
    return verify_password(stored, login.password);
}
bool verify(const Md5Login& login, std::string_view stored) {
    return verify_md5(stored, login.md5);
}
bool verify(const LocalLogin&, std::string_view) {
    return true;
}

std::string why_not(const Credentials& credentials, const Account& account) {
    const auto kind = kind_of(account.secret);
    if (kind == SecretKind::unusable)
        return "the account's secret is of no kind we know: set it with astctictl user passwd";
    if (kind == SecretKind::native && std::holds_alternative<Md5Login>(credentials))
        return "the account is not for the original's dialect (it was made with --native-only)";
    return "wrong password";
}

LoginOutcome accept(Account account, const Credentials& credentials, std::string_view peer,
                    bool enforce_host) {
    LoginOutcome outcome{Result::accepted, {}, {}, {}};
    const auto match = match_host(account.host, peer);
    if (match != HostMatch::inside) {
        auto what = match == HostMatch::outside
                        ? "not from the account's HOST, " + account.host
                        : "the account's HOST, " + account.host + ", is no address and no network";
        if (enforce_host)
            return refused(std::move(what));
        outcome.warnings.push_back(std::move(what));
    }
    if (kind_of(account.secret) == SecretKind::plain_md5 &&
        !std::holds_alternative<LocalLogin>(credentials))
        outcome.warnings.emplace_back("the account's secret is a bare MD5, with which anyone who "
                                      "reads the table logs in: astctictl user passwd mends it");
    account.secret.clear();
    outcome.account = std::move(account);
    return outcome;
}

LoginOutcome decide(Store& store, const Credentials& credentials, std::string_view peer,
                    bool enforce_host) {
    const auto& name = std::visit(
        [](const auto& c) -> auto& { return name_in(c); }, credentials);
    auto account = store.find(name);
    const std::string stored = account ? account->secret : "";
    const bool verified = std::visit([&](const auto& c) { return verify(c, stored); }, credentials);
    if (!account)
        return refused("there is no such account");
    if (!verified)
        return refused(why_not(credentials, *account));
    return accept(std::move(*account), credentials, peer, enforce_host);
}

} // namespace

LoginOutcome log_in(Store& store, const Credentials& credentials, std::string_view peer,
                    bool enforce_host) {
    try {
        return decide(store, credentials, peer, enforce_host);
    } catch (const StoreError& e) {
        return try_later(e.what());
    } catch (const std::system_error& e) {
        return try_later(e.what());
    }
}

} // namespace astcti::accounts
