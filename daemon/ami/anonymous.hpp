// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/pseudonyms.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::ami {

// A recording that tells the same story of nobody: as many packets, with the same headers, which
// a parser takes or refuses as before. Within one recording the same number, name or word
// becomes the same pseudonym, wherever it stands.
//
// Numbers of up to 5 digits stay in all but the last three rows, as what a telephone is called
// inside. Longer ones are replaced digit by digit: +, and zeros at their beginning, stay, and so
// does what is between the digits ("06 123-456"). IP addresses are replaced in all but the first
// two rows.
//
//   header                                         what becomes of its value
//   Uniqueid, Linkedid, BridgeUniqueid, BridgeId   kept where it has Asterisk's form
//   Timestamp, LoginTime, LastCall, StartTime …    kept where it is a time
//   Event, Privilege, State, Cause, Queue,         letters kept, long numbers replaced
//     Context, Exten, Application, DialString …
//   Channel, Device, Interface, Location …         the same; a channel's -0000002a kept
//   CallerIDNum, ConnectedLineNum, CallerID …      long numbers replaced, letters as well
//   every key that ends in Name                    Name 1, Name 2 …; kept if empty, "<unknown>",
//                                                  a telephone such as PJSIP/201; a number is one
//   Value, ChanVariable, AppData of Set            every letter and every digit replaced; as
//                                                  Queue for what Dial and its like set
//   AppData, ApplicationData                       as Queue for Dial, Queue, Goto and the like,
//                                                  else every letter and every digit replaced
//   Digit                                          every digit is 1
//   everything else, the body of a UserEvent       every letter and every digit replaced, but as
//                                                  Channel if it is a telephone
//
// Kept, then, is what the PBX's own configuration calls things: contexts, queues, trunks and
// telephones, even if somebody named them after a person.
std::string anonymised(std::string_view recording, Pseudonyms::Random random);

} // namespace astcti::ami
