// SPDX-License-Identifier: GPL-3.0-or-later
// What accounts cost: measured in pairs of a reference and a subject, which tests/bench/run judges.
//   accounts_bench logins PAIRS    prints "pair REFERENCE SUBJECT" in nanoseconds of processor:
//                                  look-ups and HMACs, logins of people who were verified lately
//   accounts_bench lookup PAIRS    the same in nanoseconds: look-ups in 1,000 and in 100,000
//                                  accounts; on SQLite, or with ASTCTI_TEST_MYSQL on a server,
//                                  in the databases NAME and NAME_many that it names
#include "daemon/accounts/secret.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/logins.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/test_store.hpp"

#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <stdexcept>

using namespace astcti;
using accounts::Store;

namespace {

constexpr int few = 1000;
constexpr int many = 100000;
constexpr int logins = 10000;
constexpr int lookups = 2000; // of each side in a pair
constexpr int at_once = 64;
constexpr const char* password = "secret";

// Names in an order that has nothing to do with that of the rows.
std::string name(int number, int accounts) {
    return fmt::format("user{}", (number * 7919L) % accounts);
}

void fill(accounts::SqlConnection& connection, int count, const std::string& secret) {
    constexpr int rows = 500;
    connection.run_script("BEGIN");
    for (int first = 0; first < count; first += rows) {
        std::string sql = "INSERT INTO cti (USERNAME, SECRET, HOST, EXT) VALUES ";
        for (int i = first; i < first + rows; ++i)
            sql += fmt::format("{}('user{}', '{}', NULL, 'PJSIP/{}')", i == first ? "" : ", ", i,
                               secret, i);
        connection.run_script(sql);
    }
    connection.run_script("COMMIT");
}

// An account database with so many accounts.
class Accounts {
public:
    Accounts(int count, const std::string& secret, const std::string& suffix) {
        if (test::on_mysql()) {
            server_ = test::mysql_server();
            server_.database += suffix;
            accounts::MysqlConnection connection(server_);
            connection.run_script("DROP TABLE IF EXISTS cti, cti_device, cti_seat, cti_schema");
            accounts::MysqlStore(server_).migrate();
            fill(connection, count, secret);
            connection.run_script("ANALYZE TABLE cti");
        } else {
            make()->check();
            accounts::SqliteConnection connection(directory_.path("astcti.db"));
            fill(connection, count, secret);
        }
    }

    std::unique_ptr<Store> make() const {
        if (test::on_mysql())
            return std::make_unique<accounts::MysqlStore>(server_);
        return std::make_unique<accounts::SqliteStore>(directory_.path("astcti.db"));
    }

private:
    test::TempDir directory_;
    accounts::MysqlServer server_;
};

void look_up(Store& store, const std::string& user) {
    if (!store.find(user))
        throw std::runtime_error(user + " was not found");
}

int lookup(int pairs) {
    const Accounts small(few, "x", "");
    const Accounts large(many, "x", "_many");
    const auto store_of_few = small.make();
    const auto store_of_many = large.make();
    int at = 0;
    const auto run = [&at](Store& store, int accounts) {
        for (int i = 0; i < lookups; ++i)
            look_up(store, name(++at, accounts));
    };
    run(*store_of_few, few);
    run(*store_of_many, many);
    for (int pair = 0; pair < pairs; ++pair)
        bench::measure_pair(
            pair, [&] { run(*store_of_few, few); }, [&] { run(*store_of_many, many); });
    return EXIT_SUCCESS;
}

// Of all threads: what one does while another waits counts as well.
long processor_nanoseconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

class LoggingIn {
public:
    explicit LoggingIn(const Accounts& accounts)
        : logins_(loop_, [&accounts] { return accounts.make(); }, {}) {}

    void run(int count) {
        wanted_ = count;
        asked_ = done_ = 0;
        for (int i = 0; i < at_once; ++i)
            ask();
        while (done_ < wanted_)
            sd_event_run(loop_.get(), UINT64_MAX);
    }

private:
    void ask() {
        if (asked_ == wanted_)
            return;
        logins_.log_in(accounts::PasswordLogin{name(++asked_, few), password}, "",
                       [this](const accounts::LoginOutcome& outcome) {
                           if (outcome.result != accounts::LoginOutcome::Result::accepted)
                               throw std::runtime_error("a login failed: " + outcome.why);
                           ++done_;
                           ask();
                       });
    }

    event::Loop loop_;
    Logins logins_;
    int wanted_ = 0;
    int asked_ = 0;
    int done_ = 0;
};

int cached_logins(int pairs) {
    const auto secret = accounts::make_secret(password, false);
    const Accounts accounts(few, secret, "");
    const auto store = accounts.make();
    LoggingIn logging_in(accounts);
    logging_in.run(few); // which verifies everybody
    const std::string key(32, 'k');
    for (int pair = 0; pair < pairs; ++pair) {
        const auto reference = [&] {
            const auto begin = processor_nanoseconds();
            volatile char sink = 0;
            for (int i = 0; i < logins; ++i) {
                const auto user = name(i, few);
                look_up(*store, user);
                sink = base::hmac_sha256(key, user + secret + password)[0];
            }
            static_cast<void>(sink);
            return processor_nanoseconds() - begin;
        };
        const auto subject = [&] {
            const auto begin = processor_nanoseconds();
            logging_in.run(logins);
            return processor_nanoseconds() - begin;
        };
        const bool first = pair % 2 == 0;
        const auto a = first ? reference() : subject();
        const auto b = first ? subject() : reference();
        fmt::print("pair {} {}\n", first ? a : b, first ? b : a);
    }
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char* argv[]) {
    const std::string_view what = argc > 1 ? argv[1] : "";
    if (what == "logins" && argc == 3)
        return cached_logins(std::atoi(argv[2]));
    if (what == "lookup" && argc == 3)
        return lookup(std::atoi(argv[2]));
    std::fputs("usage: accounts_bench logins PAIRS | lookup PAIRS\n", stderr);
    return 64;
}
