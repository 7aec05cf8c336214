// SPDX-License-Identifier: GPL-3.0-or-later
// Every spelling of every version of Asterisk.
#include "tests/daemon/calls/reading.hpp"

using namespace astcti;
using namespace astcti::test;

TEST_CASE("a channel's own events have one meaning in every version", "[calls]") {
    const auto row = GENERATE(values<Row>(
        {{"1.4",
          "Event: Newchannel\nChannel: SIP/201-1\nState: Down\nCallerIDNum: 5\nCallerIDName: A\n"
          "Uniqueid: 1.1",
          EventKind::began,
          {{Field::channel, "SIP/201-1"},
           {Field::state, "Down"},
           {Field::number, "5"},
           {Field::name, "A"},
           {Field::uniqueid, "1.1"}}},
         {"1.6.2",
          "Event: Newchannel\nChannel: SIP/201-1\nChannelState: 4\nChannelStateDesc: Ring\n"
          "CallerIDNum: 5\nCallerIDName: A\nAccountCode: \nExten: 100\nContext: demo\n"
          "Uniqueid: 1.1",
          EventKind::began,
          {{Field::channel, "SIP/201-1"},
           {Field::state, "Ring"},
           {Field::number, "5"},
           {Field::name, "A"},
           {Field::exten, "100"},
           {Field::context, "demo"},
           {Field::uniqueid, "1.1"}}},
         {"13 and newer",
          "Event: Newchannel\nChannel: PJSIP/201-1\nChannelState: 0\nChannelStateDesc: Down\n"
          "CallerIDNum: 5\nCallerIDName: A\nConnectedLineNum: 6\nConnectedLineName: B\n"
          "Language: en\nAccountCode: \nContext: demo\nExten: s\nPriority: 1\nUniqueid: 1.1\n"
          "Linkedid: 1.0",
          EventKind::began,
          {{Field::channel, "PJSIP/201-1"},
           {Field::state, "Down"},
           {Field::number, "5"},
           {Field::name, "A"},
           {Field::connected_number, "6"},
           {Field::connected_name, "B"},
           {Field::context, "demo"},
           {Field::exten, "s"},
           {Field::uniqueid, "1.1"},
           {Field::linkedid, "1.0"}}},
         {"1.4",
          "Event: Newstate\nChannel: SIP/201-1\nState: Ringing\nCallerID: 5\nCallerIDName: A\n"
          "Uniqueid: 1.1",
          EventKind::changed,
          {{Field::channel, "SIP/201-1"},
           {Field::state, "Ringing"},
           {Field::number, "5"},
           {Field::name, "A"},
           {Field::uniqueid, "1.1"}}},
         {"1.8",
          "Event: Newstate\nChannel: SIP/201-1\nChannelState: 5\nChannelStateDesc: Ringing\n"
          "CallerIDNum: 5\nCallerIDName: A\nConnectedLineNum: 6\nConnectedLineName: B\n"
          "Uniqueid: 1.1",
          EventKind::changed,
          {{Field::channel, "SIP/201-1"},
           {Field::state, "Ringing"},
           {Field::number, "5"},
           {Field::name, "A"},
           {Field::connected_number, "6"},
           {Field::connected_name, "B"},
           {Field::uniqueid, "1.1"}}},
         {"1.4",
          "Event: Newcallerid\nChannel: SIP/201-1\nCallerID: 5\nCallerIDName: A\nUniqueid: 1.1\n"
          "CID-CallingPres: 35 (Presentation Prohibited, Network Number)",
          EventKind::changed,
          {{Field::channel, "SIP/201-1"},
           {Field::number, "5"},
           {Field::name, "A"},
           {Field::uniqueid, "1.1"},
           {Field::presentation, "35 (Presentation Prohibited, Network Number)"}}},
         {"13 and newer",
          "Event: NewConnectedLine\nChannel: PJSIP/201-1\nConnectedLineNum: 6\nUniqueid: 1.1",
          EventKind::changed,
          {{Field::channel, "PJSIP/201-1"},
           {Field::connected_number, "6"},
           {Field::uniqueid, "1.1"}}},
         {"1.4 to 11",
          "Event: Newexten\nChannel: SIP/201-1\nContext: demo\nExtension: 100\nPriority: 1\n"
          "Application: Set\nAppData: calldata=1:2\nUniqueid: 1.1",
          EventKind::step,
          {{Field::channel, "SIP/201-1"},
           {Field::context, "demo"},
           {Field::exten, "100"},
           {Field::application, "Set"},
           {Field::application_data, "calldata=1:2"},
           {Field::uniqueid, "1.1"}}},
         {"12 and newer, where Exten comes first",
          "Event: Newexten\nChannel: PJSIP/201-1\nExten: 100\nUniqueid: 1.1\nExtension: 99",
          EventKind::step,
          {{Field::channel, "PJSIP/201-1"}, {Field::exten, "100"}, {Field::uniqueid, "1.1"}}},
         {"1.6 and newer",
          "Event: VarSet\nChannel: SIP/201-1\nVariable: calldata\nValue: 1\nUniqueid: 1.1",
          EventKind::variable,
          {{Field::channel, "SIP/201-1"},
           {Field::variable, "calldata"},
           {Field::value, "1"},
           {Field::uniqueid, "1.1"}}},
         {"all",
          "Event: Hangup\nChannel: SIP/201-1\nUniqueid: 1.1\nCause: 16\nCause-txt: Normal",
          EventKind::hangup,
          {{Field::channel, "SIP/201-1"}, {Field::uniqueid, "1.1"}, {Field::cause, "16"}}},
         {"1.4",
          "Event: Rename\nOldname: SIP/201-1\nNewname: SIP/201-1<MASQ>\nUniqueid: 1.1",
          EventKind::renamed,
          {{Field::channel, "SIP/201-1"},
           {Field::new_name, "SIP/201-1<MASQ>"},
           {Field::uniqueid, "1.1"}}},
         {"1.6 to 11",
          "Event: Rename\nChannel: SIP/201-1\nNewname: SIP/201-1<MASQ>\nUniqueid: 1.1",
          EventKind::renamed,
          {{Field::channel, "SIP/201-1"},
           {Field::new_name, "SIP/201-1<MASQ>"},
           {Field::uniqueid, "1.1"}}}}));
    check(row);
}

TEST_CASE("a dial and its end have one meaning in every version", "[calls]") {
    const Fields both{{Field::channel, "SIP/1-1"},
                      {Field::uniqueid, "1.1"},
                      {second(Field::channel), "SIP/2-2"},
                      {second(Field::uniqueid), "1.2"}};
    const auto with = [&both](Fields more) {
        more.insert(both.begin(), both.end());
        return more;
    };
    const std::vector<Row> rows{
        {"1.4",
         "Event: Dial\nSource: SIP/1-1\nDestination: SIP/2-2\nCallerID: 5\nCallerIDName: A\n"
         "SrcUniqueID: 1.1\nDestUniqueID: 1.2",
         EventKind::dial_begin, with({{Field::number, "5"}, {Field::name, "A"}})},
        {"1.6",
         "Event: Dial\nSubEvent: Begin\nChannel: SIP/1-1\nDestination: SIP/2-2\nCallerIDNum: 5\n"
         "CallerIDName: A\nUniqueID: 1.1\nDestUniqueID: 1.2\nDialstring: 2",
         EventKind::dial_begin,
         with({{Field::phase, "Begin"}, {Field::number, "5"}, {Field::name, "A"}})},
        {"1.6 to 11",
         "Event: Dial\nSubEvent: End\nChannel: SIP/1-1\nUniqueID: 1.1\nDialStatus: BUSY",
         EventKind::dial_end,
         {{Field::phase, "End"},
          {Field::channel, "SIP/1-1"},
          {Field::uniqueid, "1.1"},
          {Field::dial_status, "BUSY"}}},
        {"12 and newer",
         "Event: DialBegin\nChannel: SIP/1-1\nUniqueid: 1.1\nDestChannel: SIP/2-2\n"
         "DestUniqueid: 1.2\nDestChannelStateDesc: Down\nDestCallerIDNum: 2\n"
         "DestCallerIDName: B\nDestConnectedLineNum: 5\nDestConnectedLineName: A\n"
         "DestContext: c\nDestExten: s\nDestLinkedid: 1.1",
         EventKind::dial_begin,
         with({{second(Field::state), "Down"},
               {second(Field::number), "2"},
               {second(Field::name), "B"},
               {second(Field::connected_number), "5"},
               {second(Field::connected_name), "A"},
               {second(Field::context), "c"},
               {second(Field::exten), "s"},
               {second(Field::linkedid), "1.1"}})},
        {"14 and newer",
         "Event: DialState\nChannel: SIP/1-1\nUniqueid: 1.1\nDestChannel: SIP/2-2\n"
         "DestUniqueid: 1.2\nDialStatus: RINGING",
         EventKind::dial_state, with({{Field::dial_status, "RINGING"}})},
        {"12 and newer",
         "Event: DialEnd\nChannel: SIP/1-1\nUniqueid: 1.1\nDestChannel: SIP/2-2\n"
         "DestUniqueid: 1.2\nDialStatus: CANCEL\nForward: Local/3@c",
         EventKind::dial_end,
         with({{Field::dial_status, "CANCEL"}, {Field::forward, "Local/3@c"}})},
        {"12 and newer, an originate",
         "Event: DialBegin\nDestChannel: SIP/2-2\nDestUniqueid: 1.2",
         EventKind::dial_begin,
         {{second(Field::channel), "SIP/2-2"}, {second(Field::uniqueid), "1.2"}}},
        {"1.4",
         "Event: AgentCalled\nAgentCalled: SIP/2\nChannelCalling: SIP/1-1\n"
         "DestinationChannel: SIP/2-2\nCallerID: 5\nContext: c\nExtension: 100",
         EventKind::dial_begin,
         {{Field::channel, "SIP/1-1"},
          {second(Field::channel), "SIP/2-2"},
          {Field::number, "5"},
          {Field::context, "c"},
          {Field::exten, "100"}}},
        {"1.6 to 11",
         "Event: AgentCalled\nQueue: q\nAgentCalled: SIP/2\nChannelCalling: SIP/1-1\n"
         "DestinationChannel: SIP/2-2\nUniqueid: 1.1",
         EventKind::dial_begin,
         {{Field::channel, "SIP/1-1"},
          {Field::uniqueid, "1.1"},
          {second(Field::channel), "SIP/2-2"},
          {Field::queue, "q"}}},
        {"12 and newer",
         "Event: AgentConnect\nChannel: SIP/1-1\nUniqueid: 1.1\nDestChannel: SIP/2-2\n"
         "DestUniqueid: 1.2\nQueue: q",
         EventKind::agent_connected, with({{Field::queue, "q"}})}};
    for (const auto& row : rows)
        check(row);
}

TEST_CASE("who talks, holds, waits and is transferred has one meaning in every version",
          "[calls]") {
    const std::string both = "Channel1: SIP/1-1\nChannel2: SIP/2-2\nUniqueid1: 1.1\n"
                             "Uniqueid2: 1.2\nCallerID1: 5\nCallerID2: 6";
    const std::string one = "Channel: SIP/1-1\nUniqueid: 1.1\n";
    const auto with_both = [](Fields more) {
        more.insert({{Field::channel, "SIP/1-1"},
                     {Field::uniqueid, "1.1"},
                     {second(Field::channel), "SIP/2-2"},
                     {second(Field::uniqueid), "1.2"}});
        return more;
    };
    const auto with_one = [](Fields more) {
        more.insert({{Field::channel, "SIP/1-1"}, {Field::uniqueid, "1.1"}});
        return more;
    };
    const std::vector<Row> rows{
        {"1.4", "Event: Link\n" + both, EventKind::linked, with_both({})},
        {"1.4 to 1.8", "Event: Unlink\n" + both, EventKind::unlinked, with_both({})},
        {"1.6 to 11", "Event: Bridge\nBridgestate: Link\nBridgetype: core\n" + both,
         EventKind::linked, with_both({{Field::phase, "Link"}})},
        {"1.6 to 11", "Event: Bridge\nBridgestate: Unlink\nBridgetype: core\n" + both,
         EventKind::unlinked, with_both({{Field::phase, "Unlink"}})},
        {"12 and newer",
         "Event: BridgeEnter\nBridgeUniqueid: b\nBridgeTechnology: holding_bridge\n"
         "BridgeCreator: ConfBridge\n" +
             one,
         EventKind::bridge_enter,
         with_one({{Field::bridge, "b"},
                   {Field::bridge_technology, "holding_bridge"},
                   {Field::bridge_creator, "ConfBridge"}})},
        {"12 and newer", "Event: BridgeLeave\nBridgeUniqueid: b\n" + one, EventKind::bridge_leave,
         with_one({{Field::bridge, "b"}})},
        {"12 and newer",
         "Event: BridgeMerge\nToBridgeUniqueid: t\nFromBridgeUniqueid: f",
         EventKind::bridge_merge,
         {{Field::bridge, "f"}, {Field::to_bridge, "t"}}},
        {"1.4", "Event: Hold\n" + one, EventKind::hold, with_one({})},
        {"1.4, 12 and newer", "Event: Unhold\n" + one, EventKind::unhold, with_one({})},
        {"1.6 to 11", "Event: Hold\nStatus: On\n" + one, EventKind::hold,
         with_one({{Field::phase, "On"}})},
        {"1.6 to 11", "Event: Hold\nStatus: Off\n" + one, EventKind::unhold,
         with_one({{Field::phase, "Off"}})},
        {"1.4",
         "Event: Join\nChannel: SIP/1-1\nCallerID: 5\nQueue: q\nPosition: 1",
         EventKind::queue_joined,
         {{Field::channel, "SIP/1-1"}, {Field::number, "5"}, {Field::queue, "q"}}},
        {"1.6 to 11", "Event: Join\nQueue: q\n" + one, EventKind::queue_joined,
         with_one({{Field::queue, "q"}})},
        {"12 and newer", "Event: QueueCallerJoin\nQueue: q\n" + one, EventKind::queue_joined,
         with_one({{Field::queue, "q"}})},
        {"1.6 to 11",
         "Event: Transfer\nTransferMethod: SIP\nTransferType: Attended\nTargetUniqueid: 1.2\n" +
             one,
         EventKind::transfer,
         with_one({{Field::transfer_type, "Attended"}, {Field::target, "1.2"}})},
        {"12 and newer",
         "Event: BlindTransfer\nResult: Success\nTransfererUniqueid: 1.1",
         EventKind::transfer,
         {{Field::result, "Success"}, {Field::transferer, "1.1"}}},
        {"12 and newer",
         "Event: AttendedTransfer\nOrigTransfererUniqueid: 1.1\nSecondTransfererUniqueid: 1.2",
         EventKind::transfer,
         {{Field::transferer, "1.1"}, {Field::second_transferer, "1.2"}}},
        {"1.4 to 11", "Event: ParkedCall\nExten: 701\nFrom: SIP/2-2\n" + one, EventKind::parked,
         with_one({{Field::exten, "701"}, {Field::parker, "SIP/2-2"}})},
        {"12 and newer",
         "Event: ParkedCall\nParkeeChannel: SIP/1-1\nParkeeUniqueid: 1.1\n"
         "ParkerDialString: SIP/2",
         EventKind::parked, with_one({{Field::parker, "SIP/2"}})},
        {"12 and newer", "Event: Pickup\nTargetUniqueid: 1.2\n" + one, EventKind::pickup,
         with_one({{Field::target, "1.2"}})},
        {"12 and newer", "Event: AgentLogin\n" + one, EventKind::agent_login, with_one({})},
        {"12 and newer", "Event: AgentLogoff\n" + one, EventKind::agent_logoff, with_one({})}};
    for (const auto& row : rows)
        check(row);
}

TEST_CASE("what there is has one meaning in every version", "[calls]") {
    const std::vector<Row> rows{
        {"1.4",
         "Event: Status\nPrivilege: Call\nChannel: SIP/1-1\nCallerID: 5\nCallerIDName: A\n"
         "State: Up\nContext: c\nExtension: 100\nSeconds: 3\nLink: SIP/2-2\nUniqueid: 1.1",
         EventKind::listed,
         {{Field::channel, "SIP/1-1"},
          {Field::number, "5"},
          {Field::name, "A"},
          {Field::state, "Up"},
          {Field::context, "c"},
          {Field::exten, "100"},
          {Field::bridged_channel, "SIP/2-2"},
          {Field::uniqueid, "1.1"}}},
        {"1.6 to 11",
         "Event: CoreShowChannel\nChannel: SIP/1-1\nUniqueID: 1.1\nContext: c\nExtension: 100\n"
         "ChannelState: 6\nChannelStateDesc: Up\nApplication: Dial\nApplicationData: SIP/2\n"
         "CallerIDnum: 5\nCallerIDname: A\nConnectedLineNum: 6\nBridgedChannel: SIP/2-2\n"
         "BridgedUniqueID: 1.2",
         EventKind::listed,
         {{Field::channel, "SIP/1-1"},
          {Field::uniqueid, "1.1"},
          {Field::context, "c"},
          {Field::exten, "100"},
          {Field::state, "Up"},
          {Field::application, "Dial"},
          {Field::number, "5"},
          {Field::name, "A"},
          {Field::connected_number, "6"},
          {Field::bridged_channel, "SIP/2-2"},
          {Field::bridged, "1.2"}}},
        {"12 and newer",
         "Event: CoreShowChannel\nActionID: x\nChannel: SIP/1-1\nUniqueid: 1.1\n"
         "Application: AppDial\nApplicationData: (Outgoing Line)\nBridgeId: b",
         EventKind::listed,
         {{Field::action_id, "x"},
          {Field::channel, "SIP/1-1"},
          {Field::uniqueid, "1.1"},
          {Field::application, "AppDial"},
          {Field::bridge, "b"}}},
        {"12 and newer",
         "Event: BridgeListItem\nBridgeUniqueid: b\nBridgeTechnology: simple_bridge\n"
         "BridgeCreator: <unknown>",
         EventKind::bridge_listed,
         {{Field::bridge, "b"},
          {Field::bridge_technology, "simple_bridge"},
          {Field::bridge_creator, "<unknown>"}}},
        {"all",
         "Event: QueueEntry\nQueue: q\nPosition: 1\nChannel: SIP/1-1\nUniqueid: 1.1",
         EventKind::queue_listed,
         {{Field::queue, "q"}, {Field::channel, "SIP/1-1"}, {Field::uniqueid, "1.1"}}},
        {"all",
         "Event: OriginateResponse\nActionID: astcti-1\nResponse: Failure\nChannel: SIP/1\n"
         "Context: c\nExten: 5\nReason: 3\nUniqueid: <null>",
         EventKind::originate_response,
         {{Field::action_id, "astcti-1"},
          {Field::response, "Failure"},
          {Field::channel, "SIP/1"},
          {Field::context, "c"},
          {Field::exten, "5"},
          {Field::reason, "3"},
          {Field::uniqueid, "<null>"}}},
        {"1.8 to 11",
         "Event: UserEvent\nUserEvent: AstCTI\nUniqueid: 1.1\ncalldata: 5",
         EventKind::user_event,
         {{Field::user_event, "AstCTI"}, {Field::uniqueid, "1.1"}}}};
    for (const auto& row : rows)
        check(row);
}
