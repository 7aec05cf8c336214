// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sql.hpp"

#include "daemon/accounts/store.hpp"

namespace astcti::accounts {

SqlTransaction::SqlTransaction(SqlConnection& connection, std::string_view begin)
    : connection_(connection) {
    connection_.run_script(begin);
}

SqlTransaction::~SqlTransaction() {
    if (committed_)
        return;
    try {
        connection_.run_script("ROLLBACK");
    } catch (const StoreError&) {
        // It is gone with the connection, then; why has been told already.
        return;
    }
}

void SqlTransaction::commit() {
    connection_.run_script("COMMIT");
    committed_ = true;
}

} // namespace astcti::accounts
