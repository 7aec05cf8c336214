// SPDX-License-Identifier: GPL-3.0-or-later
// What is the same on every database: what it is asked.
#include "daemon/accounts/sql_store.hpp"
#include "daemon/accounts/sqlite.hpp"
#include "daemon/accounts/sqlite_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <utility>

using namespace astcti::accounts;
using Added = Store::Added;

namespace {

// Passes everything on, and remembers it.
class Watched final : public SqlConnection {
public:
    explicit Watched(const std::string& file) : connection_(file) {}

    std::vector<SqlRow> query(std::string_view sql, SqlValues values) override {
        statements.emplace_back(sql);
        auto found = connection_.query(sql, values);
        rows += found.size();
        return found;
    }
    std::uint64_t execute(std::string_view sql, SqlValues values) override {
        statements.emplace_back(sql);
        return connection_.execute(sql, values);
    }
    void run_script(std::string_view sql) override {
        statements.emplace_back(sql);
        connection_.run_script(sql);
    }
    const std::string& place() const noexcept override { return connection_.place(); }

    std::vector<std::string> statements;
    std::size_t rows = 0;

private:
    SqliteConnection connection_;
};

constexpr SqlDialect dialect{"BEGIN IMMEDIATE", "USERNAME = ? COLLATE BINARY", "rowid"};

class WatchedStore final : public SqlStore {
public:
    WatchedStore() : SqlStore(dialect) {
        SqliteStore(directory_.path("astcti.db")).check();
        connection_ = std::make_unique<Watched>(directory_.path("astcti.db"));
    }

    // What has been asked since the last time.
    std::vector<std::string> statements() { return std::exchange(connection_->statements, {}); }
    std::size_t rows() { return std::exchange(connection_->rows, 0); }

protected:
    Opened open_to_read() override { return {*connection_, version_with_seats}; }
    Opened open_to_write() override { return open_to_read(); }

private:
    astcti::test::TempDir directory_;
    std::unique_ptr<Watched> connection_;
};

Account account(int number) {
    const auto text = std::to_string(number);
    return {"user" + text, "x", "", "PJSIP/" + text, {"SIP/" + text}};
}

} // namespace

TEST_CASE("a user that does not exist costs what one costs that does", "[accounts]") {
    WatchedStore store;
    REQUIRE(store.add(account(1)) == Added::done);
    store.statements();
    CHECK(store.find("user1").has_value());
    const auto known = store.statements();
    CHECK(known.size() == 2);
    CHECK_FALSE(store.find("user2").has_value());
    CHECK(store.statements() == known);
}

TEST_CASE("what an account costs that is added does not grow with those there are", "[accounts]") {
    WatchedStore store;
    constexpr int accounts = 100;
    for (int i = 0; i < accounts; ++i)
        REQUIRE(store.add(account(i)) == Added::done);
    store.rows();
    CHECK(store.add(account(accounts)) == Added::done);
    CHECK(store.rows() == 0);
    CHECK(store.set("user1", {.extension = "IAX2/1"}) == Added::done);
    CHECK(store.add_device("user1", "IAX2/2") == Added::done);
    CHECK(store.rows() <= 6); // the account's own
}
