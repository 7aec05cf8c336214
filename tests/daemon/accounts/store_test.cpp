// SPDX-License-Identifier: GPL-3.0-or-later
// What every store of accounts keeps to: run on SQLite, and on real MariaDB and MySQL servers by
// tests/system/databases.
#include "daemon/accounts/login.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_store.hpp"

#include <thread>

using namespace astcti::accounts;
using astcti::test::on_mysql;
using astcti::test::TestStore;
using Added = Store::Added;
using Devices = std::vector<std::string>;

namespace {

const std::string md5_of_test = "098f6bcd4621d373cade4e832627b4f6";
const Account anna{"anna",
                   md5_of_test,
                   "10.0.0.7",
                   "PJSIP/201",
                   {"PJSIP/301", "Local/201@from-queue/n"},
                   "Local/201@from-internal"};

} // namespace

TEST_CASE("an account that was added is found as it was", "[store]") {
    TestStore store;
    CHECK_FALSE(store->find("anna").has_value());
    CHECK(store->add(anna) == Added::done);
    CHECK(store->find("anna") == anna);
    CHECK(store.another()->find("anna") == anna);
    CHECK(store->list() == std::vector<Account>{anna});
}

TEST_CASE("a name is taken once, and so is a device", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    CHECK(store->add({"anna", "x", "", "PJSIP/999"}) == Added::user_exists);
    CHECK(store->add({"berta", "x", "", "PJSIP/201"}) == Added::device_taken);
    CHECK(store->list() == std::vector<Account>{anna});
}

TEST_CASE("any number of accounts may have no device, and are listed by name", "[store]") {
    TestStore store;
    CHECK(store->add({"b", "x", "", ""}) == Added::done);
    CHECK(store->add({"a", "x", "", ""}) == Added::done);
    CHECK(store->add({"B", "x", "", ""}) == (on_mysql() ? Added::user_exists : Added::done));
    const auto list = store->list();
    CHECK(std::ranges::is_sorted(list, {}, &Account::user));
    CHECK(list.size() == (on_mysql() ? 2 : 3));
}

TEST_CASE("a secret is changed and an account removed, if there is one", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    CHECK(store->set_secret("anna", "new"));
    CHECK(store->find("anna")->secret == "new");
    CHECK_FALSE(store->set_secret("berta", "new"));
    CHECK_FALSE(store->replace_secret("anna", "old", "newer"));
    CHECK(store->find("anna")->secret == "new");
    CHECK(store->replace_secret("anna", "new", "newer"));
    CHECK(store->find("anna")->secret == "newer");
    CHECK_FALSE(store->remove("berta"));
    CHECK(store->remove("anna"));
    CHECK_FALSE(store->find("anna").has_value());
    CHECK(store->devices().empty());
}

TEST_CASE("host, extension and dial string are changed, each by itself", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    REQUIRE(store->add({"berta", "x", "", "PJSIP/202"}) == Added::done);
    auto expected = anna;
    CHECK(store->set("anna", {.host = "10.0.0.0/8"}) == Added::done);
    expected.host = "10.0.0.0/8";
    CHECK(store->find("anna") == expected);
    CHECK(store->set("anna", {.extension = "PJSIP/209"}) == Added::done);
    expected.extension = "PJSIP/209";
    CHECK(store->find("anna") == expected);
    CHECK(store->set("anna", {.extension = "PJSIP/209"}) == Added::done); // as it was
    CHECK(store->set("anna", {.dial = ""}) == Added::done);
    expected.dial.clear();
    CHECK(store->find("anna") == expected);
    CHECK(store->set("anna", {.host = "", .extension = ""}) == Added::done);
    expected.host.clear();
    expected.extension.clear();
    CHECK(store->find("anna") == expected);
    CHECK(store->set("anna", {.extension = "PJSIP/202"}) == Added::device_taken);
    CHECK(store->set("anna", {.extension = "PJSIP/301"}) ==
          Added::device_taken); // her own further one
    CHECK(store->set("carla", {.host = "1.2.3.4"}) == Added::no_such_user);
    CHECK(store->find("anna") == expected);
}

TEST_CASE("names are compared byte for byte, whatever the collation", "[store]") {
    TestStore store;
    REQUIRE(store->add({"admin", "x", "", ""}) == Added::done);
    REQUIRE(store->add({"Zoë", "x", "", ""}) == Added::done);
    for (const std::string name :
         {"Admin", "ADMIN", "admin ", " admin", "admin\t", "Zoe", "ZOË", "zoë", "Zoe\u0308"}) {
        CAPTURE(name);
        CHECK_FALSE(store->find(name).has_value());
        CHECK_FALSE(store->set_secret(name, "y"));
        CHECK_FALSE(store->replace_secret(name, "x", "y"));
        CHECK(store->set(name, {.host = "1.2.3.4"}) == Added::no_such_user);
        CHECK(store->add_device(name, "SIP/1") == Added::no_such_user);
        CHECK_FALSE(store->remove(name));
    }
    CHECK(store->find("admin")->secret == "x");
    CHECK(store->find("Zoë")->secret == "x");
    CHECK(store->list().size() == 2);
}

TEST_CASE("what looks like SQL is a name that nobody has, and a value like any other", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    const std::string text = GENERATE(
        as<std::string>{}, "' OR '1'='1", "anna' --", "anna\\' OR 1=1 #", "\"; DROP TABLE cti; --",
        "anna'; UPDATE cti SET SECRET='x", "%", "_nna", "anna\\", "\xE2\x80\xAE", "😀");
    CAPTURE(text);
    CHECK_FALSE(store->find(text).has_value());
    CHECK_FALSE(store->set_secret(text, "y"));
    CHECK_FALSE(store->remove(text));
    CHECK(store->find("anna") == anna);
    // The guide's character set has no letters beyond U+FFFF.
    if (on_mysql() && text == "😀") {
        CHECK_THROWS_WITH(store->set("anna", {.host = text}),
                          Catch::Matchers::Contains("has no such letters"));
        CHECK(store->find("anna") == anna);
    } else {
        CHECK(store->set("anna", {.host = text}) == Added::done);
        CHECK(store->find("anna")->host == text);
    }
    CHECK(store->list().size() == 1);
}

TEST_CASE("rows that the setup guide or other programs made are read", "[store]") {
    TestStore store;
    store.run("INSERT INTO cti VALUES (NULL, NULL, NULL, NULL)");
    store.run("INSERT INTO cti VALUES ('test', '" + md5_of_test + "', '0.0.0.0', 'SIP/300')");
    store.run("INSERT INTO cti VALUES ('nothing', NULL, NULL, NULL)");
    store.run("INSERT INTO cti VALUES ('empty', '', '', '')");
    CHECK(store->find("test") == Account{"test", md5_of_test, "0.0.0.0", "SIP/300"});
    CHECK(store->find("nothing") == Account{"nothing", "", "", ""});
    CHECK(store->find("empty") == Account{"empty", "", "", ""});
    CHECK(store->list().size() == 3);
    CHECK(store->devices() == std::set<std::string>{"SIP/300"});
    Verified verified;
    CHECK(log_in(*store, verified, PasswordLogin{"test", "test"}, "", {}).result ==
          LoginOutcome::Result::accepted);
}

TEST_CASE("further devices are kept in their order, and go with the account", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    CHECK(store->add_device("anna", "DAHDI/1") == Added::done);
    CHECK(store->find("anna")->devices ==
          Devices{"PJSIP/301", "Local/201@from-queue/n", "DAHDI/1"});
    CHECK(store->remove_device("anna", "PJSIP/301"));
    CHECK_FALSE(store->remove_device("anna", "PJSIP/301"));
    CHECK_FALSE(store->remove_device("anna", "PJSIP/201")); // EXT is not a further one
    CHECK_FALSE(
        store->remove_device("anna", "Local/201@from-internal")); // nor what rings for dialling
    CHECK_FALSE(store->remove_device("Anna", "DAHDI/1"));
    CHECK(store->remove_device("anna", "Local/201@from-queue")); // the same as with /n
    CHECK(store->find("anna")->devices == Devices{"DAHDI/1"});
    CHECK(store->find("anna")->dial == anna.dial);
    REQUIRE(store->remove("anna"));
    REQUIRE(store->add({"anna", "x", "", ""}) == Added::done);
    CHECK(store->find("anna")->devices.empty());
    CHECK(store->find("anna")->dial.empty());
}

TEST_CASE("a device has one account, as EXT or as a further one", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    REQUIRE(store->add({"berta", "x", "", "SIP/202"}) == Added::done);
    const auto before = store->list();
    for (const std::string device :
         {"PJSIP/201", "PJSIP/301", "Local/201@from-queue", "Local/201@from-queue/n", "SIP/202"}) {
        CAPTURE(device);
        CHECK(store->add_device("berta", device) == Added::device_taken);
        CHECK(store->add_device("anna", device) == Added::device_taken);
        CHECK(store->add({"carla", "x", "", device}) == Added::device_taken);
        CHECK(store->add({"carla", "x", "", "SIP/1", {"SIP/2", device}}) == Added::device_taken);
    }
    CHECK(store->list() == before);
    CHECK(store->add_device("berta", "Local/201@from-internal") ==
          Added::done); // rings, and is nobody's desk
}

TEST_CASE("an account has so many further devices and no more", "[store]") {
    TestStore store;
    auto account = anna;
    account.devices.clear();
    for (std::size_t i = 0; i < max_devices; ++i)
        account.devices.push_back("SIP/" + std::to_string(i));
    auto too_many = account;
    too_many.devices.emplace_back("SIP/x");
    CHECK(store->add(too_many) == Added::too_many_devices);
    CHECK(store->list().empty());
    REQUIRE(store->add(account) == Added::done);
    CHECK(store->add_device("anna", "SIP/x") == Added::too_many_devices);
    // Others may write into the table; more are not looked at.
    store.run("INSERT INTO cti_device (USERNAME, DEVICE) VALUES ('anna', 'SIP/x')");
    CHECK(store->find("anna")->devices == account.devices);
    CHECK(store->list().at(0).devices == account.devices);
}

TEST_CASE("devices of an account that another program removed are nobody's", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    store.run("DELETE FROM cti");
    REQUIRE(store->add({"berta", "x", "", "PJSIP/301"}) == Added::done);
    REQUIRE(store->add({"anna", "x", "", "PJSIP/201"}) == Added::done);
    CHECK(store->find("anna")->devices.empty());
}

TEST_CASE("a device that is nobody's is free, in whatever way it was written", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    REQUIRE(store->add({"carla", "x", "", "PJSIP/203"}) == Added::done);
    store.run("DELETE FROM cti WHERE USERNAME = 'anna'");
    CHECK(store->add({"berta", "x", "", "Local/201@from-queue"}) == Added::done);
    CHECK(store->add_device("carla", "Local/201@from-queue/n") == Added::device_taken);
    CHECK(store->add_device("carla", "PJSIP/301") == Added::done);
    CHECK(store->set("carla", {.extension = "Local/201@from-queue/nj"}) == Added::device_taken);
    CHECK(store->find("carla")->devices == Devices{"PJSIP/301"});
}

TEST_CASE("a row with a value that is too long is its user's alone", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    if (on_mysql())
        store.run("ALTER TABLE cti MODIFY HOST text");
    store.run("INSERT INTO cti VALUES ('giant', 'x', '" + std::string(max_stored_size + 1, 'x') +
              "', NULL)");
    CHECK_THROWS_AS(store->find("giant"), BadRow);
    CHECK(store->find("anna") == anna);
    CHECK(store->devices().size() == 3);
}

TEST_CASE("a table of further telephones that was lost is made anew", "[store]") {
    TestStore store;
    REQUIRE(store->add(anna) == Added::done);
    store.run("DROP TABLE cti_device");
    const auto other = store.another();
    CHECK(other->find("anna")->extension == anna.extension);
    CHECK(other->find("anna")->devices.empty());
    if (on_mysql()) {
        CHECK_THROWS_WITH(other->add_device("anna", "SIP/1"),
                          Catch::Matchers::Contains("astctictl db migrate"));
        CHECK(MysqlStore(astcti::test::mysql_server()).migrate() == 2);
    }
    CHECK(other->add_device("anna", "SIP/1") == Added::done);
    CHECK(other->find("anna")->devices == Devices{"SIP/1"});
}

TEST_CASE("a desk has a telephone for whoever sits there", "[store]") {
    TestStore store;
    CHECK(store->seats().empty());
    CHECK(store->set_seat("192.168.20.7", "PJSIP/301"));
    CHECK(store->set_seat("192.168.20.0/24", "PJSIP/302"));
    CHECK(store->set_seat("192.168.20.7", "PJSIP/303"));
    CHECK(store->seats() ==
          std::vector<Seat>{{"192.168.20.0/24", "PJSIP/302"}, {"192.168.20.7", "PJSIP/303"}});
    CHECK(store->set_seat("192.168.20.7", ""));
    CHECK_FALSE(store->set_seat("192.168.20.7", ""));
    CHECK(store->seats().size() == 1);
}

TEST_CASE("several threads use one database at the same time", "[store]") {
    TestStore store;
    store->check();
    constexpr int threads = 4;
    constexpr int each = 10;
    std::vector<std::thread> workers;
    std::array<int, threads> done{};
    for (int i = 0; i < threads; ++i)
        workers.emplace_back([&store, &done, i] {
            const auto own = store.another();
            for (int j = 0; j < each; ++j)
                done.at(static_cast<std::size_t>(i)) +=
                    own->add({"u" + std::to_string(i) + "-" + std::to_string(j), "x", "", ""}) ==
                    Added::done;
        });
    for (auto& worker : workers)
        worker.join();
    CHECK(done == std::array{each, each, each, each});
    CHECK(store->list().size() == threads * each);
}

TEST_CASE("of two who want one name or device at the same time one gets it", "[store]") {
    TestStore store;
    store->check();
    std::array<Added, 4> results{};
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < results.size(); ++i)
        workers.emplace_back([&store, &results, i] {
            const bool same_name = i % 2 == 0;
            results.at(i) = store.another()->add({same_name ? "anna" : "u" + std::to_string(i), "x",
                                                  "", same_name ? "" : "PJSIP/201"});
        });
    for (auto& worker : workers)
        worker.join();
    CHECK(std::ranges::count(results, Added::done) == 2);
    CHECK(std::ranges::count(results, Added::user_exists) == 1);
    CHECK(std::ranges::count(results, Added::device_taken) == 1);
    CHECK(store->list().size() == 2);
}

// Not by itself: tests/system/databases makes the table with the text of the setup guide.
TEST_CASE("the setup guide's table is read, brought up to date, and goes on", "[.][guide]") {
    MysqlStore store(astcti::test::mysql_server());
    Verified verified;
    CHECK(store.version() == 1);
    CHECK(store.list() == std::vector<Account>{{"test", md5_of_test, "0.0.0.0", ""}});
    CHECK(store.devices().empty());
    CHECK(store.seats().empty());
    CHECK(log_in(store, verified, Md5Login{"test", md5_of_test}, "10.0.0.1", {}).result ==
          LoginOutcome::Result::accepted);
    CHECK_THROWS_WITH(store.add({"anna", "x", "", ""}),
                      Catch::Matchers::Contains("astctictl db migrate"));
    CHECK(store.migrate() == MysqlStore::latest_version() - 1);
    CHECK(store.migrate() == 0);
    CHECK(store.add(anna) == Added::done);
    CHECK(store.find("anna") == anna);
    CHECK(store.find("test") == Account{"test", md5_of_test, "0.0.0.0", ""});
}
