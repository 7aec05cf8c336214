# SPDX-License-Identifier: GPL-3.0-or-later
"""What each event of Asterisk 1.4 to 23 changes of the legs: the first table of ARCHITECTURE.md 3.1."""
import re

from naive.legs import STATES, Bridge, Leg, Legs
from naive.packets import clean, cut, unescape

DIALS = ("DialBegin", "DialState", "Dial", "AgentCalled")
# Of the other events nothing is read but what they are for: most are VarSet.
WITH_VALUES = (*DIALS, "DialEnd", "Newchannel", "Newstate", "Newexten", "NewCallerid", "Newcallerid",
               "NewConnectedLine", "BridgeEnter", "QueueCallerJoin", "Join")


def first_of(packet, *keys):
    return next((packet.text(key) for key in keys if packet.has(key)), None)


class Events:
    def __init__(self, variables):
        self.legs = Legs()
        self.variables = variables
        self.touched = set()  # legs that an event named since the list began
        self.has_connected_line = False  # since Asterisk 1.8
        self.has_linkedid = False  # since Asterisk 13
        self.has_variables = False  # of their own events, since Asterisk 1.6
        self.failed = []  # legs that began and ended with the last packet

    def find(self, packet, channel, uniqueid):
        if not packet.text(channel):
            return None
        leg = self.legs.find(packet.text(channel), packet.text(uniqueid))
        if leg:
            self.touched.add(leg)
        return leg

    def apply(self, packet):
        """True if it was about a leg."""
        if packet.event == "Newchannel":
            self.new_channel(packet)
        leg, second = self.first_leg(packet), self.second_leg(packet)
        if packet.event in DIALS and packet.raw("SubEvent") != "End":
            self.dial(packet, leg, second)
        if leg and packet.event in WITH_VALUES:
            self.take_values(packet, leg, "")
        if second and packet.event in WITH_VALUES and packet.has("DestChannel"):
            self.take_values(packet, second, "Dest")
        if packet.event in WITH_VALUES:
            self.take_old_variables(packet)
        others = self.special(packet, leg, second)
        self.note_consequences()
        return bool(leg or second or others)

    def note_version(self, packet):
        if packet.has("ConnectedLineNum") or packet.has("DestConnectedLineNum"):
            self.has_connected_line = True
        if packet.escapes:
            self.has_linkedid = True
        if packet.event == "VarSet" or any("chanvariable" in key for key in packet.first):
            self.has_variables = True

    def note_bridge(self, packet):
        bridge = self.legs.bridges.setdefault(packet.text("BridgeUniqueid"), Bridge())
        bridge.technology = packet.text("BridgeTechnology") or bridge.technology
        bridge.creator = packet.text("BridgeCreator") or bridge.creator

    def new_channel(self, packet):
        channel, uniqueid = packet.text("Channel"), packet.text("Uniqueid")
        if channel and uniqueid and uniqueid not in self.legs.ended_ids and not self.legs.by_id(uniqueid):
            self.begin(packet, channel, uniqueid)

    def begin(self, packet, channel, uniqueid):
        leg = Leg(channel, uniqueid)
        leg.places = (first_of(packet, "Exten", "Extension") or "s") != "s"
        self.legs.all.append(leg)
        return leg

    def first_leg(self, packet):
        if packet.event in ("OriginateResponse", "QueueEntry"):
            return None  # what they say of the caller is worth less than what is known
        for key in ("Source", "ChannelCalling", "Channel"):
            if packet.has(key):
                return self.find(packet, key, "SrcUniqueID" if key == "Source" else "Uniqueid")
        if packet.event == "UserEvent" and packet.text("Uniqueid"):
            return self.legs.by_id(packet.text("Uniqueid"))
        return None

    def second_leg(self, packet):
        for key in ("DestChannel", "Destination", "DestinationChannel"):
            if packet.has(key):
                return self.find(packet, key, "DestUniqueid")
        return None

    # Values of any event

    def take_values(self, packet, leg, prefix):
        state = STATES.get(packet.text(prefix + "ChannelStateDesc") or packet.text(prefix + "State"))
        if state:
            self.set_state(leg, state)
        if packet.has(prefix + "Linkedid"):
            leg.linkedid = packet.text(prefix + "Linkedid")
        self.take_caller(packet, leg, prefix)
        if packet.has(prefix + "Context"):
            leg.context = cut(packet.text(prefix + "Context"))
        extension = first_of(packet, prefix + "Exten", prefix + "Extension")
        if extension is not None:
            leg.set_extension(cut(extension))
        for text in packet.all(prefix + "ChanVariable"):
            name, _, value = text.partition("=")
            self.set_variable(packet, leg, name, value)

    def set_state(self, leg, state):
        if leg.state == "up":
            return
        leg.state = state
        leg.places = leg.places or state == "calling"
        leg.dialed = leg.dialed or state == "ringing"
        if state == "up" and leg.parent:
            self.mark_elsewhere(leg)

    def mark_elsewhere(self, answered):
        for child in self.legs.children(answered.parent):
            if child is answered or child.state == "up":
                continue
            child.elsewhere = True
            half = self.legs.other_half(child)
            for grandchild in self.legs.children(half) if half else []:
                if grandchild.state != "up":
                    grandchild.elsewhere = True

    def take_caller(self, packet, leg, prefix):
        def name_of(key):
            raw = packet.raw(prefix + key)
            return cut(self.shown(packet, raw))

        number = first_of(packet, prefix + "CallerIDNum", prefix + "CallerID")
        is_callers = leg.dialed and not self.has_connected_line
        if number is not None and is_callers:
            leg.connected_number = cut(number)
        elif number is not None:
            leg.number = cut(number)
        if packet.has(prefix + "CallerIDName") and is_callers:
            leg.connected_name = name_of("CallerIDName")
        elif packet.has(prefix + "CallerIDName"):
            leg.name = name_of("CallerIDName")
        if packet.has(prefix + "ConnectedLineNum"):
            leg.connected_number = cut(packet.text(prefix + "ConnectedLineNum"))
        if packet.has(prefix + "ConnectedLineName"):
            leg.connected_name = name_of("ConnectedLineName")

    def shown(self, packet, raw):

        if raw in ("<unknown>", "<null>"):
            return ""
        return clean(unescape(raw) if packet.escapes else raw)

    def set_variable(self, packet, leg, name, value, escaped=True):
        if name == "CALLERID(pres)":
            leg.withheld = value.startswith("prohib")
        name = name.strip().lstrip("_")
        if name in self.variables:
            text = value if not escaped else self.shown(packet, value)
            leg.variables[name] = cut(text)

    def take_old_variables(self, packet):
        """ChanVariable(CHANNEL): NAME=VALUE, up to Asterisk 11."""
        for key, text in packet.headers:
            if match := re.fullmatch(r"ChanVariable\((.*)\)", key, re.IGNORECASE):
                leg = self.legs.find(match[1], "")
                name, _, value = text.partition("=")
                if leg:
                    self.set_variable(packet, leg, name, value)

    # What is each event's own

    def special(self, packet, leg, second):
        handler = getattr(self, "on_" + packet.event.lower(), None)
        return handler(packet, leg, second) if handler else None

    def dial(self, packet, leg, second):
        if not second or second is leg:
            return
        second.dialed = second.dial_told = True
        if leg:
            second.parent = leg
            caller = self.legs.only_real(second)
            if caller and caller.places and caller.state == "up" and second.state != "up":
                second.dialed_by_ivr_of = second.dialed_by_ivr_of or caller
        elif not any(packet.text(key) for key in ("Channel", "Source", "ChannelCalling", "Uniqueid", "SrcUniqueID")):
            second.originated = True

    def on_dialend(self, packet, leg, second):
        if not second or not second.dial_status:  # a queue says CANCEL after NOANSWER
            for one in (leg, second):
                if one:
                    one.dial_status = packet.text("DialStatus")
        if second:
            second.dialed = second.dial_told = True
            second.forwarded = second.forwarded or bool(packet.text("Forward"))
        elif leg and packet.event == "Dial":  # which does not say whose
            for child in self.legs.children(leg):
                child.dial_status = child.dial_status or packet.text("DialStatus")

    def on_dial(self, packet, leg, second):
        if packet.raw("SubEvent") == "End":
            self.on_dialend(packet, leg, second)

    def on_newcallerid(self, packet, leg, _):
        presentation = re.match(r"\d+", packet.text("CID-CallingPres"))
        if leg and presentation:
            leg.withheld = 32 <= int(presentation[0]) <= 63

    def on_bridgeenter(self, packet, leg, _):
        if leg and packet.text("BridgeUniqueid"):
            self.enter(leg, packet.text("BridgeUniqueid"))
            self.note_bridge(packet)

    def on_bridgelistitem(self, packet, _, __):
        if packet.text("BridgeUniqueid"):
            self.note_bridge(packet)

    def enter(self, leg, bridge):
        if leg.bridge and leg.bridge != bridge:
            self.leave(leg)
        leg.bridge = bridge

    def on_bridgeleave(self, packet, leg, _):
        if leg and leg.bridge and leg.bridge == packet.text("BridgeUniqueid"):
            self.leave(leg)

    def leave(self, leg):
        self.take_out_of_bridge(leg)
        leg.parent = None
        for child in self.legs.all:
            if child.parent is leg and child.state == "up":
                child.parent = None

    def take_out_of_bridge(self, leg):
        bridge, leg.bridge = leg.bridge, ""
        if bridge and not any(other.bridge == bridge for other in self.legs.all):
            self.legs.bridges.pop(bridge, None)

    def on_bridgemerge(self, packet, _, __):
        target, source = packet.text("ToBridgeUniqueid"), packet.text("FromBridgeUniqueid")
        if not target or not source:
            return False
        self.legs.bridges.setdefault(target, Bridge())
        for leg in self.legs.all:
            if leg.bridge == source:
                self.enter(leg, target)
        return True

    def pair(self, packet):
        legs = [self.find(packet, "Channel" + number, "Uniqueid" + number) for number in "12"]
        name = "link " + " ".join(sorted(packet.text("Uniqueid" + n) or packet.text("Channel" + n) for n in "12"))
        return name, [leg for leg in legs if leg]

    def on_link(self, packet, _, __):
        name, legs = self.pair(packet)
        for leg in legs:
            self.enter(leg, name)
        return legs

    def on_unlink(self, packet, _, __):
        name, legs = self.pair(packet)
        for leg in legs:
            if leg.bridge == name:
                self.leave(leg)
        return legs

    def on_bridge(self, packet, leg, second):
        handler = {"Link": self.on_link, "Unlink": self.on_unlink}.get(packet.text("Bridgestate"))
        return handler and handler(packet, leg, second)

    def on_hold(self, packet, leg, _):
        if leg:
            leg.holds = packet.text("Status") != "Off"
            leg.holds_party = self.legs.party(leg)

    def on_unhold(self, _, leg, __):
        if leg:
            leg.holds = False

    def on_queuecallerjoin(self, packet, leg, _):
        if leg:
            leg.queue = cut(packet.text("Queue"))

    on_join = on_queuecallerjoin

    def on_queueentry(self, packet, _, __):
        leg = self.find(packet, "Channel", "Uniqueid")
        self.on_queuecallerjoin(packet, leg, None)
        return leg

    def on_varset(self, packet, leg, _):
        if leg:
            self.set_variable(packet, leg, packet.text("Variable"), packet.raw("Value"))

    def on_userevent(self, packet, leg, _):
        if leg and packet.text("UserEvent") == "AstCTI":
            for name in self.variables:
                if packet.has(name):
                    self.set_variable(packet, leg, name, packet.text(name), escaped=False)

    def on_newexten(self, packet, leg, _):
        if leg and not self.has_variables and not self.has_linkedid and packet.text("Application") == "Set":
            name, _, value = packet.raw("AppData").partition("=")
            self.set_variable(packet, leg, name, value)

    def on_pickup(self, packet, leg, _):
        target = self.find(packet, "TargetChannel", "TargetUniqueid")
        if leg:
            leg.picked_up = True
            if target and target.parent:
                leg.parent = target.parent
            if target:
                target.elsewhere = True
            if leg.parent and leg.state == "up":
                self.mark_elsewhere(leg)
        return target

    def on_blindtransfer(self, packet, _, __):
        return self.transferred(packet, "Transferer")

    def on_attendedtransfer(self, packet, _, __):
        return self.transferred(packet, "OrigTransferer", "SecondTransferer")

    def transferred(self, packet, *prefixes):
        if packet.has("Result") and packet.text("Result") != "Success":
            return []
        legs = [self.find(packet, prefix + "Channel", prefix + "Uniqueid") for prefix in prefixes]
        for leg in filter(None, legs):
            leg.transferred = True
        return legs

    def on_transfer(self, packet, leg, _):
        if leg:
            leg.transferred = True
        target = None
        if packet.text("TransferType") == "Attended" and packet.text("TargetUniqueid"):
            target = self.find(packet, "TargetChannel", "TargetUniqueid")
            if target:
                target.transferred = True
        return target

    def on_parkedcall(self, packet, _, __):
        if packet.text("From"):
            parkers = [self.legs.find(packet.text("From"), "")]
        else:
            parkee = self.find(packet, "ParkeeChannel", "ParkeeUniqueid") or self
            parkers = [leg for leg in self.legs.alive() if leg.device == packet.text("ParkerDialString")
                       and leg.state == "up" and (self.legs.party(leg) is parkee or not self.legs.in_bridge_with(leg))]
        for leg in filter(None, parkers):
            leg.transferred = True
        return parkers

    def on_originateresponse(self, packet, _, __):
        """Of an originate of astctid's own: nothing else tells of a telephone that was never there."""
        action, channel, uniqueid = packet.text("ActionID"), packet.text("Channel"), packet.text("Uniqueid")
        if packet.text("Response") != "Failure" or not action.startswith("astcti-"):
            return False
        known = self.legs.by_id(uniqueid)
        if known:
            if known.originated and not known.dial_status:
                statuses = {"3": "NOANSWER", "5": "BUSY", "8": "CONGESTION"}
                known.dial_status = statuses.get(packet.text("Reason"), "")
            return True
        if not channel or {action, uniqueid} & self.legs.ended_ids:
            return False
        leg = Leg(channel, action, originated=True, dialed=True, dial_told=True, ended=True)
        leg.cause = {"5": 17, "1": 19, "3": 19, "8": 34}.get(packet.text("Reason"), 0)
        leg.extension, leg.context = cut(packet.text("Exten")), cut(packet.text("Context"))
        self.legs.ended_ids.add(action)
        self.failed = [leg]
        return True

    def on_agentlogin(self, _, leg, __):
        if leg:
            leg.is_agent = True

    def on_agentlogoff(self, _, leg, __):
        if leg:
            leg.is_agent = False

    def on_rename(self, packet, leg, _):
        if packet.text("Uniqueid"):
            leg = self.legs.by_id(packet.text("Uniqueid"))  # whatever it was called: one may have been missed
            self.touched |= {leg} if leg else set()
        else:
            leg = leg or self.find(packet, "Oldname", "Uniqueid")
        name = packet.text("Newname")
        if not leg or not name:
            return None
        for other in self.legs.all:
            if other is not leg and other.is_alive and other.channel in (name, name + "<MASQ>"):
                other.is_zombie = True
                other.heir = leg
                leg.queue = leg.queue or other.queue
                leg.first_extension = leg.first_extension or other.first_extension
                leg.variables = {**other.variables, **leg.variables}
        leg.channel = name
        return leg

    def on_hangup(self, packet, leg, _):
        cause = re.match(r"\d+", packet.text("Cause"))
        if leg:
            self.end(leg, int(cause[0]) if cause else 0)

    def end(self, leg, cause=0):
        leg.ended = True
        self.take_out_of_bridge(leg)
        leg.cause = cause
        self.legs.ended_ids.add(leg.uniqueid)
        self.legs.all.remove(leg)

    def note_consequences(self):
        for leg in self.legs.all:
            if not leg.parent:
                continue
            if leg.state == "ringing":
                leg.parent.child_rings = True
            if leg.bridge and leg.carried is None and leg.parent.is_alive and leg.parent.bridge == leg.bridge:
                leg.carried = dict(leg.parent.variables)
