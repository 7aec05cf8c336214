// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/login.hpp"
#include "daemon/accounts/secret.hpp"
#include "daemon/accounts/sqlite_store.hpp"
#include "daemon/base/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <crypt.h>
#include <dlfcn.h>
#include <vector>

using namespace astcti::accounts;
using astcti::base::md5_hex;
using astcti::test::TempDir;
using Catch::Matchers::Contains;
using Result = LoginOutcome::Result;

namespace {

// The costs at which passwords were hashed, in the order of the hashes.
std::vector<std::string> hashed_at;

} // namespace

// Stands before libcrypt's, and counts.
extern "C" char* crypt_ra(const char* phrase, const char* setting, void** data, int* size) {
    static const auto real =
        reinterpret_cast<decltype(&::crypt_ra)>(::dlsym(RTLD_NEXT, "crypt_ra"));
    hashed_at.emplace_back(std::string(setting).substr(0, 7));
    return real(phrase, setting, data, size);
}

namespace {

// Three people: of AstCTI, of its native dialect only, and of the original.
class Office {
public:
    Office() {
        const auto add = [&](Account account) {
            REQUIRE(store_.add(account) == Store::Added::done);
        };
        // Made once: each costs as much as a log-in.
        static const auto annas = make_secret("anna's", false);
        static const auto bertas = make_secret("berta's", true);
        static const auto odds = make_secret("odd's", false);
        add({"anna", annas, "", "PJSIP/201"});
        add({"berta", bertas, "192.168.20.0/24", "PJSIP/202"});
        add({"test", md5_hex("test"), "0.0.0.0", "SIP/300"});
        add({"nobody", "", "", ""});
        add({"odd", odds, "desk-12", ""});
    }

    LoginOutcome log_in(const Credentials& credentials, std::string_view peer = "127.0.0.1",
                        bool enforce_host = false) {
        return log_in(credentials, peer, LoginRules{enforce_host, SecretUpgrade::keep});
    }

    LoginOutcome log_in(const Credentials& credentials, std::string_view peer,
                        const LoginRules& rules) {
        return astcti::accounts::log_in(store_, verified_, credentials, peer, rules);
    }

    Store& store() { return store_; }

private:
    TempDir directory_;
    SqliteStore store_{directory_.path("astcti.db")};
    Verified verified_;
};

} // namespace

TEST_CASE("the right password logs in, and the secret stays behind", "[accounts]") {
    Office office;
    const auto outcome = office.log_in(PasswordLogin{"anna", "anna's"});
    CHECK(outcome.result == Result::accepted);
    CHECK(outcome.account == Account{"anna", "", "", "PJSIP/201"});
    CHECK(outcome.warnings.empty());
    CHECK(outcome.why.empty());
}

TEST_CASE("the MD5 of the right password logs in where the account has one", "[accounts]") {
    Office office;
    CHECK(office.log_in(Md5Login{"anna", md5_hex("anna's")}).result == Result::accepted);
    CHECK(office.log_in(Md5Login{"test", md5_hex("test")}).result == Result::accepted);
    const auto native = office.log_in(Md5Login{"berta", md5_hex("berta's")});
    CHECK(native.result == Result::refused);
    CHECK_THAT(native.why, Contains("--native-only"));
}

TEST_CASE("who must not log in does not, and the log says why", "[accounts]") {
    struct Row {
        Credentials credentials;
        const char* why;
    };
    const auto row = GENERATE(values<Row>({
        {PasswordLogin{"anna", "Anna's"}, "wrong password"},
        {PasswordLogin{"anna", ""}, "wrong password"},
        {PasswordLogin{"anna", md5_hex("anna's")}, "wrong password"},
        {PasswordLogin{"Anna", "anna's"}, "no such account"},
        {PasswordLogin{"anna ", "anna's"}, "no such account"},
        {PasswordLogin{"", ""}, "no such account"},
        {PasswordLogin{"carla", "anna's"}, "no such account"},
        {PasswordLogin{"' OR '1'='1", "' OR '1'='1"}, "no such account"},
        {PasswordLogin{std::string("anna\0x", 6), "anna's"}, "no such account"},
        {PasswordLogin{std::string(100'000, 'a'), "anna's"}, "no such account"},
        {PasswordLogin{"anna", std::string(100'000, 'a')}, "wrong password"},
        {PasswordLogin{"anna\n<0>forged", "canary"}, "no such account"},
        {PasswordLogin{"nobody", ""}, "astctictl user passwd"},
        {PasswordLogin{"test", md5_hex("test")}, "wrong password"},
        {Md5Login{"anna", "anna's"}, "wrong password"},
        {Md5Login{"anna", ""}, "wrong password"},
        {Md5Login{"carla", md5_hex("anna's")}, "no such account"},
        {Md5Login{"nobody", ""}, "astctictl user passwd"},
        {Md5Login{"test", "098F6BCD4621D373CADE4E832627B4F6"}, "wrong password"},
        {LocalLogin{"carla"}, "no such account"},
        {LocalLogin{""}, "no such account"},
    }));
    Office office;
    const auto outcome = office.log_in(row.credentials);
    CHECK(outcome.result == Result::refused);
    CHECK_THAT(outcome.why, Contains(row.why) && !Contains("\n") && !Contains("canary"));
    CHECK(outcome.account == Account{});
}

TEST_CASE("a mapped Unix user needs no password", "[accounts]") {
    Office office;
    for (const auto* name : {"anna", "berta", "test", "nobody"}) {
        const auto outcome = office.log_in(LocalLogin{name}, "");
        CHECK(outcome.result == Result::accepted);
        CHECK(outcome.account.user == name);
        CHECK(outcome.account.secret.empty());
    }
}

TEST_CASE("a bare MD5 is warned about at login", "[accounts]") {
    Office office;
    for (const auto& outcome : {office.log_in(PasswordLogin{"test", "test"}),
                                office.log_in(Md5Login{"test", md5_hex("test")})}) {
        REQUIRE(outcome.result == Result::accepted);
        REQUIRE(outcome.warnings.size() == 1);
        CHECK_THAT(outcome.warnings[0], Contains("bare MD5"));
    }
}

TEST_CASE("somebody from elsewhere than HOST is warned about, or refused where enforced",
          "[accounts]") {
    Office office;
    const PasswordLogin berta{"berta", "berta's"};
    CHECK(office.log_in(berta, "192.168.20.9", true).warnings.empty());

    const auto warned = office.log_in(berta, "192.168.21.9", false);
    CHECK(warned.result == Result::accepted);
    REQUIRE(warned.warnings.size() == 1);
    CHECK_THAT(warned.warnings[0], Contains("192.168.20.0/24"));

    const auto refused = office.log_in(berta, "192.168.21.9", true);
    CHECK(refused.result == Result::refused);
    CHECK_THAT(refused.why, Contains("192.168.20.0/24"));
    CHECK(office.log_in(LocalLogin{"berta"}, "", true).result == Result::refused);
    CHECK(office.log_in(PasswordLogin{"anna", "anna's"}, "8.8.8.8", true).result ==
          Result::accepted);
}

TEST_CASE("a HOST that nobody can read is warned about, and lets nobody in where enforced",
          "[accounts]") {
    Office office;
    const PasswordLogin odd{"odd", "odd's"};
    const auto warned = office.log_in(odd, "10.0.0.7", false);
    CHECK(warned.result == Result::accepted);
    REQUIRE(warned.warnings.size() == 1);
    CHECK_THAT(warned.warnings[0], Contains("desk-12"));
    CHECK(office.log_in(odd, "10.0.0.7", true).result == Result::refused);
}

TEST_CASE("a database that fails refuses nobody and lets nobody in", "[accounts]") {
    SqliteStore store("/nowhere/astcti.db");
    for (const Credentials& credentials :
         {Credentials{PasswordLogin{"anna", "x"}}, Credentials{Md5Login{"anna", md5_hex("x")}},
          Credentials{LocalLogin{"anna"}}}) {
        Verified verified;
        CHECK_THROWS_WITH(log_in(store, verified, credentials, "127.0.0.1", {}),
                          Contains("no such directory"));
    }
}

TEST_CASE("every refusal costs the same one hash, so the time tells nothing", "[accounts]") {
    Office office;
    const std::vector<Credentials> all{
        PasswordLogin{"anna", "wrong"},      PasswordLogin{"carla", "wrong"},
        PasswordLogin{"test", "wrong"},      PasswordLogin{"anna", ""},
        PasswordLogin{"nobody", "wrong"},    Md5Login{"anna", md5_hex("wrong")},
        Md5Login{"berta", md5_hex("wrong")}, Md5Login{"carla", "x"}};
    for (const auto& credentials : all) {
        CAPTURE(credentials.index());
        hashed_at.clear();
        CHECK(office.log_in(credentials).result == Result::refused);
        CHECK(hashed_at == std::vector<std::string>{"$y$j9T$"}); // libxcrypt's default cost
    }
}

TEST_CASE("who logged in lately with the same costs no hash, and nobody else does", "[accounts]") {
    Office office;
    const PasswordLogin right{"anna", "anna's"};
    REQUIRE(office.log_in(right).result == Result::accepted);
    const auto hashes_of = [&](const Credentials& credentials, Result expected) {
        hashed_at.clear();
        CHECK(office.log_in(credentials).result == expected);
        return hashed_at.size();
    };
    CHECK(hashes_of(right, Result::accepted) == 0);
    CHECK(hashes_of(PasswordLogin{"anna", "wrong"}, Result::refused) == 1);
    CHECK(hashes_of(PasswordLogin{"anna", "anna'"}, Result::refused) == 1);
    CHECK(hashes_of(right, Result::accepted) == 0);
    // The other dialect is verified by itself.
    CHECK(hashes_of(Md5Login{"anna", md5_hex("anna's")}, Result::accepted) == 1);
    CHECK(hashes_of(Md5Login{"anna", md5_hex("anna's")}, Result::accepted) == 0);
    SECTION("with another secret everything is verified anew") {
        REQUIRE(office.store().set_secret("anna", make_secret("new", false)));
        CHECK(hashes_of(right, Result::refused) == 1);
        CHECK(hashes_of(Md5Login{"anna", md5_hex("anna's")}, Result::refused) == 1);
        CHECK(hashes_of(PasswordLogin{"anna", "new"}, Result::accepted) == 1);
    }
    SECTION("an account that is gone lets nobody in") {
        REQUIRE(office.store().remove("anna"));
        CHECK(hashes_of(right, Result::refused) == 1);
    }
}

TEST_CASE("a stored secret becomes safer when its owner logs in, as the rules say", "[accounts]") {
    Office office;
    const auto kind_after = [&](const Credentials& credentials, const std::string& user,
                                SecretUpgrade upgrade) {
        CHECK(office.log_in(credentials, "", LoginRules{false, upgrade}).result ==
              Result::accepted);
        return kind_of(office.store().find(user)->secret);
    };
    const PasswordLogin tests{"test", "test"};
    const Md5Login tests_md5{"test", md5_hex("test")};
    const PasswordLogin annas{"anna", "anna's"};
    SECTION("not at all") {
        CHECK(kind_after(tests, "test", SecretUpgrade::keep) == SecretKind::plain_md5);
        CHECK(kind_after(annas, "anna", SecretUpgrade::keep) == SecretKind::wrapped_md5);
    }
    SECTION("a bare one is wrapped, and both dialects go on") {
        CHECK(kind_after(tests_md5, "test", SecretUpgrade::wrap) == SecretKind::wrapped_md5);
        CHECK(kind_after(tests, "test", SecretUpgrade::wrap) == SecretKind::wrapped_md5);
        CHECK(kind_after(annas, "anna", SecretUpgrade::wrap) == SecretKind::wrapped_md5);
    }
    SECTION("to the password's own, which only a password can") {
        CHECK(kind_after(tests_md5, "test", SecretUpgrade::native) == SecretKind::wrapped_md5);
        CHECK(kind_after(tests, "test", SecretUpgrade::native) == SecretKind::native);
        CHECK(kind_after(tests, "test", SecretUpgrade::native) == SecretKind::native);
        CHECK(kind_after(annas, "anna", SecretUpgrade::native) == SecretKind::native);
    }
    SECTION("the kernel's word changes nothing") {
        CHECK(kind_after(LocalLogin{"test"}, "test", SecretUpgrade::native) ==
              SecretKind::plain_md5);
    }
    SECTION("and what was stored before is no password") {
        const auto wrapped = [&] {
            kind_after(tests, "test", SecretUpgrade::wrap);
            return office.store().find("test")->secret;
        }();
        CHECK(office.log_in(PasswordLogin{"test", wrapped}).result == Result::refused);
        CHECK(office.log_in(Md5Login{"test", wrapped}).result == Result::refused);
        CHECK(office.log_in(PasswordLogin{"test", wrapped.substr(7)}).result == Result::refused);
        CHECK(office.log_in(PasswordLogin{"test", md5_hex("test")}).result == Result::refused);
    }
}

TEST_CASE("who has no telephone of his own has that of the desk", "[accounts]") {
    Office office;
    auto& store = office.store();
    REQUIRE(store.set_seat("192.168.20.0/24", "PJSIP/300"));
    REQUIRE(store.set_seat("192.168.20.7", "PJSIP/307"));
    REQUIRE(store.set_seat("192.168.0.0/16", "PJSIP/399"));
    REQUIRE(store.set_seat("desk-12", "PJSIP/312")); // no address: nobody's
    REQUIRE(store.set_seat("::1", "PJSIP/301"));
    const auto extension_at = [&](const char* name, std::string_view peer) {
        return office.log_in(LocalLogin{name}, peer).account.extension;
    };
    CHECK(extension_at("nobody", "192.168.20.7") == "PJSIP/307");
    CHECK(extension_at("nobody", "192.168.20.8") == "PJSIP/300");
    CHECK(extension_at("nobody", "192.168.21.8") == "PJSIP/399");
    CHECK(extension_at("nobody", "10.0.0.1") == "");
    REQUIRE(store.set_seat("0.0.0.0", "PJSIP/399")); // wherever there is nothing nearer
    CHECK(extension_at("nobody", "10.0.0.1") == "PJSIP/399");
    CHECK(extension_at("nobody", "192.168.20.7") == "PJSIP/307");
    CHECK(extension_at("nobody", "") == "PJSIP/301");
    CHECK(extension_at("anna", "192.168.20.7") == "PJSIP/201");
}
