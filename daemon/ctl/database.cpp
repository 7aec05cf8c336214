// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/database.hpp"

#include <map>

namespace astcti::ctl {
namespace {

std::map<std::string, std::vector<std::string>> devices_of(accounts::SqlConnection& connection,
                                                           const Schema& schema) {
    std::map<std::string, std::vector<std::string>> devices;
    if (!schema.has_column("cti_device", "USERNAME") || !schema.has_column("cti_device", "DEVICE"))
        return devices;
    const bool has_kind = schema.has_column("cti_device", "KIND");
    for (const auto& row :
         connection.query(has_kind ? "SELECT USERNAME, DEVICE FROM cti_device WHERE KIND = ''"
                                   : "SELECT USERNAME, DEVICE FROM cti_device"))
        devices[row[0]].push_back(row[1]);
    return devices;
}

} // namespace

Rows read_rows(accounts::SqlConnection& connection, const Schema& schema) {
    Rows rows;
    auto devices = devices_of(connection, schema);
    for (auto& row : connection.query("SELECT USERNAME, SECRET, HOST, EXT FROM cti")) {
        auto own = devices[row[0]];
        rows.accounts.push_back({row[0], row[1], row[2], row[3], std::move(own)});
    }
    if (schema.has_table("cti_seat"))
        rows.seats = connection.query("SELECT 1 FROM cti_seat").size();
    return rows;
}

} // namespace astcti::ctl
