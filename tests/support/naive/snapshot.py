# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of channels that Asterisk tells when asked, merged with what it tells unasked: ARCHITECTURE.md 3.2."""
from naive.events import Events
from naive.packets import cut

BEGINS = ("Bridge listing will follow", "Queue status will follow", "Channels will follow",
          "Channel status will follow")
ITEMS = ("CoreShowChannel", "Status")
ENDS = ("CoreShowChannelsComplete", "StatusComplete")
DIALED_BY = ("AppDial", "AppQueue")


class Model(Events):
    """All legs of one PBX, with its lists."""

    def __init__(self, variables):
        super().__init__(variables)
        self.over_in_list = set()  # ids of legs that have ended, and are listed
        self.over_in_list_before = set()
        self.forget_list()

    def forget_list(self):
        self.known_before = None  # no list is open
        self.has_channels = False  # the list of channels itself has begun
        self.listed = set()
        for leg in self.legs.all:
            leg.is_listed_as_called = False
        self.bridges = {}  # that the list tells of
        self.queues = {}  # of callers who are not known yet

    def take(self, packet):
        """True if somebody may have to be told of something."""
        if packet.is_banner:
            self.forget_list()
            return False
        self.note_version(packet)
        self.failed = []
        if packet.raw("Response") == "Success" and packet.raw("Message") in BEGINS:
            is_of_channels = packet.raw("Message").startswith("Channel")
            if self.known_before is None or self.has_channels:
                self.forget_list()
                self.known_before = list(self.legs.all)
                self.ended_before = set(self.legs.ended_ids)
                self.over_in_list = set()
                self.touched = set()
            self.has_channels = is_of_channels
            return False
        if packet.event in ITEMS or packet.event in ENDS:
            if self.known_before is None:
                return False
            if packet.event in ITEMS:
                return self.take_item(packet)
            self.complete()
            return True
        if packet.event == "BridgeListItem" and self.known_before is not None:
            self.bridges[packet.text("BridgeUniqueid")] = packet
        if packet.event == "QueueEntry" and self.known_before is not None:
            self.queues[packet.text("Channel"), packet.text("Uniqueid")] = cut(packet.text("Queue"))
        return self.apply(packet)

    @property
    def ended_meanwhile(self):
        return self.legs.ended_ids - self.ended_before

    def take_item(self, packet):
        channel, uniqueid = packet.text("Channel"), packet.text("Uniqueid")
        if not channel or not uniqueid or uniqueid in self.ended_meanwhile:
            return False
        if uniqueid in self.legs.ended_ids:
            if uniqueid not in self.over_in_list_before:
                self.over_in_list.add(uniqueid)
                return False
            self.legs.ended_ids.remove(uniqueid)  # twice in a row: its end was not true
        leg = self.legs.by_id(uniqueid)
        if leg and leg.channel != channel:
            self.listed.add(leg)
            return False
        if leg is None:
            leg = self.begin(packet, channel, uniqueid)
            leg.is_only_listed = True
            leg.dial_told = True  # as far as it ever will be
            leg.queue = self.queues.get((channel, uniqueid), "")
        self.listed.add(leg)
        if leg in self.touched:
            return False
        self.correct(packet, leg)
        self.note_consequences()
        return True

    def correct(self, packet, leg):
        if packet.text("Application") in DIALED_BY:
            leg.dialed = leg.is_listed_as_called = True
            leg.places = False
        self.take_values(packet, leg, "")
        self.correct_bridge(packet, leg)

    def correct_bridge(self, packet, leg):
        bridge = packet.text("BridgeId")
        partner_channel = packet.text("BridgedChannel") or packet.text("Link")
        if not bridge and partner_channel:
            partner_id = packet.text("BridgedUniqueID")
            partner = self.legs.by_id(partner_id) if partner_id else self.legs.find(partner_channel, "")
            partner_id = partner.uniqueid if partner else packet.text("BridgedUniqueID") or partner_channel
            bridge = "link " + " ".join(sorted((leg.uniqueid, partner_id)))
            if partner:
                self.enter(partner, bridge)
        if bridge:
            self.enter(leg, bridge)
            if bridge in self.bridges:
                self.note_bridge(self.bridges[bridge])
        elif leg.bridge:
            self.leave(leg)

    def complete(self):
        gone = [leg for leg in self.known_before
                if not leg.ended and leg not in self.listed and leg not in self.touched]
        for leg in self.legs.all:
            if not leg.is_listed_as_called or leg in gone:
                continue
            leg.dial_told = True
            if leg.state != "up" and not leg.bridge and (not leg.parent or leg.parent.ended):
                parent = self.legs.by_id(leg.linkedid)
                leg.parent = parent if parent is not leg else None
                self.note_ivr(leg)
        self.over_in_list_before, self.over_in_list = self.over_in_list, set()
        self.note_consequences()
        for leg in gone:
            leg.vanished = True
            self.end(leg)
        for leg in self.legs.all:
            leg.is_only_listed = False
        self.forget_list()
