// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/seat_commands.hpp"

#include "daemon/accounts/host.hpp"
#include "daemon/ctl/json.hpp"
#include "daemon/ctl/table.hpp"
#include "daemon/ctl/user_commands.hpp"
#include "protocol/utf8.hpp"

namespace astcti::ctl {

// Not what an account may have as its host as well: anywhere is no desk.
void check_seat(const accounts::Seat& seat) {
    if (seat.host.empty() || seat.host == "0.0.0.0" ||
        accounts::match_host(seat.host, "") == accounts::HostMatch::unreadable)
        throw UsageError("HOST is the address of a desk, such as 192.168.20.7, or a network such "
                         "as 192.168.20.0/24");
    check_device("DEVICE", seat.extension);
}

std::string list_seats(accounts::Store& store, bool json) {
    const auto seats = store.seats();
    if (json) {
        std::vector<std::string> values;
        values.reserve(seats.size());
        for (const auto& seat : seats)
            values.push_back(json_object(
                {{"host", json_text(seat.host)}, {"extension", json_text(seat.extension)}}));
        return json_lines(values);
    }
    if (seats.empty())
        return "No desk has a telephone of its own. astctictl seat set HOST DEVICE gives it one.\n";
    std::vector<Row> rows{{"HOST", "DEVICE"}};
    for (const auto& seat : seats)
        rows.push_back({seat.host, seat.extension});
    return to_table(rows);
}

std::string set_seat(accounts::Store& store, const accounts::Seat& seat) {
    check_seat(seat);
    store.set_seat(seat.host, seat.extension);
    return "whoever logs in from " + seat.host + " without a telephone of their own has " +
           seat.extension + "\n";
}

std::string remove_seat(accounts::Store& store, const std::string& host) {
    const auto shown = protocol::cleaned(host);
    if (!store.set_seat(host, ""))
        throw std::runtime_error("the desk " + shown +
                                 " has no telephone of its own; see astctictl seat list");
    return "the desk " + shown + " has no telephone of its own any more\n";
}

} // namespace astcti::ctl
