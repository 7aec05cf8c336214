// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/mysql.hpp"

#include <array>
#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <string>
#include <type_traits>

// The names of design documents and the manuals; both libraries have these.
static_assert(CR_SERVER_GONE_ERROR == 2006 && CR_SERVER_LOST == 2013);

namespace astcti::accounts {
namespace {

// MariaDB's header does not name those of MySQL, and the other way round.
constexpr unsigned int er_option_prevents_statement = 1290; // --read-only
constexpr unsigned int er_read_only_mode = 1836;
constexpr unsigned int er_impossible_string_conversion = 3988; // MySQL
constexpr unsigned int er_cant_execute_in_read_only_transaction = 1792;

constexpr unsigned int er_session_was_killed = 3169;         // MySQL
constexpr unsigned int er_client_interaction_timeout = 4031; // MySQL: its wait_timeout is over

bool means_lost(unsigned int code) noexcept {
    return code == CR_SERVER_GONE_ERROR || code == CR_SERVER_LOST || code == ER_SERVER_SHUTDOWN ||
           code == ER_CONNECTION_KILLED || code == er_session_was_killed ||
           code == er_client_interaction_timeout;
}

// The server forgot what was prepared, or the table has changed since.
bool is_stale(unsigned int code) noexcept {
    return code == ER_UNKNOWN_STMT_HANDLER || code == ER_NEED_REPREPARE;
}

bool is_foreign(unsigned int code) noexcept {
    return code == ER_CANT_AGGREGATE_2COLLATIONS || code == ER_TRUNCATED_WRONG_VALUE_FOR_FIELD ||
           code == er_impossible_string_conversion;
}

const char* advice(unsigned int code) noexcept {
    switch (code) {
    case ER_ACCESS_DENIED_ERROR:
    case ER_DBACCESS_DENIED_ERROR:
        return "check user and password of <database>, and what the server grants to the user";
    case ER_TABLEACCESS_DENIED_ERROR:
    case ER_COLUMNACCESS_DENIED_ERROR:
        return "grant the user of <database> SELECT, INSERT, UPDATE and DELETE on its tables";
    case ER_BAD_DB_ERROR:
        return "make the database, then: astctictl db migrate";
    case ER_NO_SUCH_TABLE:
        return "astctictl db migrate makes the tables, and astctictl db status tells what is "
               "missing";
    case ER_BAD_FIELD_ERROR:
        return "astctictl db status tells what is missing of the tables";
    case er_option_prevents_statement:
    case er_read_only_mode:
    case er_cant_execute_in_read_only_transaction:
        return "the server takes no changes now: people can log in, accounts cannot be changed";
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL:
        return "make room on the server's disk";
    case ER_CON_COUNT_ERROR:
        return "raise max_connections of the server";
    case ER_CANT_AGGREGATE_2COLLATIONS:
    case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
    case er_impossible_string_conversion:
        return "the character set of the table has no such letters: convert the table to utf8mb4, "
               "or do without them";
    case CR_SSL_CONNECTION_ERROR:
        return "the certificate must be for the host of <database>, by the CA of ca-file; nothing "
               "was sent to the server";
    default:
        return "is the server running, and reachable at host and port of <database>?";
    }
}

MYSQL_BIND bound(const SqlValue& value, unsigned long& size) {
    MYSQL_BIND bind{};
    bind.buffer_type = value ? MYSQL_TYPE_STRING : MYSQL_TYPE_NULL;
    if (value) {
        size = value->size();
        // The API does not say const; it does not write to what it sends.
        // Without bytes there is still a text: a null pointer would be NULL.
        bind.buffer = const_cast<char*>(value->empty() ? "" : value->data()); // NOLINT
        bind.buffer_length = size;
        bind.length = &size;
    }
    return bind;
}

} // namespace

MysqlConnection::MysqlConnection(const MysqlServer& server)
    : place_("accounts in database " + server.database + " on " +
             (server.socket.empty() ? server.host + ":" + std::to_string(server.port)
                                    : server.socket)),
      user_(server.user), connection_(::mysql_init(nullptr)) {
    if (!connection_)
        throw StoreError(place_ + ": there is no memory left");
    auto* const connection = connection_.get();
    const auto seconds = static_cast<unsigned int>(time_limit.count());
    ::mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    ::mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &seconds);
    ::mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
    ::mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    const unsigned int no_local_files = 0; // a server must not be able to ask for ours
    ::mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &no_local_files);
    secure(server);
    // Several statements at once are allowed for migrations alone: run_script().
    if (!::mysql_real_connect(connection, server.host.c_str(), server.user.c_str(),
                              server.password.c_str(), server.database.c_str(), server.port,
                              server.socket.empty() ? nullptr : server.socket.c_str(), 0))
        throw StoreError(place_ + ": " + ::mysql_error(connection) + "; " +
                         advice(::mysql_errno(connection)));
}

MysqlConnection::~MysqlConnection() = default;

void MysqlConnection::secure(const MysqlServer& server) {
    auto* const connection = connection_.get();
    if (!server.ca_file.empty())
        ::mysql_options(connection, MYSQL_OPT_SSL_CA, server.ca_file.c_str());
#ifdef MARIADB_BASE_VERSION
    const char verify = server.tls == MysqlServer::Tls::verify ? 1 : 0;
    ::mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    ::mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &verify);
#else
    const unsigned int mode =
        server.tls == MysqlServer::Tls::verify ? SSL_MODE_VERIFY_IDENTITY : SSL_MODE_PREFERRED;
    ::mysql_options(connection, MYSQL_OPT_SSL_MODE, &mode);
#endif
}

std::string MysqlConnection::version() const {
    return ::mysql_get_server_info(connection_.get());
}

bool MysqlConnection::is_alive() {
    asked_ = std::chrono::steady_clock::now();
    const bool answered = ::mysql_ping(connection_.get()) == 0;
    if (!answered && is_late())
        fail_late();
    return answered;
}

std::vector<SqlRow> MysqlConnection::query(std::string_view sql, SqlValues values) {
    auto* const statement = run(sql, values);
    std::vector<SqlRow> rows;
    int result = 0;
    while ((result = ::mysql_stmt_fetch(statement)) == 0 || result == MYSQL_DATA_TRUNCATED)
        rows.push_back(row_of(statement));
    if (result != MYSQL_NO_DATA)
        fail_statement(statement);
    ::mysql_stmt_free_result(statement);
    return rows;
}

// Each column is asked for once more, when its size is known.
SqlRow MysqlConnection::row_of(st_mysql_stmt* statement) {
    const auto count = ::mysql_stmt_field_count(statement);
    SqlRow row(count);
    for (unsigned int column = 0; column < count; ++column) {
        unsigned long size = 0;
        // Both libraries' type of a truth value, whatever its name.
        std::remove_pointer_t<decltype(MYSQL_BIND::is_null)> is_null = 0;
        MYSQL_BIND bind{};
        bind.buffer_type = MYSQL_TYPE_STRING;
        bind.length = &size;
        bind.is_null = &is_null;
        if (::mysql_stmt_fetch_column(statement, &bind, column, 0) != 0)
            fail_statement(statement);
        if (is_null || size == 0)
            continue;
        row[column].resize(size);
        bind.buffer = row[column].data();
        bind.buffer_length = size;
        if (::mysql_stmt_fetch_column(statement, &bind, column, 0) != 0)
            fail_statement(statement);
    }
    return row;
}

std::uint64_t MysqlConnection::execute(std::string_view sql, SqlValues values) {
    return ::mysql_stmt_affected_rows(run(sql, values));
}

st_mysql_stmt* MysqlConnection::run(std::string_view sql, SqlValues values) {
    st_mysql_stmt* statement = nullptr;
    asked_ = std::chrono::steady_clock::now();
    auto code = try_to_run(sql, values, statement);
    if (is_stale(code)) {
        statements_.erase(statements_.find(sql));
        code = try_to_run(sql, values, statement);
    }
    if (code != 0)
        fail_statement(statement);
    return statement;
}

unsigned int MysqlConnection::try_to_run(std::string_view sql, SqlValues values,
                                         st_mysql_stmt*& statement) {
    constexpr std::size_t max_values = 8;
    std::array<MYSQL_BIND, max_values> binds{};
    std::array<unsigned long, max_values> sizes{};
    std::size_t count = 0;
    for (const auto& value : values) {
        binds.at(count) = bound(value, sizes.at(count));
        ++count;
    }
    statement = prepared(sql);
    const bool done = ::mysql_stmt_bind_param(statement, binds.data()) == 0 &&
                      ::mysql_stmt_execute(statement) == 0 &&
                      ::mysql_stmt_store_result(statement) == 0;
    return done ? 0 : ::mysql_stmt_errno(statement);
}

st_mysql_stmt* MysqlConnection::prepared(std::string_view sql) {
    if (const auto found = statements_.find(sql); found != statements_.end())
        return found->second.get();
    Statement statement(::mysql_stmt_init(connection_.get()));
    if (!statement)
        throw StoreError(place_ + ": there is no memory left");
    if (::mysql_stmt_prepare(statement.get(), sql.data(), sql.size()) != 0)
        fail_statement(statement.get());
    return statements_.emplace(std::string(sql), std::move(statement)).first->second.get();
}

void MysqlConnection::run_script(std::string_view sql) {
    auto* const connection = connection_.get();
    asked_ = std::chrono::steady_clock::now();
    ::mysql_set_server_option(connection, MYSQL_OPTION_MULTI_STATEMENTS_ON);
    int result = ::mysql_real_query(connection, sql.data(), sql.size());
    while (result == 0) {
        ::mysql_free_result(::mysql_store_result(connection));
        result = ::mysql_next_result(connection); // -1: that was the last one
    }
    const auto code = result > 0 ? ::mysql_errno(connection) : 0;
    const std::string why = ::mysql_error(connection);
    if (!means_lost(code))
        ::mysql_set_server_option(connection, MYSQL_OPTION_MULTI_STATEMENTS_OFF);
    if (code != 0)
        fail(code, why.c_str());
}

bool MysqlConnection::is_late() const noexcept {
    return std::chrono::steady_clock::now() - asked_ >= time_limit;
}

// Not ConnectionLost: another try would take as long again.
void MysqlConnection::fail_late() const {
    throw StoreError(place_ + ": the server did not answer within " +
                     std::to_string(time_limit.count()) +
                     " s; does it hang, or has another program locked the tables?");
}

void MysqlConnection::fail(unsigned int code, const char* why) {
    const auto text = place_ + ": " + why + "; " + advice(code);
    is_lost_ = is_lost_ || means_lost(code);
    if (is_lost_ && is_late())
        fail_late();
    if (is_lost_)
        throw ConnectionLost(text);
    if (code == ER_DUP_ENTRY)
        throw DuplicateKey(text);
    if (is_foreign(code))
        throw ForeignText(text);
    throw StoreError(text);
}

void MysqlConnection::fail_statement(st_mysql_stmt* statement) {
    fail(::mysql_stmt_errno(statement), ::mysql_stmt_error(statement));
}

void MysqlConnection::Close::operator()(st_mysql* connection) const noexcept {
    ::mysql_close(connection);
}

void MysqlConnection::CloseStatement::operator()(st_mysql_stmt* statement) const noexcept {
    ::mysql_stmt_close(statement);
}

} // namespace astcti::accounts
