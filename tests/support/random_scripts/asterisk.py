# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the events of one script in the shape of one version of Asterisk."""
import copy
from dataclasses import dataclass, field

BANNERS = {"22": "11.0.0", "11": "1.3", "1.8": "1.1", "1.4": "1.0"}
STATE_NUMBERS = {"Down": 0, "Ring": 4, "Ringing": 5, "Up": 6}


def escaped(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")


@dataclass(eq=False)
class Bridge:
    id: str
    technology: str = "simple_bridge"
    creator: str = "<unknown>"


@dataclass(eq=False)
class Channel:
    name: str
    uniqueid: str
    linkedid: str
    number: str
    person: str
    context: str = "astctidemo"
    extension: str = "s"
    state: str = "Down"
    connected: tuple = ("", "")
    calldata: str = ""
    bridge: Bridge | None = None
    partner: "Channel | None" = None  # in Asterisk 11 and older
    application: str = ""
    presentation: int = 0

    @property
    def is_withheld(self):
        return 32 <= self.presentation <= 63

    @property
    def caller(self):
        return self.number, self.person

    @property
    def device(self):
        return self.name.rpartition("-")[0]


@dataclass
class Event:
    headers: list
    channels: list = field(default_factory=list)  # of its call, as they are now; only if the script has lists
    call: int = 0

    @property
    def name(self):
        return self.headers[0][1]

    def encode(self):
        lines = [key.encode() + b": " + (value if isinstance(value, bytes) else value.encode())
                 for key, value in self.headers]
        return b"\r\n".join(lines) + b"\r\n\r\n"


class Asterisk:
    """Numbers of channels, and the choices of the script: the version, whether calldata is told by ChanVariable."""

    def __init__(self, rng, version, with_lists):
        self.rng, self.version, self.with_lists = rng, version, with_lists
        self.is_modern = version == "22"
        self.technology = "PJSIP" if self.is_modern else "SIP"
        self.has_channel_variables = version in ("22", "11")
        self.count = 0
        self.bridge_count = 0

    def channel(self, device, parent=None, extension="s", number="", person="", suffix=""):
        self.count += 1
        uniqueid = f"1795406{self.count % 1000:03}.{self.count}"
        name = f"{device}-{self.count:08x}{suffix}"
        return Channel(name, uniqueid, parent.linkedid if parent else uniqueid, number, person, extension=extension)

    def bridge(self, technology="simple_bridge", creator="<unknown>"):
        self.bridge_count += 1
        return Bridge(f"b{self.bridge_count}", technology, creator)


class Teller:
    """The events of one call, in the order in which they happen."""

    def __init__(self, asterisk, index):
        self.asterisk, self.index = asterisk, index
        self.rng = asterisk.rng
        self.events, self.channels, self.truth = [], [], []
        self.withheld_numbers = set()

    def tell(self, event, *headers, privilege="call,all"):
        pairs = [("Event", event), ("Privilege", privilege)]
        for header in headers:
            pairs += header if isinstance(header, list) else [header]
        channels = [copy.copy(channel) for channel in self.channels] if self.asterisk.with_lists else []
        self.events.append(Event(pairs, channels, self.index))

    def snapshot(self, channel, prefix=""):
        """The headers of a channel, as Asterisk 12 and newer have them in each event."""
        pairs = [
            ("Channel", channel.name), ("ChannelState", str(STATE_NUMBERS[channel.state])),
            ("ChannelStateDesc", channel.state),
            ("CallerIDNum", channel.number or "<unknown>"), ("CallerIDName", escaped(channel.person) or "<unknown>"),
            ("ConnectedLineNum", channel.connected[0] or "<unknown>"),
            ("ConnectedLineName", escaped(channel.connected[1]) or "<unknown>"),
            ("Context", channel.context), ("Exten", channel.extension), ("Priority", "1"),
            ("Uniqueid", channel.uniqueid), ("Linkedid", channel.linkedid),
            ("ChanVariable", "calldata=" + escaped(channel.calldata)),
        ]  # fmt: skip
        return [(prefix + key, value) for key, value in pairs]

    def old(self, channel, *keys):
        """The headers of a channel in older versions, where each event has others."""
        version = self.asterisk.version
        is_first = version == "1.4"
        values = {
            "Channel": [("Channel", channel.name)], "Uniqueid": [("Uniqueid", channel.uniqueid)],
            "State": [("State", channel.state)] if is_first else
                     [("ChannelState", str(STATE_NUMBERS[channel.state])), ("ChannelStateDesc", channel.state)],
            "CallerID": [("CallerID" if is_first else "CallerIDNum", channel.number or "<unknown>"),
                         ("CallerIDName", channel.person or "<unknown>")],
            "ConnectedLine": [] if is_first else [("ConnectedLineNum", channel.connected[0]),
                                                  ("ConnectedLineName", channel.connected[1])],
            "Exten": [] if is_first else [("Exten", channel.extension), ("Context", channel.context)],
            "ChanVariable": [(f"ChanVariable({channel.name})", "calldata=" + channel.calldata)]
            if version == "11" else [],
        }
        return [pair for key in (*keys, "ChanVariable") for pair in values[key]]

    # Channels

    def new_channel(self, channel):
        self.channels.append(channel)
        if self.asterisk.is_modern:
            self.tell("Newchannel", self.snapshot(channel))
        else:
            self.tell("Newchannel", self.old(channel, "Channel", "State", "CallerID", "Exten", "Uniqueid"))

    def new_state(self, channel, state):
        channel.state = state
        if self.asterisk.is_modern:
            self.tell("Newstate", self.snapshot(channel))
        else:
            self.tell("Newstate", self.old(channel, "Channel", "State", "CallerID", "ConnectedLine", "Uniqueid"))

    def step(self, channel, application="Dial", data=""):
        """A step of the dialplan; no older version says the extension in any other event."""
        channel.application = application
        if self.asterisk.is_modern:
            self.tell("Newexten", self.snapshot(channel), ("Extension", channel.extension),
                      ("Application", application), ("AppData", data), privilege="dialplan,all")
        else:
            privilege = "call,all" if self.asterisk.version == "1.4" else "dialplan,all"
            self.tell("Newexten", ("Channel", channel.name), ("Context", channel.context),
                      ("Extension", channel.extension), ("Priority", "1"), ("Application", application),
                      ("AppData", data), ("Uniqueid", channel.uniqueid), privilege=privilege)

    def set_calldata(self, channel, value):
        channel.calldata = value
        way = self.rng.randrange(10)
        if way == 0 and self.asterisk.version != "1.4":
            channels = self.snapshot(channel) if self.asterisk.is_modern else [("Uniqueid", channel.uniqueid)]
            self.tell("UserEvent", channels, ("UserEvent", "AstCTI"), ("calldata", value), privilege="user,all")
        elif self.asterisk.version == "1.4":
            self.step(channel, "Set", "calldata=" + value)
        elif self.asterisk.is_modern:
            name = "__calldata" if way < 3 else "calldata"
            self.tell("VarSet", self.snapshot(channel), ("Variable", name), ("Value", escaped(value)),
                      privilege="dialplan,all")
        else:
            self.tell("VarSet", ("Channel", channel.name), ("Variable", "calldata"), ("Value", value),
                      ("Uniqueid", channel.uniqueid), privilege="dialplan,all")

    def set_connected(self, channel, other, always=False):
        if channel.connected == other.caller and not always:
            return
        channel.connected = other.caller
        if self.asterisk.is_modern:
            self.tell("NewConnectedLine", self.snapshot(channel))

    def new_callerid(self, channel):
        pres = ("CID-CallingPres", f"{channel.presentation} (as it says)")
        if self.asterisk.is_modern:
            self.tell("NewCallerid", self.snapshot(channel), pres)
        else:
            self.tell("NewCallerid" if self.asterisk.version != "1.4" else "Newcallerid",
                      self.old(channel, "Channel", "CallerID", "Uniqueid"), pres)

    def hang_up(self, channel, cause=16):
        self.leave_bridge(channel)
        self.channels.remove(channel)
        numbers = [("Cause", str(cause)), ("Cause-txt", "as it says")]
        if self.asterisk.is_modern:
            self.tell("Hangup", self.snapshot(channel), numbers)
        else:
            self.tell("Hangup", ("Channel", channel.name), ("Uniqueid", channel.uniqueid), numbers)

    # Dials

    def about_dial(self, parent, child):
        headers = self.snapshot(parent) if parent else []
        return headers + (self.snapshot(child, "Dest") if child else [])

    def dial_begin(self, parent, child, queue=""):
        """Without a parent: an originate."""
        if self.asterisk.is_modern:
            if queue:
                self.tell("AgentCalled", self.about_dial(parent, child), ("Queue", queue), privilege="agent,all")
            self.tell("DialBegin", self.about_dial(parent, child), ("DialString", child.number))
        elif parent and self.asterisk.version == "1.4":
            self.tell("Dial", ("Source", parent.name), ("Destination", child.name),
                      ("CallerID", parent.number or "<unknown>"), ("CallerIDName", parent.person or "<unknown>"),
                      ("SrcUniqueID", parent.uniqueid), ("DestUniqueID", child.uniqueid))
        elif parent:
            self.tell("Dial", ("SubEvent", "Begin"), ("Channel", parent.name), ("Destination", child.name),
                      ("CallerIDNum", parent.number or "<unknown>"), ("CallerIDName", parent.person or "<unknown>"),
                      ("ConnectedLineNum", parent.connected[0]), ("ConnectedLineName", parent.connected[1]),
                      ("UniqueID", parent.uniqueid), ("DestUniqueID", child.uniqueid), ("Dialstring", child.number))

    def dial_rings(self, parent, child):
        if self.asterisk.is_modern:
            self.tell("DialState", self.about_dial(parent, child), ("DialStatus", "RINGING"))

    def dial_end(self, parent, child, status, forward=""):
        if self.asterisk.is_modern:
            more = [("Forward", forward)] if forward else []
            self.tell("DialEnd", self.about_dial(parent, child), ("DialStatus", status), more)
        elif parent and self.asterisk.version != "1.4":
            self.tell("Dial", ("SubEvent", "End"), ("Channel", parent.name), ("UniqueID", parent.uniqueid),
                      ("DialStatus", status))

    # Bridges

    def about_bridge(self, bridge):
        return [("BridgeUniqueid", bridge.id), ("BridgeType", "basic"), ("BridgeTechnology", bridge.technology),
                ("BridgeCreator", bridge.creator)]

    def enter_bridge(self, bridge, channel, swap=None):
        channel.bridge = bridge
        more = [("SwapUniqueid", swap.uniqueid)] if swap else []
        self.tell("BridgeEnter", self.about_bridge(bridge), self.snapshot(channel), more)

    def leave_bridge(self, channel):
        if channel.bridge:
            bridge, channel.bridge = channel.bridge, None
            self.tell("BridgeLeave", self.about_bridge(bridge), self.snapshot(channel))
        if channel.partner:
            self.unlink(channel, channel.partner)

    def connect(self, one, other, bridge=None):
        """The two talk."""
        if self.asterisk.is_modern:
            if not bridge:
                bridge = self.asterisk.bridge()
                self.tell("BridgeCreate", self.about_bridge(bridge))
            for channel in (one, other):
                if channel.bridge is not bridge:
                    self.enter_bridge(bridge, channel)
        else:
            one.partner, other.partner = other, one
            self.tell(*self.about_link("Link", one, other))

    def unlink(self, one, other):
        one.partner = other.partner = None
        self.tell(*self.about_link("Unlink", one, other))
        if self.asterisk.version == "1.8":
            self.tell("Unlink", self.about_link("Unlink", one, other)[-1])

    def about_link(self, how, one, other):
        headers = [("Channel1", one.name), ("Channel2", other.name), ("Uniqueid1", one.uniqueid),
                   ("Uniqueid2", other.uniqueid), ("CallerID1", one.number), ("CallerID2", other.number)]
        if self.asterisk.version == "1.4":
            return how, headers
        return "Bridge", ("Bridgestate", how), ("Bridgetype", "core"), headers

    def hold(self, channel, on):
        if self.asterisk.is_modern:
            self.tell("Hold" if on else "Unhold", self.snapshot(channel))
        elif self.asterisk.version == "1.4":
            self.tell("Hold" if on else "Unhold", self.old(channel, "Channel", "Uniqueid"))
        else:
            self.tell("Hold", ("Status", "On" if on else "Off"), self.old(channel, "Channel", "Uniqueid"))

    def join_queue(self, channel, queue):
        channel.application = "Queue"
        if self.asterisk.is_modern:
            self.tell("QueueCallerJoin", self.snapshot(channel), ("Queue", queue), privilege="agent,all")
        else:
            self.tell("Join", self.old(channel, "Channel", "CallerID"), ("Queue", queue), ("Position", "1"),
                      ("Uniqueid", channel.uniqueid))

    def rename(self, channel, name):
        key = "Oldname" if self.asterisk.version == "1.4" else "Channel"
        old_name, channel.name = channel.name, name
        self.tell("Rename", (key, old_name), ("Newname", name), ("Uniqueid", channel.uniqueid))

    # Truth

    def expect(self, account, channels, moment, peer, must=True):
        """A desk that must (or may) be told of that number: its call begins with one of the channels."""
        if account and peer not in self.withheld_numbers:
            ids = " ".join(channel.uniqueid for channel in channels)
            self.truth.append([("Event", "Expect"), ("Account", account), ("Calls", ids), ("Moment", moment),
                               ("Peer", peer), ("Must", "yes" if must else "no"), ("Number", str(self.index))])
