// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/mysql_server.hpp"
#include "daemon/accounts/sql.hpp"
#include "daemon/accounts/store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

struct st_mysql;
struct st_mysql_stmt;

namespace astcti::accounts {

// A connection to a MySQL or MariaDB server, by what MariaDB's connector and Oracle's client
// library have in common. Statements are prepared once, and again where the server forgot them.
class MysqlConnection final : public SqlConnection {
public:
    // How long connecting, and then each answer, may take.
    static constexpr std::chrono::seconds time_limit{3};

    explicit MysqlConnection(const MysqlServer& server);
    ~MysqlConnection() override;

    std::vector<SqlRow> query(std::string_view sql, SqlValues values = {}) override;
    std::uint64_t execute(std::string_view sql, SqlValues values = {}) override;
    void run_script(std::string_view sql) override;
    const std::string& place() const noexcept override { return place_; }

    // Of the server: "10.11.19-MariaDB-0+deb12u1", "9.7.0".
    std::string version() const;
    // Asks the server. Throws StoreError if it does not answer in time: then it is there, but
    // hangs.
    bool is_alive();
    // The last statement found it gone.
    bool is_lost() const noexcept { return is_lost_; }

private:
    struct Close {
        void operator()(st_mysql* connection) const noexcept;
    };
    struct CloseStatement {
        void operator()(st_mysql_stmt* statement) const noexcept;
    };
    using Statement = std::unique_ptr<st_mysql_stmt, CloseStatement>;

    void secure(const MysqlServer& server);
    st_mysql_stmt* run(std::string_view sql, SqlValues values);
    st_mysql_stmt* prepared(std::string_view sql);
    unsigned int try_to_run(std::string_view sql, SqlValues values, st_mysql_stmt*& statement);
    SqlRow row_of(st_mysql_stmt* statement);
    // Whether the server has had its time since it was asked.
    bool is_late() const noexcept;
    [[noreturn]] void fail_late() const;
    [[noreturn]] void fail(unsigned int code, const char* why);
    [[noreturn]] void fail_statement(st_mysql_stmt* statement);

    std::string place_;
    std::string user_;
    bool is_lost_ = false;
    std::chrono::steady_clock::time_point asked_{}; // the server, lately
    std::unique_ptr<st_mysql, Close> connection_;
    std::map<std::string, Statement, std::less<>> statements_; // by their text
};

} // namespace astcti::accounts
