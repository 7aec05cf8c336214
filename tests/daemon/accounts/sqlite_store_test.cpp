// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sqlite.hpp"
#include "daemon/accounts/sqlite_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace astcti::accounts;
using astcti::test::TempDir;
using Catch::Matchers::Contains;

namespace {

// Another program at the same file.
class Sqlite {
public:
    explicit Sqlite(const std::string& file) { REQUIRE(::sqlite3_open(file.c_str(), &db_) == 0); }
    Sqlite(const Sqlite&) = delete;
    ~Sqlite() { ::sqlite3_close(db_); }

    void run(const std::string& sql) const {
        REQUIRE(::sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    }

private:
    sqlite3* db_ = nullptr;
};

const Account anna{"anna", "098f6bcd4621d373cade4e832627b4f6", "10.0.0.7", "PJSIP/201"};

std::string error_of(SqliteStore& store) {
    try {
        store.find("anna");
        return "no error";
    } catch (const StoreError& e) {
        return e.what();
    }
}

// Another process; joined when its answer is asked for.
class Child {
public:
    template <typename Work>
    explicit Child(Work work) : pid_(::fork()) {
        if (pid_ == 0)
            ::_exit(work() ? 0 : 1);
    }

    bool answer() const {
        int status = 0;
        return ::waitpid(pid_, &status, 0) == pid_ && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

private:
    pid_t pid_;
};

// Not as root, who may read and write everything.
template <typename Work>
bool as_nobody(Work work) {
    return Child([&] {
               const bool dropped =
                   ::geteuid() != 0 || (::setegid(65534) == 0 && ::seteuid(65534) == 0);
               return dropped && work();
           })
        .answer();
}

} // namespace

TEST_CASE("a new file is for its owner only, whatever the umask", "[accounts]") {
    const TempDir directory;
    const auto old = ::umask(0);
    SqliteStore(directory.path("astcti.db")).check();
    ::umask(old);
    struct stat status {};
    REQUIRE(::stat(directory.path("astcti.db").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600U);
}

TEST_CASE("names are compared byte for byte", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    if (GENERATE(false, true))
        Sqlite(file).run("CREATE TABLE cti (USERNAME TEXT COLLATE NOCASE, SECRET, HOST, EXT)");
    SqliteStore store(file);
    REQUIRE(store.add(anna) == Store::Added::done);
    for (const auto name : {"Anna", "anna ", " anna", "ann", "anna\xCC\x80", "ann%", "ann_", ""}) {
        CHECK_FALSE(store.find(name).has_value());
        CHECK_FALSE(store.set_secret(name, "x"));
        CHECK_FALSE(store.remove(name));
    }
    CHECK_FALSE(store.find(std::string_view("anna\0", 5)).has_value());
    CHECK(store.find("anna") == anna);
}

TEST_CASE("rows that the setup guide or other programs made are read", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    const Sqlite other(file);
    other.run("CREATE TABLE `cti` (`USERNAME` varchar(255) default NULL, `SECRET` varchar(255) "
              "default NULL, `HOST` varchar(255) default NULL, `EXT` varchar(255) default NULL)");
    other.run("INSERT INTO cti VALUES ('test', '098f6bcd4621d373cade4e832627b4f6', '0.0.0.0', "
              "'SIP/300'), ('m\xC3\xBCller', NULL, NULL, NULL), (NULL, NULL, NULL, NULL), "
              "(NULL, 'x', 'x', 'x'), ('number', 12, 34, 56)");
    SqliteStore store(file);
    CHECK(store.find("test") ==
          Account{"test", "098f6bcd4621d373cade4e832627b4f6", "0.0.0.0", "SIP/300"});
    CHECK(store.find("m\xC3\xBCller") == Account{"m\xC3\xBCller", "", "", ""});
    CHECK(store.find("number") == Account{"number", "12", "34", "56"});
    CHECK_FALSE(store.find("").has_value());
    CHECK(store.list().size() == 3);
}

TEST_CASE("a value of the longest size is read, a longer one is refused", "[accounts]") {
    const TempDir directory;
    SqliteStore store(directory.path("astcti.db"));
    REQUIRE(store.add({"anna", std::string(max_stored_size, 'x'), "", ""}) == Store::Added::done);
    CHECK(store.find("anna")->secret.size() == max_stored_size);
    REQUIRE(store.set_secret("anna", std::string(max_stored_size + 1, 'x')));
    CHECK_THAT(error_of(store), Contains("a value of 1021 bytes") && Contains("astcti.db"));
}

TEST_CASE("several programs and threads use one file at the same time", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    const auto work = [&](const std::string& prefix) {
        SqliteStore store(file);
        for (int i = 0; i < 20; ++i)
            if (store.add({prefix + std::to_string(i), "x", "", ""}) != Store::Added::done)
                return false;
        return true;
    };
    const Child other([&] { return work("a"); });
    bool threads[] = {false, false};
    std::thread thread([&] { threads[0] = work("b"); });
    threads[1] = work("c");
    thread.join();
    CHECK(other.answer());
    CHECK(threads[0]);
    CHECK(threads[1]);
    CHECK(SqliteStore(file).list().size() == 60);
}

TEST_CASE("a file that another program holds is waited for, and not for ever", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    SqliteStore store(file);
    REQUIRE(store.add(anna) == Store::Added::done);
    const Sqlite other(file);
    other.run("BEGIN EXCLUSIVE");
    const auto start = std::chrono::steady_clock::now();
    CHECK_THAT(error_of(store), Contains("locked") && Contains("try again"));
    const auto waited = std::chrono::steady_clock::now() - start;
    CHECK(waited >= SqliteConnection::busy_timeout * 9 / 10);
    other.run("COMMIT");
    CHECK(store.find("anna") == anna);
}

TEST_CASE("a database that is away is an error with its file, and is found once it is back",
          "[accounts]") {
    const TempDir directory;
    SqliteStore store(directory.path("later/astcti.db"));
    CHECK_THAT(error_of(store), Contains(directory.path("later/astcti.db")) &&
                                    Contains("no such directory") &&
                                    Contains("systemctl start astcti"));
    std::filesystem::create_directory(directory.path("later"));
    CHECK(store.add(anna) == Store::Added::done);

    // Replaced while in use, as a backup is put back.
    SqliteStore backup(directory.path("backup.db"));
    REQUIRE(backup.add({"berta", "x", "", ""}) == Store::Added::done);
    std::filesystem::rename(directory.path("backup.db"), directory.path("later/astcti.db"));
    CHECK_FALSE(store.find("anna").has_value());
    CHECK(store.find("berta").has_value());
}

TEST_CASE("what others change of a file that is open is seen", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    SqliteStore store(file);
    REQUIRE(store.add(anna) == Store::Added::done);
    const bool together = GENERATE(false, true);
    const auto secret = [&] {
        std::string found;
        const auto read = [&] {
            const auto account = store.find("anna");
            found = account ? account->secret : "nobody";
        };
        if (together)
            store.read_together(read);
        else
            read();
        return found;
    };
    CHECK(secret() == anna.secret);
    {
        const Sqlite other(file);
        other.run("UPDATE cti SET SECRET = 'changed'");
        CHECK(secret() == "changed");
        other.run("DELETE FROM cti");
        CHECK(secret() == "nobody");
        other.run("INSERT INTO cti (USERNAME, SECRET) VALUES ('anna', 'again')");
        CHECK(secret() == "again");
    }
    // A backup in its place, and one that is written over it.
    const auto backup = directory.path("backup.db");
    const auto put_back = GENERATE(false, true);
    REQUIRE(SqliteStore(backup).add({"anna", "old", "", ""}) == Store::Added::done);
    if (put_back)
        std::filesystem::rename(backup, file);
    else
        std::filesystem::copy_file(backup, file, std::filesystem::copy_options::overwrite_existing);
    CHECK(secret() == "old");
    std::filesystem::remove(file);
    CHECK(secret() == "nobody");
    REQUIRE(store.add({"anna", "new", "", ""}) == Store::Added::done);
    CHECK(secret() == "new");
}

TEST_CASE("a file that is open to be read keeps nobody from writing", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    SqliteStore store(file);
    REQUIRE(store.add(anna) == Store::Added::done);
    REQUIRE(store.find("anna") == anna);
    store.read_together([&] { CHECK(store.find("anna") == anna); });
    const Sqlite other(file);
    other.run("BEGIN EXCLUSIVE");
    other.run("ROLLBACK");
    CHECK_THROWS_AS(store.read_together([] { throw StoreError("x"); }), StoreError);
    other.run("BEGIN EXCLUSIVE");
    other.run("ROLLBACK");
    CHECK(store.find("anna") == anna);
}

TEST_CASE("what is no database is left as it is, and said", "[accounts]") {
    const TempDir directory;
    const std::string text(4096, 'x');
    const auto file = directory.write("astcti.db", text);
    SqliteStore store(file);
    CHECK_THAT(error_of(store), Contains("not a database") && Contains("backup"));
    CHECK(std::filesystem::file_size(file) == text.size());

    SqliteStore on_directory(directory.path());
    CHECK_THAT(error_of(on_directory), Contains("unable to open"));
}

TEST_CASE("a database of a later version is not touched", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    SqliteStore(file).check();
    Sqlite(file).run("PRAGMA user_version = 99");
    SqliteStore store(file);
    CHECK_THAT(error_of(store), Contains("later version"));
    CHECK_THROWS_AS(store.add(anna), StoreError);
}

TEST_CASE("a table without the right columns is an error, not an empty list", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    Sqlite(file).run("CREATE TABLE cti (USERNAME TEXT, SECRET TEXT)");
    SqliteStore store(file);
    CHECK_THAT(error_of(store), Contains("no such column: HOST"));
    CHECK_THROWS_AS(store.check(), StoreError);
}

TEST_CASE("a file that cannot be written is read", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    SqliteStore(file).add(anna);
    REQUIRE(::chmod(file.c_str(), 0444) == 0);
    REQUIRE(::chmod(directory.path().c_str(), 0555) == 0);
    CHECK(as_nobody([&] {
        SqliteStore store(file);
        if (store.find("anna") != anna)
            return false;
        try {
            store.remove("anna");
            return false;
        } catch (const StoreError& e) {
            return std::string_view(e.what()).find("must be allowed to write") !=
                   std::string_view::npos;
        }
    }));
    CHECK(SqliteStore(file).find("anna") == anna);
    ::chmod(directory.path().c_str(), 0755);
}

TEST_CASE("a file that may not be read at all is an error", "[accounts]") {
    const TempDir directory;
    const auto file = directory.path("astcti.db");
    SqliteStore(file).add(anna);
    ::chmod(directory.path().c_str(), 0755);
    ::chmod(file.c_str(), 0000);
    CHECK(as_nobody([&] {
        SqliteStore store(file);
        return error_of(store).find("unable to open") != std::string::npos;
    }));
}
