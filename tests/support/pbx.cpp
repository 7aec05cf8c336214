// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/pbx.hpp"

#include <fmt/format.h>

namespace astcti::test {
namespace {

std::string or_unknown(const std::string& text) {
    return text.empty() ? "<unknown>" : text;
}

Headers joined(std::initializer_list<Headers> parts) {
    Headers all;
    for (const auto& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

} // namespace

Channel Pbx::channel(const std::string& device, const std::string& number,
                     const std::string& person, const std::string& exten) {
    ++count_;
    auto uniqueid = fmt::format("1795406900.{}", count_);
    return {.name = fmt::format("{}-{:08x}", device, count_),
            .uniqueid = uniqueid,
            .number = number,
            .person = person,
            .exten = exten,
            .linkedid = uniqueid};
}

std::pair<Channel, Channel> Pbx::local(const std::string& device) {
    auto one = channel(device);
    auto other = one;
    other.uniqueid = fmt::format("1795406900.{}", ++count_);
    one.name += is_first() ? ",1" : ";1";
    other.name += is_first() ? ",2" : ";2";
    return {one, other};
}

void Pbx::event(const std::string& name, const Headers& headers) {
    out_ += "Event: " + name + "\r\n";
    for (const auto& [key, value] : headers)
        out_ += key + ": " + value + "\r\n";
    out_ += "\r\n";
}

Headers Pbx::variables_of(const Channel& channel, const std::string& prefix) const {
    Headers headers;
    if (is_modern() || version_ == Version::v11 || version_ == Version::v1_8)
        for (const auto& [name, value] : channel.variables)
            headers.emplace_back(is_modern() ? prefix + "ChanVariable"
                                             : fmt::format("ChanVariable({})", channel.name),
                                 name + "=" + value);
    return headers;
}

Headers Pbx::state_of(const Channel& channel) const {
    if (is_first())
        return {{"State", channel.state}};
    return {{"ChannelState", "0"}, {"ChannelStateDesc", channel.state}};
}

Headers Pbx::caller_of(const Channel& channel) const {
    return {{is_first() ? "CallerID" : "CallerIDNum", or_unknown(channel.number)},
            {"CallerIDName", or_unknown(channel.person)}};
}

Headers Pbx::connected_of(const Channel& channel) const {
    if (version_ == Version::v1_4 || version_ == Version::v1_6)
        return {};
    return {{"ConnectedLineNum", or_unknown(channel.connected_number)},
            {"ConnectedLineName", or_unknown(channel.connected_person)}};
}

Headers Pbx::about(const Channel& channel, const std::string& prefix) const {
    if (!is_modern())
        return joined(
            {{{"Channel", channel.name}, {"Uniqueid", channel.uniqueid}}, variables_of(channel)});
    Headers headers{{"Channel", channel.name}};
    for (const auto& part : {state_of(channel), caller_of(channel), connected_of(channel)})
        headers.insert(headers.end(), part.begin(), part.end());
    headers.insert(headers.end(), {{"Context", channel.context},
                                   {"Exten", channel.exten},
                                   {"Priority", "1"},
                                   {"Uniqueid", channel.uniqueid},
                                   {"Linkedid", channel.linkedid}});
    for (auto& header : headers)
        header.first = prefix + header.first;
    return joined({headers, variables_of(channel, prefix)});
}

void Pbx::begin(Channel& channel, const std::string& state) {
    channel.state = state;
    if (is_modern())
        return event("Newchannel", about(channel));
    const bool tells_exten = version_ == Version::v1_8 || version_ == Version::v11;
    event("Newchannel",
          joined({{{"Channel", channel.name}},
                  state_of(channel),
                  {{"CallerIDNum", or_unknown(channel.number)},
                   {"CallerIDName", or_unknown(channel.person)}},
                  tells_exten ? Headers{{"Exten", channel.exten == "s" ? "" : channel.exten},
                                        {"Context", channel.context}}
                              : Headers{},
                  {{"Uniqueid", channel.uniqueid}},
                  variables_of(channel)}));
    if (channel.exten != "s")
        step(channel, "NoOp");
}

void Pbx::state(Channel& channel, const std::string& state) {
    channel.state = state;
    if (is_modern())
        return event("Newstate", about(channel));
    event("Newstate", joined({{{"Channel", channel.name}},
                              state_of(channel),
                              caller_of(channel),
                              connected_of(channel),
                              {{"Uniqueid", channel.uniqueid}},
                              variables_of(channel)}));
}

void Pbx::step(const Channel& channel, const std::string& application, const std::string& data) {
    const Headers what{{"Application", application}, {"AppData", data}};
    if (is_modern())
        return event("Newexten", joined({about(channel), {{"Extension", channel.exten}}, what}));
    event("Newexten", joined({{{"Channel", channel.name},
                               {"Context", channel.context},
                               {"Extension", channel.exten},
                               {"Priority", "1"}},
                              what,
                              {{"Uniqueid", channel.uniqueid}},
                              variables_of(channel)}));
}

void Pbx::set(Channel& channel, const std::string& value) {
    switch (version_) {
    case Version::v1_4:
        return step(channel, "Set", "calldata=" + value);
    case Version::v1_6:
        return event("VarSet", {{"Channel", channel.name},
                                {"Variable", "calldata"},
                                {"Value", value},
                                {"Uniqueid", channel.uniqueid}});
    case Version::v1_8:
    case Version::v11:
    case Version::v22: // channelvars=calldata: the next event tells it
        channel.variables = {{"calldata", value}};
        return step(channel, "Set", "calldata=" + value);
    }
}

void Pbx::caller_id(const Channel& channel, int presentation) {
    const Headers how{{"CID-CallingPres", fmt::format("{} (as it says)", presentation)}};
    if (is_modern())
        return event("NewCallerid", joined({about(channel), how}));
    event(is_first() ? "Newcallerid" : "NewCallerid",
          joined({about(channel), caller_of(channel), how}));
}

void Pbx::dial(const Channel& from, Channel& to, const std::string& queue) {
    if (is_modern() || version_ == Version::v1_8 || version_ == Version::v11) {
        to.connected_number = from.number;
        to.connected_person = from.person;
    } else {
        to.number = from.number;
        to.person = from.person;
    }
    if (is_modern()) {
        const auto both = joined({about(from), about(to, "Dest")});
        if (!queue.empty())
            event("AgentCalled", joined({both, {{"Queue", queue}}}));
        return event("DialBegin", both);
    }
    if (!queue.empty()) // 1.4 to 11 have no Dial for the member of a queue
        return event(
            "AgentCalled",
            joined({{{"Queue", queue},
                     {"AgentCalled", to.name.substr(0, to.name.find('-'))},
                     {"ChannelCalling", from.name},
                     {"DestinationChannel", to.name}},
                    caller_of(from),
                    {{"Context", from.context}, {"Extension", from.exten}, {"Priority", "2"}},
                    is_first() ? Headers{} : Headers{{"Uniqueid", from.uniqueid}}}));
    if (is_first())
        return event("Dial",
                     joined({{{"Source", from.name}, {"Destination", to.name}},
                             caller_of(from),
                             {{"SrcUniqueID", from.uniqueid}, {"DestUniqueID", to.uniqueid}}}));
    event("Dial", joined({{{"SubEvent", "Begin"}, {"Channel", from.name}, {"Destination", to.name}},
                          caller_of(from),
                          connected_of(from),
                          {{"UniqueID", from.uniqueid},
                           {"DestUniqueID", to.uniqueid},
                           {"Dialstring", "201"}}}));
}

void Pbx::originate(const Channel& to) {
    event("DialBegin", joined({about(to, "Dest"), {{"DialString", to.number}}}));
}

void Pbx::dial_ends(const Channel& from, const Channel& to, const std::string& status,
                    const std::string& forward) {
    if (is_modern())
        event("DialEnd", joined({about(from),
                                 about(to, "Dest"),
                                 {{"DialStatus", status}},
                                 forward.empty() ? Headers{} : Headers{{"Forward", forward}}}));
    else if (!is_first())
        event("Dial", {{"SubEvent", "End"},
                       {"Channel", from.name},
                       {"UniqueID", from.uniqueid},
                       {"DialStatus", status}});
}

void Pbx::answered_call(Channel& from, Channel& to) {
    begin(to);
    dial(from, to);
    state(to, "Ringing");
    answer(from, to);
}

void Pbx::answer(Channel& from, Channel& to) {
    state(to, "Up");
    dial_ends(from, to, "ANSWER");
    if (is_modern() || version_ == Version::v1_8 || version_ == Version::v11)
        from.connected_number = to.number, from.connected_person = to.person;
    if (from.state != "Up")
        state(from, "Up");
    connect(from, to);
}

void Pbx::connect(Channel& one, Channel& other) {
    if (is_modern()) {
        const auto bridge = fmt::format("b{}", ++bridges_);
        enter(one, bridge);
        enter(other, bridge);
        return;
    }
    one.partner = other.uniqueid, one.partner_name = other.name;
    other.partner = one.uniqueid, other.partner_name = one.name;
    link("Link", one, other);
}

void Pbx::disconnect(Channel& one, Channel& other) {
    if (is_modern()) {
        leave(one);
        leave(other);
        return;
    }
    for (auto* channel : {&one, &other})
        channel->partner.clear(), channel->partner_name.clear();
    link("Unlink", one, other);
}

void Pbx::link(const std::string& how, const Channel& one, const Channel& other) {
    const Headers both{{"Channel1", one.name},      {"Channel2", other.name},
                       {"Uniqueid1", one.uniqueid}, {"Uniqueid2", other.uniqueid},
                       {"CallerID1", one.number},   {"CallerID2", other.number}};
    if (is_first())
        return event(how, both);
    // 1.6 and 1.8 tell it so, too.
    if (how == "Unlink" && version_ != Version::v11)
        event("Unlink", both);
    event("Bridge", joined({{{"Bridgestate", how}, {"Bridgetype", "core"}}, both}));
}

void Pbx::enter(Channel& channel, const std::string& bridge, const std::string& technology,
                const std::string& creator) {
    channel.bridge = bridge;
    event("BridgeEnter", joined({{{"BridgeUniqueid", bridge},
                                  {"BridgeTechnology", technology},
                                  {"BridgeCreator", creator}},
                                 about(channel)}));
}

void Pbx::leave(Channel& channel) {
    const auto bridge = std::exchange(channel.bridge, {});
    if (!bridge.empty())
        event("BridgeLeave", joined({{{"BridgeUniqueid", bridge}}, about(channel)}));
}

void Pbx::hold(const Channel& channel, bool on) {
    const bool has_status = !is_modern() && !is_first();
    event(
        has_status || on ? "Hold" : "Unhold",
        joined({has_status ? Headers{{"Status", on ? "On" : "Off"}} : Headers{}, about(channel)}));
}

void Pbx::join(const Channel& channel, const std::string& queue) {
    const Headers which{{"Queue", queue}, {"Position", "1"}, {"Count", "1"}};
    if (is_modern())
        return event("QueueCallerJoin", joined({about(channel), which}));
    event("Join", joined({{{"Channel", channel.name}},
                          caller_of(channel),
                          which,
                          is_first() ? Headers{} : Headers{{"Uniqueid", channel.uniqueid}}}));
}

void Pbx::rename(Channel& channel, const std::string& name) {
    event("Rename", {{is_first() ? "Oldname" : "Channel", channel.name},
                     {"Newname", name},
                     {"Uniqueid", channel.uniqueid}});
    channel.name = name;
}

void Pbx::masquerade(Channel& by, Channel& taken) {
    const auto name = taken.name;
    const auto zombie = by.name + "<ZOMBIE>";
    rename(taken, name + "<MASQ>");
    rename(by, name);
    rename(taken, zombie);
    by.number = taken.number;
    by.person = taken.person;
    caller_id(by);
}

void Pbx::hang_up(Channel& channel, int cause) {
    leave(channel);
    event("Hangup",
          joined({about(channel), {{"Cause", std::to_string(cause)}, {"Cause-txt", "x"}}}));
}

void Pbx::list(const std::vector<const Channel*>& channels) {
    list_begins();
    for (const auto* channel : channels)
        list_item(*channel);
    list_ends();
}

void Pbx::list_begins() {
    out_ += "Response: Success\r\nMessage: ";
    out_ += is_first() ? "Channel status will follow\r\n\r\n" : "Channels will follow\r\n\r\n";
}

void Pbx::list_item(const Channel& channel) {
    if (is_modern())
        return event("CoreShowChannel", joined({about(channel),
                                                {{"Application", channel.application},
                                                 {"BridgeId", channel.bridge}}}));
    if (is_first()) // a channel without a dialplan has no place in it
        return event(
            "Status",
            joined({{{"Channel", channel.name}},
                    caller_of(channel),
                    state_of(channel),
                    channel.exten == "s"
                        ? Headers{}
                        : Headers{{"Context", channel.context}, {"Extension", channel.exten}},
                    channel.partner.empty() ? Headers{} : Headers{{"Link", channel.partner_name}},
                    {{"Uniqueid", channel.uniqueid}}}));
    event("CoreShowChannel", {{"Channel", channel.name},
                              {"UniqueID", channel.uniqueid},
                              {"Context", channel.context},
                              {"Extension", channel.exten},
                              {"ChannelStateDesc", channel.state},
                              {"Application", channel.application},
                              {"CallerIDnum", channel.number},
                              {"CallerIDname", channel.person},
                              {"ConnectedLineNum", channel.connected_number},
                              {"BridgedUniqueID", channel.partner}});
}

void Pbx::list_ends() {
    event(is_first() ? "StatusComplete" : "CoreShowChannelsComplete", {{"EventList", "Complete"}});
}

} // namespace astcti::test
