# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that go to another telephone than the one that was called, and telephones that are made to call: the events of
these in the first table of ARCHITECTURE.md 3.1."""
from naive.legs import Leg
from naive.packets import cut


class Transfers:
    """A part of Events, which has the legs."""

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
        own_id = uniqueid if uniqueid.startswith("astcti-") else action
        if not channel or own_id in self.legs.ended_ids:
            return False
        leg = Leg(channel, own_id, originated=True, dialed=True, dial_told=True, ended=True, vanished=True)
        leg.cause = {"5": 17, "1": 19, "3": 19, "8": 34}.get(packet.text("Reason"), 0)
        leg.extension, leg.context = cut(packet.text("Exten")), cut(packet.text("Context"))
        self.legs.ended_ids.add(own_id)
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
        former = self.legs.find(name + "<MASQ>", "")
        if not former or former is leg:
            former = self.legs.find(name, "")
        if former and former is not leg and not leg.is_zombie:
            former.is_zombie = True
            former.heir = leg
            leg.is_only_listed = leg.is_only_listed and former.is_only_listed
            leg.queue = leg.queue or former.queue
            leg.first_extension = leg.first_extension or former.first_extension
            leg.variables = {**former.variables, **{name: value for name, value in leg.variables.items() if value}}
        leg.channel = name
        return leg
