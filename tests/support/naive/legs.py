# SPDX-License-Identifier: GPL-3.0-or-later
"""Legs, their ties, and the party that one reaches over them (ARCHITECTURE.md 3.1)."""
import re
from dataclasses import dataclass, field

STATES = {
    "Down": "down", "Rsrvd": "down", "OffHook": "down", "Dialing": "down", "Dialing Offhook": "down",
    "Pre-ring": "down", "Ring": "calling", "Ringing": "ringing", "Up": "up",
}  # fmt: skip
STATE_ORDER = ["down", "calling", "ringing", "up"]


@dataclass(eq=False)
class Leg:
    channel: str
    uniqueid: str
    linkedid: str = ""
    state: str = "down"
    places: bool = False
    dialed: bool = False
    dial_told: bool = False
    originated: bool = False
    picked_up: bool = False
    was_linked: bool = False  # in a bridge with another
    parent: "Leg | None" = None
    child_rings: bool = False
    dial_status: str = ""
    forwarded: bool = False
    elsewhere: bool = False
    dialed_by_ivr_of: "Leg | None" = None  # who was up already when this one was dialed for it
    transferred: bool = False
    number: str = ""
    name: str = ""
    connected_number: str = ""
    connected_name: str = ""
    withheld: bool = False
    context: str = ""
    extension: str = ""
    first_extension: str = ""
    is_dialled_later: bool = False  # 1.4 to 1.6.1 do not tell at the beginning what it dialled
    bridge: str = ""
    holds: bool = False
    queue: str = ""
    variables: dict = field(default_factory=dict)
    carried: dict | None = None
    half: "Leg | None" = None  # the other one of a Local channel
    is_agent: bool = False
    is_zombie: bool = False
    heir: "Leg | None" = None  # goes on with the person calls of a zombie
    is_only_listed: bool = False
    is_listed_as_called: bool = False
    vanished: bool = False  # from the list of channels
    ended: bool = False
    ended_as: int = 0  # the first, the second …
    cause: int = 0

    @property
    def device(self):
        name = self.lasting_name
        if self.is_local:
            name = re.sub("[;,][12]$", "", name)
        return re.sub("-[0-9a-fA-F]+$", "", name)

    @property
    def lasting_name(self):
        return self.channel.removesuffix("<MASQ>")

    @property
    def was_dialed(self):
        """A telephone that is up and never placed a call answered one, told or not."""
        return self.dialed or not self.places and self.state == "up"

    @property
    def is_local(self):
        return self.channel.startswith("Local/")

    @property
    def is_alive(self):
        return not self.ended and not self.is_zombie

    @property
    def other_half_name(self):
        return self.channel[:-1] + {"1": "2", "2": "1"}.get(self.channel[-1:], "")

    def note_dialled(self):
        if self.places and self.is_dialled_later and self.extension not in ("", "s"):
            self.first_extension = self.extension
            self.is_dialled_later = False


@dataclass
class Bridge:
    technology: str = ""
    creator: str = ""

    @property
    def ties(self):
        return self.technology != "holding_bridge" and self.creator != "ConfBridge"


class Legs:
    """All legs in the order in which they began, those that ended included while somebody remembers them."""

    def __init__(self):
        self.all = []
        self.bridges = {}
        self.ended_ids = set()

    def alive(self):
        return [leg for leg in self.all if leg.is_alive]

    def find(self, channel, uniqueid):
        """The leg that both name; by the channel alone where there is no Uniqueid."""
        found = [leg for leg in self.all if not leg.ended and leg.channel == channel and uniqueid in ("", leg.uniqueid)]
        return max(found, key=lambda leg: (len(leg.uniqueid.encode()), leg.uniqueid.encode()), default=None)

    def by_id(self, uniqueid):
        for leg in self.all:
            if not leg.ended and leg.uniqueid == uniqueid:
                return leg
        return None

    def bridge_ties(self, name):
        return self.bridges.get(name, Bridge()).ties

    def in_bridge_with(self, leg):
        if not leg.bridge or not self.bridge_ties(leg.bridge):
            return []
        return [other for other in self.all if other is not leg and other.is_alive and other.bridge == leg.bridge]

    def children(self, leg):
        return [other for other in self.all if other.parent is leg and other.is_alive]

    def add(self, leg):
        """The halves of a Local channel find each other when they begin."""
        self.all.append(leg)
        if leg.is_local and leg.channel[-2:] in (";1", ";2", ",1", ",2"):
            waiting = [other for other in self.all if other.channel == leg.other_half_name and other.half is None]
            if waiting:
                leg.half, waiting[-1].half = waiting[-1], leg

    def other_half(self, leg):
        return leg.half if leg.half and leg.half.is_alive else None

    def ties(self, leg):
        if not leg.is_alive:
            return []
        if bridged := self.in_bridge_with(leg):
            return bridged
        parent = [leg.parent] if leg.parent and leg.parent.is_alive else []
        return parent + self.children(leg)

    def walk(self, start):
        """Every leg that is reached, Local ones too, nearest first."""
        return [leg for leg, _ in self.steps(start)]

    def steps(self, start):
        """Pairs of a leg and whether it is the far half of a Local channel."""
        reached, far, to_do = [], [], self.ties(start)
        while to_do:
            leg = to_do.pop(0)
            if leg in reached or leg is start:
                continue
            reached.append(leg)
            if leg.is_local and (half := self.other_half(leg)) and half not in reached:
                reached.append(half)
                far.append(half)
                to_do += self.ties(half)
        return [(leg, leg in far) for leg in reached]

    def party(self, leg):
        """Any of several telephones may answer: who places a call has a party only once both are up."""
        party = self.only_real(leg)
        if party and leg.places and (leg.state != "up" or party.state != "up"):
            return None
        return party

    def only_real(self, leg):
        real = [other for other in self.walk(leg) if not other.is_local]
        return real[0] if len(real) == 1 else None

    def locals_on_the_way(self, leg):
        return [other for other in self.walk(leg) if other.is_local]

    def is_originated(self, leg):
        """It, or the far half of a Local channel on the way."""
        return leg.originated or any(half.originated and not half.queue for half in self.far_halves(leg))

    def far_halves(self, leg):
        return [half for half, is_far in self.steps(leg) if is_far]

    def is_in_holding_bridge(self, leg):
        return leg.bridge in self.bridges and self.bridges[leg.bridge].technology == "holding_bridge"
