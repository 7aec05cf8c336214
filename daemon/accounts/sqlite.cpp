// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sqlite.hpp"

#include "daemon/accounts/store.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace astcti::accounts {
namespace {

constexpr const char* no_directory =
    "its directory must exist and be open to the user astcti, which systemctl start astcti sees to";

const char* advice(int error) noexcept {
    switch (error & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another program is writing to it: try again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return "the user astcti must be allowed to write to the file and to its directory";
    case SQLITE_CANTOPEN:
        return no_directory;
    case SQLITE_FULL:
        return "make room on the disk";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return "put back a backup";
    default:
        return "the log of the system may tell more";
    }
}

} // namespace

SqliteConnection::SqliteConnection(const std::string& file) : place_("accounts in " + file) {
    create_if_missing(file);
    sqlite3* opened = nullptr;
    const int result = ::sqlite3_open_v2(file.c_str(), &opened,
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(opened);
    check(result);
    ::sqlite3_busy_timeout(opened, static_cast<int>(busy_timeout.count()));
}

template <typename Found>
void SqliteConnection::run(std::string_view sql, SqlValues values, Found found) {
    // One that is not reset goes on reading, and keeps others from writing.
    struct Reset {
        void operator()(sqlite3_stmt* statement) const noexcept {
            ::sqlite3_reset(statement);
            ::sqlite3_clear_bindings(statement);
        }
    };
    const std::unique_ptr<sqlite3_stmt, Reset> statement(prepared(sql));
    bind(statement.get(), values);
    while (step(statement.get()))
        found(statement.get());
}

std::vector<SqlRow> SqliteConnection::query(std::string_view sql, SqlValues values) {
    std::vector<SqlRow> rows;
    run(sql, values, [&rows](sqlite3_stmt* statement) {
        auto& row = rows.emplace_back();
        for (int column = 0; column < ::sqlite3_column_count(statement); ++column) {
            const auto* const bytes = ::sqlite3_column_text(statement, column);
            const auto size = ::sqlite3_column_bytes(statement, column);
            row.emplace_back(bytes ? reinterpret_cast<const char*>(bytes) : "",
                             bytes ? static_cast<std::size_t>(size) : 0);
        }
    });
    return rows;
}

std::uint64_t SqliteConnection::execute(std::string_view sql, SqlValues values) {
    run(sql, values, [](sqlite3_stmt*) {});
    return static_cast<std::uint64_t>(::sqlite3_changes64(database_.get()));
}

void SqliteConnection::run_script(std::string_view sql) {
    check(::sqlite3_exec(database_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr));
}

sqlite3_stmt* SqliteConnection::prepared(std::string_view sql) {
    if (const auto found = statements_.find(sql); found != statements_.end())
        return found->second.get();
    sqlite3_stmt* made = nullptr;
    check(::sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                               SQLITE_PREPARE_PERSISTENT, &made, nullptr));
    return statements_.emplace(std::string(sql), Statement(made)).first->second.get();
}

void SqliteConnection::bind(sqlite3_stmt* statement, SqlValues values) {
    int index = 0;
    for (const auto& value : values) {
        ++index;
        if (!value)
            check(::sqlite3_bind_null(statement, index));
        else // Without bytes there is still a text: a null pointer would be NULL.
            check(::sqlite3_bind_text64(statement, index, value->empty() ? "" : value->data(),
                                        value->size(), SQLITE_STATIC, SQLITE_UTF8));
    }
}

bool SqliteConnection::step(sqlite3_stmt* statement) {
    const int result = ::sqlite3_step(statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        fail(result);
    return result == SQLITE_ROW;
}

void SqliteConnection::Close::operator()(sqlite3* database) const noexcept {
    ::sqlite3_close_v2(database);
}

void SqliteConnection::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    ::sqlite3_finalize(statement);
}

void SqliteConnection::fail(int result) const {
    const bool has_reason = database_ && ::sqlite3_errcode(database_.get()) == result;
    const char* const reason =
        has_reason ? ::sqlite3_errmsg(database_.get()) : ::sqlite3_errstr(result);
    throw StoreError(place_ + ": " + reason + "; " + advice(result));
}

void SqliteConnection::check(int result) const {
    if (result != SQLITE_OK)
        fail(result);
}

// SQLite would make it readable for everyone. An existing file is not opened here: closing it
// again would take away the locks that other connections of this process have.
void SqliteConnection::create_if_missing(const std::string& file) const {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
        ::close(fd);
    else if (errno == ENOENT || errno == ENOTDIR)
        throw StoreError(place_ + ": there is no such directory; " + no_directory);
}

} // namespace astcti::accounts
