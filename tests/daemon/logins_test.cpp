// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sqlite_store.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/logins.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/temp_dir.hpp"

#include <map>

using namespace astcti;
using accounts::SqliteStore;
using accounts::Store;
using accounts::TokenLogin;
using Result = accounts::LoginOutcome::Result;

namespace {

// Several people who have tokens, and a table that anybody may write.
class Office {
public:
    explicit Office(std::size_t people) {
        SqliteStore store(file());
        for (std::size_t i = 0; i < people; ++i)
            REQUIRE(store.add({name(i), "secret" + name(i), "", ""}) == Store::Added::done);
    }

    std::string file() const { return directory_.path("astcti.db"); }
    static std::string name(std::size_t number) { return "user" + std::to_string(number); }

    void ask(const std::string& user) {
        ++asked_;
        logins_.log_in(TokenLogin{user}, "127.0.0.1",
                       [this, user](const auto& outcome) { answers[user] = outcome; });
    }

    void wait() {
        test::run_until(loop_, [this] { return answers.size() == asked_; });
    }

    std::map<std::string, accounts::LoginOutcome> answers;

private:
    test::TempDir directory_;
    std::size_t asked_ = 0;
    event::Loop loop_;
    Logins logins_{loop_, [this] { return std::make_unique<SqliteStore>(file()); }, {}};
};

} // namespace

TEST_CASE("of many who come back at once each has the own answer", "[logins]") {
    constexpr auto people = 3 * Logins::max_together + 1;
    Office office(people);
    for (std::size_t i = 0; i < people; ++i)
        office.ask(Office::name(i));
    office.ask("nobody");
    office.wait();
    for (std::size_t i = 0; i < people; ++i) {
        const auto& outcome = office.answers[Office::name(i)];
        CHECK(outcome.result == Result::accepted);
        CHECK(outcome.account.user == Office::name(i));
        CHECK(outcome.secret_version == base::sha256("secret" + Office::name(i)));
    }
    CHECK(office.answers["nobody"].result == Result::refused);
}

TEST_CASE("a wrong row is its user's alone", "[logins]") {
    Office office(3);
    SqliteStore(office.file()).set_secret("user1", std::string(accounts::max_stored_size + 1, 'x'));
    for (std::size_t i = 0; i < 3; ++i)
        office.ask(Office::name(i));
    office.wait();
    CHECK(office.answers["user0"].result == Result::accepted);
    CHECK(office.answers["user1"].result == Result::try_later);
    CHECK(office.answers["user2"].result == Result::accepted);
}

TEST_CASE("who comes back while the accounts are away is put off, not refused", "[logins]") {
    Office office(2);
    std::filesystem::remove(office.file());
    std::filesystem::create_directory(office.file());
    office.ask("user0");
    office.ask("user1");
    office.wait();
    CHECK(office.answers["user0"].result == Result::try_later);
    CHECK(office.answers["user1"].result == Result::try_later);
    CHECK_FALSE(office.answers["user1"].why.empty());
}
