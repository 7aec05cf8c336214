// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace astcti::ami {

// What a header's value is to somebody who must not learn who called whom. The table is in
// anonymous.hpp.
enum class HeaderKind {
    id,      // Uniqueid, BridgeUniqueid and the like
    moment,  // a point in time
    own,     // what Asterisk and its configuration call things
    device,  // a channel, a telephone, a queue's member
    number,  // of a person, perhaps with the name
    name,    // of a person
    pair,    // name=value of a variable
    content, // Value of VarSet, AppData: it depends on what it is the value of
    typed,   // DTMF
    value,   // anything else
};

HeaderKind kind_of_header(std::string_view key);

// Of a variable that VarSet, ChanVariable or the application Set tell: own, number, name or value.
HeaderKind kind_of_variable(std::string_view variable);

// Of the data of an application of the dialplan: own, pair (Set) or value.
HeaderKind kind_of_application(std::string_view application);

} // namespace astcti::ami
