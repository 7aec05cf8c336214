# SPDX-License-Identifier: GPL-3.0-or-later
"""What each event of Asterisk 1.4 to 23 changes of the legs: the first table of ARCHITECTURE.md 3.1."""
import re

from naive.legs import STATES, Bridge, Leg, Legs
from naive.packets import clean, cut, unescape
from naive.transfers import Transfers

DIALS = ("DialBegin", "DialState", "Dial", "AgentCalled")
SECOND_CHANNEL = ("DestChannel", "Destination", "DestinationChannel")
# Of the other events nothing is read but what they are for: most are VarSet.
WITH_VALUES = (*DIALS, "DialEnd", "Newchannel", "Newstate", "Newexten", "NewCallerid", "Newcallerid",
               "NewConnectedLine", "BridgeEnter", "QueueCallerJoin", "Join")


def first_of(packet, *keys):
    return next((packet.text(key) for key in keys if packet.has(key)), None)


def which_first(packet, *keys):
    """Two that mean the same contradict each other: the first one counts."""
    names = {key.lower(): key for key in keys}
    return next((names[key.lower()] for key, _ in packet.headers if key.lower() in names), None)


class Events(Transfers):
    def __init__(self, variables):
        self.legs = Legs()
        self.variables = variables
        self.touched = set()  # legs that an event named since the list began
        self.has_connected_line = False  # since Asterisk 1.8
        self.has_linkedid = False  # since Asterisk 13
        self.has_variables = False  # of their own events, since Asterisk 1.6
        self.ends = 0
        self.failed = []  # legs that began and ended with the last packet

    def find(self, packet, channel, uniqueid):
        if not packet.text(channel) or packet.raw(uniqueid) in ("<null>", "<unknown>"):
            return None
        leg = self.legs.find(packet.text(channel), packet.text(uniqueid))
        if leg:
            self.touched.add(leg)
        return leg

    def apply(self, packet):
        """True if it was about a leg."""
        if packet.event == "Newexten" and self.has_linkedid:
            return False
        if packet.event == "Newchannel" and not self.new_channel(packet):
            return False
        leg, second = self.first_leg(packet), self.second_leg(packet)
        if packet.event in DIALS and packet.raw("SubEvent") != "End":
            self.dial(packet, leg, second)
        if leg and packet.event in WITH_VALUES:
            self.take_values(packet, leg, "")
        if second and packet.event in WITH_VALUES and packet.has("DestChannel"):
            self.take_values(packet, second, "Dest")
        if leg and packet.event in WITH_VALUES:
            self.take_old_variables(packet, leg)
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
            return self.begin(packet, channel, uniqueid)
        return None

    def begin(self, packet, channel, uniqueid):
        leg = Leg(channel, uniqueid)
        extension = first_of(packet, "Exten", "Extension")
        leg.is_dialled_later = extension is None
        leg.first_extension = "" if extension in (None, "s") else cut(extension)
        leg.places = bool(leg.first_extension)
        self.legs.add(leg)
        return leg

    def first_leg(self, packet):
        if packet.event in ("OriginateResponse", "QueueEntry"):
            return None  # what they say of the caller is worth less than what is known
        channel = which_first(packet, "Channel", "Source", "ChannelCalling")
        if channel:
            return self.find(packet, channel, which_first(packet, "Uniqueid", "SrcUniqueID") or "Uniqueid")
        if packet.event == "UserEvent" and packet.text("Uniqueid"):
            return self.legs.by_id(packet.text("Uniqueid"))
        return None

    def second_leg(self, packet):
        for key in SECOND_CHANNEL:
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
            leg.extension = cut(extension)
        leg.note_dialled()
        for text in packet.all(prefix + "ChanVariable"):
            name, _, value = text.partition("=")
            self.set_variable(packet, leg, name, value)

    def set_state(self, leg, state):
        if leg.state == "up":
            return
        leg.state = state
        leg.places = state != "ringing" and (leg.places or state == "calling" and not leg.dialed)
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

    def take_old_variables(self, packet, leg):
        """ChanVariable(CHANNEL): NAME=VALUE, up to Asterisk 11."""
        for key, text in packet.headers:
            match = re.fullmatch(r"ChanVariable\((.*)\)", key)
            if match and match[1] == leg.channel:
                name, _, value = text.partition("=")
                self.set_variable(packet, leg, name, value)

    # What is each event's own

    def special(self, packet, leg, second):
        handler = getattr(self, "on_" + packet.event.lower(), None)
        return handler(packet, leg, second) if handler else None

    def dial(self, packet, leg, second):
        if not second or second is leg:
            return
        second.dialed = second.dial_told = True
        second.places = False
        if leg and second.parent is not leg:
            second.parent = leg
            self.note_ivr(second)
        elif not leg and not any(packet.text(key) for key in ("Channel", "Source", "ChannelCalling", "Uniqueid", "SrcUniqueID")):
            self.take_values(packet, second, "Dest")
            shows_another = second.connected_number and second.connected_number != second.number
            second.originated = not shows_another or second.uniqueid.startswith("astcti-")

    def note_ivr(self, called):
        caller = called.parent
        for _ in range(64):  # forged ties may go in a circle
            if not caller or not caller.is_local:
                break
            caller = caller.half.parent if caller.half else None
        called.dialed_by_ivr_of = caller if caller and caller.places and caller.state == "up" else None

    def on_dialend(self, packet, leg, second):
        if not second or not second.dial_status:  # a queue says CANCEL after NOANSWER
            for one in (leg, second):
                if one:
                    one.dial_status = packet.text("DialStatus")
        if second:
            if leg and second.places and packet.text("DialStatus") == "ANSWER":
                self.take_call(leg, second)
            else:
                second.dialed = True
                second.places = False
            second.dial_told = True
            second.forwarded = second.forwarded or bool(packet.text("Forward"))
        elif leg and not any(packet.has(key) for key in SECOND_CHANNEL):  # 1.6 to 11 do not say whose
            for child in self.legs.children(leg):
                child.dial_status = child.dial_status or packet.text("DialStatus")

    def take_call(self, caller, leg):
        leg.picked_up = True
        if not leg.parent and not leg.was_linked:
            leg.parent = caller

    def on_agentconnect(self, _, leg, second):
        if leg and second and second.places:
            self.take_call(leg, second)

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
        if leg and leg.bridge and (not packet.has("BridgeUniqueid") or leg.bridge == packet.text("BridgeUniqueid")):
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
        is_another = which_first(packet, "Channel", "Channel1") == "Channel" \
            or which_first(packet, "Uniqueid", "Uniqueid1") == "Uniqueid"
        if is_another or None in legs or legs[0] is legs[1]:
            return "", []
        return "link " + " ".join(sorted(leg.uniqueid for leg in legs)), legs

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
        handler = self.on_unlink if packet.text("Bridgestate") == "Unlink" else self.on_link
        return handler(packet, leg, second)

    def on_hold(self, packet, leg, _):
        if leg:
            leg.holds = packet.text("Status") != "Off"

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

    def on_hangup(self, packet, leg, _):
        cause = re.match(r"\d+", packet.text("Cause"))
        if leg:
            self.end(leg, int(cause[0]) if cause else 0)

    def end(self, leg, cause=0):
        leg.ended = True
        self.ends += 1
        leg.ended_as = self.ends
        self.take_out_of_bridge(leg)
        if leg.half:
            leg.half.half = None
        leg.cause = cause
        self.legs.ended_ids.add(leg.uniqueid)
        self.legs.all.remove(leg)
        for child in self.legs.all:
            if child.parent is leg:
                child.parent = None

    def note_consequences(self):
        for leg in self.legs.all:
            if not leg.parent:
                continue
            if leg.state == "ringing":
                leg.parent.child_rings = True
            if leg.bridge and leg.carried is None and leg.parent.is_alive and leg.parent.bridge == leg.bridge:
                leg.carried = dict(leg.parent.variables)
