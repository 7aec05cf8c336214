// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <glibmm/ustring.h>
#include <glibmm/variant.h>
#include <map>
#include <string_view>

namespace astcti::bus {

// a{sv}
using Properties = std::map<Glib::ustring, Glib::VariantBase>;

// What other programs of the person may see of a call.
struct Sharing {
    bool data = true; // what the caller typed, and the dialplan's variables

    bool operator==(const Sharing&) const = default;
};

// Every property of org.astcti.Agent1.Call; those that are not shared are empty.
Properties properties_of(const protocol::Call& call, Sharing sharing);

// D-Bus ends the connection of who sends what is not UTF-8: text from elsewhere goes
// through here, whatever was checked before.
Glib::ustring text(std::string_view text);

} // namespace astcti::bus
