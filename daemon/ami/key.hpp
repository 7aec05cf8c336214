// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace astcti::ami {

// The header's keys that are read here, of all the hundreds that Asterisk writes. Each has a
// number, found out once, when the packet is read: whoever looks for a header compares numbers.
using KeyNumber = std::uint8_t;

inline constexpr KeyNumber other_key = 0;

inline constexpr std::array<std::string_view, 77> known_keys{
    "Event", "Response", "ActionID", "Privilege", "Channel", "Uniqueid", "Linkedid",
    "ChannelStateDesc", "State", "CallerIDNum", "CallerID", "CallerIDName", "ConnectedLineNum",
    "ConnectedLineName", "Context", "Exten", "Extension", "DestChannel", "DestUniqueid",
    "DestLinkedid", "DestChannelStateDesc", "DestCallerIDNum", "DestCallerIDName",
    "DestConnectedLineNum", "DestConnectedLineName", "DestContext", "DestExten", "BridgeUniqueid",
    "BridgeId", "FromBridgeUniqueid", "ToBridgeUniqueid", "BridgeTechnology", "BridgeCreator",
    "CID-CallingPres", "Queue", "Variable", "Value", "UserEvent", "DialStatus", "Forward", "Result",
    "BridgedUniqueid", "BridgedChannel", "Link", "SubEvent", "Bridgestate", "Status", "Cause",
    "Application", "AppData", "Reason", "Newname", "TransferType", "TransfererChannel",
    "OrigTransfererChannel", "SecondTransfererChannel", "TransfererUniqueid",
    "OrigTransfererUniqueid", "SecondTransfererUniqueid", "ParkerDialString", "From",
    "TargetChannel", "TargetUniqueid", "ChanVariable", "DestChanVariable",
    // 1.4 to 11
    "Source", "Oldname", "SrcUniqueID", "Destination", "ChannelCalling", "DestinationChannel",
    "Channel1", "Uniqueid1", "Channel2", "Uniqueid2", "ParkeeChannel", "ParkeeUniqueid"};

// Of a key in this spelling; other_key if it is none of them. For tables.
constexpr KeyNumber key_number_in_table(std::string_view key) noexcept {
    for (std::size_t i = 0; i < known_keys.size(); ++i)
        if (known_keys[i] == key)
            return static_cast<KeyNumber>(i + 1);
    return other_key;
}

// The same, for sure at compile time.
consteval KeyNumber key_number(std::string_view key) noexcept {
    return key_number_in_table(key);
}

// Of what Asterisk wrote, in any case: its spelling varies with the version (Uniqueid, UniqueID).
KeyNumber number_of(std::string_view key) noexcept;

} // namespace astcti::ami
