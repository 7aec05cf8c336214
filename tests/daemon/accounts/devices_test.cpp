// SPDX-License-Identifier: GPL-3.0-or-later
// The further telephones of accounts, in SQLite.
#include "daemon/accounts/login.hpp"
#include "daemon/accounts/sqlite_store.hpp"
#include "sqlite_0001.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace astcti::accounts;
using astcti::test::TempDir;
using Catch::Matchers::Contains;

namespace {

using Added = Store::Added;
using Devices = std::vector<std::string>;

void run(const std::string& file, const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(::sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    const int result = ::sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    ::sqlite3_close(db);
    REQUIRE(result == SQLITE_OK);
}

const Account anna{"anna", "x", "", "PJSIP/201", {"PJSIP/301", "Local/201@from-queue/n"}};

// As the version before left it.
std::string older_database(const TempDir& directory) {
    auto file = directory.path("astcti.db");
    run(file, std::string(astcti::sql::sqlite_0001) +
                  "PRAGMA user_version = 1;"
                  "INSERT INTO cti VALUES ('anna', 'x', '', 'PJSIP/201')");
    return file;
}

template <typename Work>
bool as_nobody(Work work) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        const bool dropped = ::geteuid() != 0 || (::setegid(65534) == 0 && ::seteuid(65534) == 0);
        ::_exit(dropped && work() ? 0 : 1);
    }
    int status = 0;
    return ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

TEST_CASE("every device of every account is told as its channels are called", "[devices]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    SqliteStore store(file);
    CHECK(store.devices().empty());
    REQUIRE(store.add(anna) == Added::done);
    REQUIRE(store.add({"b", "x", "", "Local/7@from-internal/n"}) == Added::done);
    REQUIRE(store.add({"c", "x", "", ""}) == Added::done);
    run(file, "INSERT INTO cti VALUES (NULL, NULL, NULL, NULL), ('d', '', '', '')");
    CHECK(store.devices() == std::set<std::string>{"Local/201@from-queue", "Local/7@from-internal",
                                                   "PJSIP/201", "PJSIP/301"});
}

TEST_CASE("a database of the version before gets the table when it is used", "[devices]") {
    const TempDir directory;
    SqliteStore store(older_database(directory));
    SECTION("by reading") {
        CHECK(store.find("anna")->devices.empty());
    }
    CHECK(store.add_device("anna", "SIP/1") == Added::done);
    CHECK(store.find("anna") == Account{"anna", "x", "", "PJSIP/201", {"SIP/1"}});
}

TEST_CASE("a database of the version before that cannot be written is read", "[devices]") {
    const TempDir directory;
    const auto file = older_database(directory);
    const bool only_the_directory = GENERATE(false, true);
    REQUIRE(::chmod(file.c_str(), only_the_directory ? 0666 : 0444) == 0);
    REQUIRE(::chmod(directory.path().c_str(), 0555) == 0);
    CHECK(as_nobody([&] {
        SqliteStore store(file);
        store.check();
        const Account as_it_was{"anna", "x", "", "PJSIP/201"};
        if (store.find("anna") != as_it_was || store.list() != std::vector{as_it_was} ||
            store.devices() != std::set<std::string>{"PJSIP/201"})
            return false;
        try {
            store.add_device("anna", "SIP/1");
            return false;
        } catch (const StoreError& e) {
            return std::string_view(e.what()).find("cti_device") == std::string_view::npos;
        }
    }));
    ::chmod(directory.path().c_str(), 0755);
    CHECK(SqliteStore(file).add_device("anna", "SIP/1") == Added::done);
}

TEST_CASE("an empty database that cannot be made ready is an error", "[devices]") {
    const TempDir directory;
    const auto file = directory.write("astcti.db", "", 0444);
    REQUIRE(::chmod(directory.path().c_str(), 0555) == 0);
    CHECK(as_nobody([&] {
        try {
            SqliteStore(file).check();
            return false;
        } catch (const StoreError& e) {
            return std::string_view(e.what()).find("must be allowed to write") !=
                   std::string_view::npos;
        }
    }));
    ::chmod(directory.path().c_str(), 0755);
}

TEST_CASE("whoever logs in is told with all devices", "[devices]") {
    const TempDir directory;
    SqliteStore store(directory.path("astcti.db"));
    REQUIRE(store.add(anna) == Added::done);
    Verified verified;
    const auto outcome =
        log_in(store, verified, LocalLogin{"anna"}, "", {true, SecretUpgrade::keep});
    CHECK(outcome.account.extension == "PJSIP/201");
    CHECK(outcome.account.devices == anna.devices);
}

TEST_CASE("a device of the longest size is read, a longer one is refused", "[devices]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    SqliteStore store(file);
    REQUIRE(store.add({"anna", "x", "", "", {std::string(max_stored_size, 'x')}}) == Added::done);
    CHECK(store.find("anna")->devices.at(0).size() == max_stored_size);
    REQUIRE(store.add_device("anna", std::string(max_stored_size + 1, 'y')) == Added::done);
    CHECK_THROWS_WITH(store.find("anna"), Contains("a value of 1021 bytes"));
}
