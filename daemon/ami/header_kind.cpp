// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/header_kind.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace astcti::ami {
namespace {

using Words = std::unordered_set<std::string_view>;

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

// As lower-case words. Asterisk 12 and newer put Dest, Transferee and the like before the keys
// that describe a channel, so these count at the end of a key as well.
const std::unordered_map<HeaderKind, Words> kinds_of_endings{
    {HeaderKind::id, {"uniqueid", "linkedid"}},
    {HeaderKind::device, {"channel"}},
    {HeaderKind::own,
     {"channelstate", "channelstatedesc", "language", "context", "exten", "priority"}},
    {HeaderKind::number, {"calleridnum", "connectedlinenum"}},
    {HeaderKind::name, {"name"}},
    {HeaderKind::pair, {"chanvariable"}},
};

const std::unordered_map<HeaderKind, Words> kinds_of_keys{
    {HeaderKind::id, {"bridgeid", "uniqueid1", "uniqueid2"}},
    {HeaderKind::moment,
     {"timestamp", "logintime", "lastcall", "lastpause", "starttime", "answertime", "endtime",
      "eventtv", "eventtime"}},
    {HeaderKind::own,
     {
         // of every packet
         "event",
         "privilege",
         "response",
         "actionid",
         "message",
         "eventlist",
         "listitems",
         // of channels
         "state",
         "status",
         "extension",
         "application",
         "cause",
         "cause-txt",
         "techcause",
         "dialstatus",
         "reason",
         "variable",
         "hint",
         "statustext",
         "direction",
         "durationms",
         "duration",
         "musicclass",
         "class",
         // of bridges
         "bridgetype",
         "bridgetechnology",
         "bridgecreator",
         "bridgename",
         "bridgenumchannels",
         "bridgestate",
         "bridgevideosourcemode",
         "bridgevideosource",
         "conference",
         // of calls and transfers
         "subevent",
         "dialstring",
         "parkerdialstring",
         "result",
         "isexternal",
         "desttype",
         "destapp",
         "transfermethod",
         "transfertype",
         "transferexten",
         "transfercontext",
         "transfer2parking",
         "clonestate",
         "originalstate",
         "localoptimization",
         "id",
         "parkinglot",
         "parkingspace",
         "parkingtimeout",
         "parkingduration",
         "timeout",
         // of queues
         "queue",
         "position",
         "originalposition",
         "count",
         "wait",
         "penalty",
         "callstaken",
         "incall",
         "paused",
         "membership",
         "ringinuse",
         "wrapuptime",
         "holdtime",
         "talktime",
         "ringtime",
         "max",
         "strategy",
         "calls",
         "completed",
         "abandoned",
         "servicelevel",
         "servicelevelperf",
         "servicelevelperf2",
         "weight",
         "loggedin",
         "available",
         "callers",
         "longestholdtime",
         "agent",
         // of Asterisk
         "uptime",
         "lastreload",
         "shutdown",
         "restart",
         "ping",
         "peerstatus",
         "channeltype",
         "disposition",
         "amaflags",
         "billableseconds",
         "destinationcontext",
         "lastapplication",
         "userevent",
         "type",
         "appline",
         "appfile",
         "appfunction",
         "port",
     }},
    {HeaderKind::device, {"device",         "interface",   "stateinterface",  "location",
                          "member",         "peer",        "endpoint",        "aor",
                          "channel1",       "channel2",    "bridgedchannel",  "destinationchannel",
                          "channelcalling", "agentcalled", "oldname",         "newname",
                          "original",       "clone",       "originalchannel", "objectname"}},
    {HeaderKind::number,
     {"callerid", "callerid1", "callerid2", "calleridani", "source", "destination", "src", "dst",
      "dnid", "rdnis", "ani"}},
    {HeaderKind::typed, {"digit", "dtmf"}},
    {HeaderKind::content, {"value", "appdata", "applicationdata", "lastdata"}},
    {HeaderKind::value, {"username", "hostname", "domainname"}},
};

// Of the variables that Asterisk's own applications set, those that hold no person's data.
const Words own_variables{
    "dialstatus",        "dialedtime",      "dialedtime_ms",     "answeredtime",
    "answeredtime_ms",   "ringtime",        "ringtime_ms",       "progresstime",
    "progresstime_ms",   "hangupcause",     "readstatus",        "playbackstatus",
    "queuestatus",       "queuename",       "queueposition",     "queuewait",
    "queuewait_ms",      "queueholdtime",   "queuetalktime",     "queuecalls",
    "queuecompleted",    "queueabandoned",  "queuemax",          "queuestrategy",
    "queueservicelevel", "bridgeresult",    "confbridge_result", "pickupresult",
    "originatestatus",   "gosub_retval",    "macro_result",      "macro_exten",
    "macro_context",     "macro_priority",  "transfer_context",  "parkinglot",
    "parkingslot",       "parkstatus",      "bridgepeer",        "dialedpeername",
    "dialedpeernumber",  "memberinterface", "transferername",    "blindtransfer",
};
constexpr std::string_view own_variable_prefix = "rtpaudioqos"; // times and counts of one stream

// Applications whose data are written by the dialplan, not by who calls. Not Gosub, Macro and
// Return: their arguments may be anything.
const Words own_applications{
    "dial",
    "retrydial",
    "appdial",
    "appdial2",
    "queue",
    "appqueue",
    "goto",
    "gotoif",
    "gotoiftime",
    "macroexit",
    "answer",
    "hangup",
    "ringing",
    "progress",
    "proceeding",
    "busy",
    "congestion",
    "wait",
    "waitexten",
    "read",
    "playback",
    "background",
    "park",
    "parkedcall",
    "parkandannounce",
    "pickup",
    "pickupchan",
    "bridge",
    "bridgewait",
    "confbridge",
    "meetme",
    "agentlogin",
    "agentrequest",
    "page",
    "musiconhold",
    "startmusiconhold",
    "stopmusiconhold",
    "voicemail",
    "originate",
    "followme",
    "transfer",
    "chanspy",
    "echo",
    "while",
    "endwhile",
    "resetcdr",
    "nocdr",
    "addqueuemember",
    "removequeuemember",
    "pausequeuemember",
    "unpausequeuemember",
};

const HeaderKind* find(const std::unordered_map<HeaderKind, Words>& table, std::string_view word) {
    for (const auto& [kind, words] : table)
        if (words.count(word) != 0)
            return &kind;
    return nullptr;
}

} // namespace

HeaderKind kind_of_header(std::string_view key) {
    // ChanVariable(CHANNEL): up to Asterisk 11
    const auto word = lower(key.substr(0, key.find('(')));
    if (const auto* kind = find(kinds_of_keys, word))
        return *kind;
    for (const auto& [kind, endings] : kinds_of_endings)
        for (const auto ending : endings)
            if (word.ends_with(ending))
                return kind;
    return HeaderKind::value;
}

HeaderKind kind_of_variable(std::string_view variable) {
    const auto word = lower(variable);
    for (const std::string_view function : {"callerid(", "connectedline(", "redirecting("})
        if (word.starts_with(function))
            return word.find("name") == word.npos ? HeaderKind::number : HeaderKind::name;
    return own_variables.count(word) != 0 || word.starts_with(own_variable_prefix)
               ? HeaderKind::own
               : HeaderKind::value;
}

HeaderKind kind_of_application(std::string_view application) {
    const auto word = lower(application);
    if (word == "set" || word == "mset")
        return HeaderKind::pair;
    return own_applications.count(word) != 0 ? HeaderKind::own : HeaderKind::value;
}

} // namespace astcti::ami
