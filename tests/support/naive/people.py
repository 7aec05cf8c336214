# SPDX-License-Identifier: GPL-3.0-or-later
"""Person calls: one account's part of a conversation, and what is told of it (the last table of ARCHITECTURE.md 3.1)."""
from dataclasses import dataclass, field, replace

from naive.legs import STATE_ORDER, Leg

STATUS_REASONS = {
    "NOANSWER": "no-answer", "BUSY": "busy", "CANCEL": "cancelled", "CONGESTION": "failed", "CHANUNAVAIL": "failed",
}  # fmt: skip
WITHHELD_NUMBERS = (
    "anonymous", "unavailable", "restricted", "withheld", "private", "unknown", "asserted", "blocked",
)  # fmt: skip
FAILURES = (1, 3, 20, 27, 34, 38, 41, 42, 44, 58, 66)


@dataclass
class View:
    """What a client is told of a call."""
    state: str
    direction: str
    peer: tuple
    called: str
    context: str
    queue: str
    variables: dict
    own: tuple
    internal: bool
    withheld: bool
    reason: str = ""
    cause: int = 0

    def differs_in_peer(self, other):
        def key(view):
            return view.peer, view.variables, view.queue, view.direction, view.withheld, view.internal
        return key(self) != key(other)


@dataclass
class PersonCall:
    legs: list
    id: str
    told: View | None = None
    direction: str = ""
    answered: bool = False
    party: Leg | None = None
    party_name: str = ""  # of its channel when it became the party
    party_before: str = ""  # the same, before the present view
    held: str | None = None  # the party when it was put on hold
    party_was_ivr: bool = False
    peer: tuple = ("", "")
    own: tuple = ("", "")
    variables: dict = field(default_factory=dict)
    queue: str = ""
    withheld: bool = False
    internal: bool = False
    called: str = ""
    context: str = ""

    def begin_anew(self):
        self.peer, self.variables, self.queue, self.withheld, self.internal = ("", ""), {}, "", False, False


def event_name(old, new):
    if old is None or old.state != new.state:
        return "Resumed" if old and old.state == "held" and new.state == "answered" else new.state.capitalize()
    return "Peer" if new.differs_in_peer(old) else None


class Person:
    """One account: its devices, its calls."""

    def __init__(self, name, devices, pbx, model, account_devices):
        self.name = name
        self.devices = devices
        self.pbx = pbx
        self.model = model
        self.account_devices = account_devices  # everybody's
        self.calls = []
        self.told_legs = set()

    @property
    def all_legs(self):
        return self.model.legs

    def is_over(self, leg):
        return leg.ended or leg.is_zombie or not self.is_own(leg)

    def is_own(self, leg):
        return leg.device in self.devices and not (leg.is_local and leg.channel.endswith("2"))

    def changes(self):
        """What is to be told now: pairs of call and name of the event."""
        self.follow_zombies()
        self.take_back()
        self.take_new_legs()
        told = []
        for call in self.calls:
            view = self.view(call)
            name = event_name(call.told, view)
            call.told = view
            if name:
                told.append((call, name))
        self.calls = [call for call in self.calls if call.told.state != "ended"]
        return told

    def follow_zombies(self):
        for call in self.calls:
            for index, leg in enumerate(call.legs):
                heir = leg.heir
                if heir and not self.is_over(heir) and heir not in self.told_legs:
                    call.legs[index] = heir
                    self.told_legs.add(heir)
            renamed = [leg for leg in call.legs if not self.is_own(leg)]
            others = [leg for leg in call.legs if leg not in renamed]
            if renamed:
                call.legs = others if any(not leg.ended for leg in others) else renamed

    def take_back(self):
        """Legs whose end was not true: each goes on in the call that it was of."""
        for call in self.calls:
            ended = {leg.uniqueid for leg in call.legs if leg.ended}
            for leg in self.all_legs.alive():
                if leg.uniqueid in ended and leg not in self.told_legs and not leg.is_only_listed and self.is_own(leg):
                    call.legs.append(leg)
                    self.told_legs.add(leg)

    def take_new_legs(self):
        for leg in self.all_legs.alive() + self.model.failed:
            if leg in self.told_legs or not self.is_own(leg) or not self.is_to_be_told(leg):
                continue
            self.told_legs.add(leg)
            if call := self.call_to_join(leg):
                call.legs.append(leg)
            else:
                self.calls.append(PersonCall([leg], f"{self.pbx}:{leg.uniqueid}:{self.name}"))

    def is_to_be_told(self, leg):
        if leg.is_only_listed:
            return False
        if leg.originated:
            return True
        if leg.places and leg.state in ("calling", "up"):
            return True
        tied = leg.dial_told or self.all_legs.in_bridge_with(leg) or not self.model.has_linkedid
        return leg.was_dialed and leg.state in ("ringing", "up") and bool(tied)

    def call_to_join(self, leg):
        party = self.all_legs.party(leg)
        if not leg.was_dialed or self.all_legs.is_originated(leg) or leg.state == "up" or not party:
            return None
        for call in self.calls:
            for other in call.legs:
                if not self.is_over(other) and other.was_dialed and other.state != "up" \
                        and not self.all_legs.is_originated(other) and self.all_legs.party(other) is party:
                    return call
        return None

    # The view of a call, in the order of the table

    def view(self, call):
        lead = min(call.legs, key=lambda leg: (self.is_over(leg), -STATE_ORDER.index(leg.state)))
        if self.is_over(lead):  # who talked tells how it ended, else the last one
            lead = max(call.legs, key=lambda leg: (leg.state == "up", leg.ended_as))
        party = self.party(call, lead)
        if not call.direction:
            call.direction = "inbound" if lead.was_dialed and not self.all_legs.is_originated(lead) else "outbound"
        if call.direction == "outbound" and (lead.picked_up or lead.is_agent and party):
            call.direction = "inbound"
            if call.peer == (call.called, ""):
                call.peer = ("", "")
            call.called = ""
        state = self.state(call, lead, party)
        if not lead.ended and self.is_over(lead):
            return self.view_of_renamed(call, lead)
        self.take_from_source(call, lead, party)
        self.take_variables(call, lead, party)
        if party:
            call.withheld = party.withheld
            call.internal = self.is_internal(call, party)
        call.internal = bool(call.internal and not call.queue and not call.variables.get("calldata"))
        self.take_peer(call, lead, party)
        call.own = (lead.number or call.own[0], lead.name or call.own[1])
        view = View(state, call.direction, call.peer, call.called, call.context, call.queue, dict(call.variables),
                    call.own, call.internal, call.withheld)
        if state == "ended":
            view.reason, view.cause = self.reason(call, lead), lead.cause
        return view

    def view_of_renamed(self, call, lead):
        """Its channel is another telephone's now: nothing that this tells is about the call."""
        view = replace(call.told, state="ended", reason=self.reason(call, lead), cause=0)
        return view

    def party(self, call, lead):
        """Who is reached at present. While that is nobody, what was known stays."""
        present = None if self.is_over(lead) else self.all_legs.party(lead)
        call.party_before = call.party_name
        if lead.is_agent and self.all_legs.is_in_holding_bridge(lead):
            call.party = None
            call.party_name = call.party_before = ""
            call.called = ""
            call.begin_anew()
        elif present and (not call.party or present.lasting_name != call.party_name):
            call.party = present
            call.party_name = present.lasting_name
            call.party_before = ""
            call.begin_anew()
            call.called = "" if lead.is_agent else call.called
            call.party_was_ivr = lead.dialed_by_ivr_of is present or present.dialed_by_ivr_of is lead
        return present

    def state(self, call, lead, party):
        if all(self.is_over(leg) for leg in call.legs):
            return "ended"
        is_originated = call.direction == "outbound" and not lead.places
        if is_originated and not call.answered:
            party_state = party.state if party else ""
            call.answered = lead.state == "up" and party_state == "up"
            if not call.answered:
                rings = lead.state == "up" and (party_state == "ringing" or lead.child_rings)
                return "alerting" if rings or self.is_alerting(call) else "dialing"
        call.answered = call.answered or lead.state == "up"
        if call.answered:
            return "held" if lead.state == "up" and self.is_held(call, lead, party) else "answered"
        if lead.was_dialed or not lead.places:
            return "ringing"
        return "alerting" if lead.child_rings or self.is_alerting(call) else "dialing"

    @staticmethod
    def is_held(call, lead, party):
        """A hold is of the party of the moment when it was told of; of any, if there was none."""
        if not lead.holds:
            call.held = None
        elif call.held is None:
            call.held = call.party_before
        present = party.lasting_name if party else call.party_before
        return lead.holds and call.held in ("", present)

    @staticmethod
    def is_alerting(call):
        return call.told is not None and call.told.state == "alerting"

    def take_from_source(self, call, lead, party):
        source = party if call.direction == "inbound" else lead
        if source:
            call.context = source.context or call.context
            call.queue = source.queue or call.queue
            call.called = call.called or self.called(call, lead, source)

    def called(self, call, lead, source):
        present = source.extension if source.extension != "s" else ""
        halves = self.all_legs.locals_on_the_way(lead)
        dialled = next((half.extension for half in halves
                        if half.originated and half.extension != "s" and self.all_legs.children(half)), "")
        if call.direction == "outbound" and not lead.places:
            return dialled if any(half.originated for half in self.all_legs.far_halves(lead)) else present
        between = [half for half in self.all_legs.locals_on_the_way(source) if half in halves]
        name = between[0].channel.removeprefix("Local/").partition("@")[0] if between else ""
        return source.first_extension or dialled or name or present

    def take_variables(self, call, lead, party):
        sources = [lead.variables]
        if party:
            is_stranger = party.device not in self.account_devices
            if party.places or party.originated or is_stranger:
                sources.append(party.variables)
            if is_stranger:
                sources.append(party.carried or {})
        for name in self.model.variables:
            value = next((source[name] for source in sources if source.get(name)), "")
            if value:
                call.variables[name] = value

    def take_peer(self, call, lead, party):
        if call.withheld:
            call.peer = ("", "")
            return
        if not party and (call.party or lead.is_agent):
            return
        peer = (party.number, party.name) if party else ("", "")
        if not any(peer) and lead.connected_number and lead.connected_number != lead.number:
            peer = (lead.connected_number, lead.connected_name)
        if not any(peer) and not any(call.peer) and call.direction == "outbound":
            peer = (call.called, "")
        if peer[0].lower() in WITHHELD_NUMBERS:
            call.withheld, peer = True, ("", "")
            call.peer = peer
        elif any(peer):
            call.peer = peer

    def is_internal(self, call, party):
        return bool(party.device in self.account_devices and not call.queue
                    and not call.variables.get("calldata") and not call.party_was_ivr)

    def reason(self, call, lead):
        was_renamed = not lead.ended
        if was_renamed:
            return "transferred" if lead.transferred or call.answered else "answered-elsewhere"
        if lead.transferred or (lead.forwarded and lead.state != "up"):
            return "transferred"
        if call.answered:
            return "normal"
        if lead.elsewhere or lead.cause == 26:
            return "answered-elsewhere"
        if lead.cause == 21:
            return "rejected"
        if lead.dial_status in STATUS_REASONS:
            return STATUS_REASONS[lead.dial_status]
        if lead.cause in (17, 19):
            return {17: "busy", 19: "no-answer"}[lead.cause]
        has_vanished = lead.vanished and not lead.dial_status
        if has_vanished or lead.cause in FAILURES:
            return "failed"
        rang_in_vain = lead.originated and lead.state != "up" and not lead.dial_status
        return "no-answer" if rang_in_vain else "cancelled"
