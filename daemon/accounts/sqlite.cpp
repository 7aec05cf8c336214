// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sqlite.hpp"

#include "daemon/accounts/store.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>
#include <utility>

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

Database::Database(std::string file) : file_(std::move(file)) {
    create_if_missing();
    sqlite3* opened = nullptr;
    const int result = ::sqlite3_open_v2(file_.c_str(), &opened,
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(opened);
    if (result != SQLITE_OK)
        fail(result);
    ::sqlite3_busy_timeout(opened, static_cast<int>(busy_timeout.count()));
}

void Database::run(const std::string& sql) const {
    const int result = ::sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK)
        fail(result);
}

int Database::changes() const noexcept {
    return ::sqlite3_changes(database_.get());
}

void Database::Close::operator()(sqlite3* database) const noexcept {
    ::sqlite3_close_v2(database);
}

void Database::fail(int result) const {
    const bool has_reason = database_ && ::sqlite3_errcode(database_.get()) == result;
    const char* const reason =
        has_reason ? ::sqlite3_errmsg(database_.get()) : ::sqlite3_errstr(result);
    throw StoreError("accounts in " + file_ + ": " + reason + "; " + advice(result));
}

// SQLite would make it readable for everyone. An existing file is not opened here: closing it
// again would take away the locks that other connections of this process have.
void Database::create_if_missing() const {
    const int fd = ::open(file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
        ::close(fd);
    else if (errno == ENOENT || errno == ENOTDIR)
        throw StoreError("accounts in " + file_ + ": there is no such directory; " + no_directory);
}

Transaction::Transaction(const Database& database) : database_(database) {
    database.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!committed_)
        ::sqlite3_exec(database_.database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    database_.run("COMMIT");
    committed_ = true;
}

Statement::Statement(const Database& database, std::string_view sql) : database_(database) {
    sqlite3_stmt* prepared = nullptr;
    check(::sqlite3_prepare_v2(database.database_.get(), sql.data(), static_cast<int>(sql.size()),
                               &prepared, nullptr));
    statement_.reset(prepared);
}

Statement& Statement::bind(int index, std::string_view text) {
    // Without bytes there is still a text: a null pointer would be NULL.
    check(::sqlite3_bind_text64(statement_.get(), index, text.empty() ? "" : text.data(),
                                text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_or_null(int index, std::string_view text) {
    if (!text.empty())
        return bind(index, text);
    check(::sqlite3_bind_null(statement_.get(), index));
    return *this;
}

bool Statement::step() {
    const int result = ::sqlite3_step(statement_.get());
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        database_.fail(result);
    return result == SQLITE_ROW;
}

std::string Statement::text(int column) const {
    const auto* const bytes = ::sqlite3_column_text(statement_.get(), column);
    if (!bytes)
        return {};
    const auto size = ::sqlite3_column_bytes(statement_.get(), column);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

std::int64_t Statement::number(int column) const {
    return ::sqlite3_column_int64(statement_.get(), column);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    ::sqlite3_finalize(statement);
}

void Statement::check(int result) const {
    if (result != SQLITE_OK)
        database_.fail(result);
}

} // namespace astcti::accounts
