# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold for everything that accounts are told, and how often a desk was told wrongly.

Works on the lines of `astctid --replay --ids` and of naive_model.py.
"""
import json
import re
from collections import Counter
from dataclasses import dataclass, field

from naive.packets import packets

FIELDS = re.compile(r'(?P<account>\S+) (?P<number>\d+) (?P<event>\w+) (?P<direction>\w+) '
                    r'(?P<peer>"(?:[^"\\]|\\.)*"|\S+) "(?:[^"\\]|\\.)*".* id (?P<id>\S+)')
ONCE = ("Ringing", "Dialing", "Answered", "Ended")


@dataclass
class Told:
    account: str
    number: str
    event: str
    direction: str
    peer: str
    id: str
    text: str


def read(line):
    match = FIELDS.fullmatch(line)
    if not match:
        raise ValueError(f"not a line of a replay: {line}")
    values = match.groupdict()
    if values["peer"].startswith('"'):
        values["peer"] = json.loads(values["peer"])
    return Told(**values, text=line)


def devices_by_id(script):
    """The names that the channel of each Uniqueid had when it began, was listed, or was renamed."""
    names = {}
    for packet in packets(script):
        if packet.event in ("Newchannel", "CoreShowChannel", "Status", "Rename"):
            for key in ("Channel", "Newname"):
                names.setdefault(packet.text("Uniqueid"), []).append(packet.text(key))
        if packet.event == "Rename" and not packet.text("Uniqueid"):
            former = packet.text("Channel") or packet.text("Oldname")
            for known in [known for known in names.values() if former in known]:
                known.append(packet.text("Newname"))
        if packet.event == "OriginateResponse":
            names.setdefault(packet.text("ActionID"), []).append(packet.text("Channel"))
    return names


def coming_back(script):
    """The Uniqueids of channels that lists have, twice or more, after a Hangup of them: that was not true."""
    over, listed = set(), Counter()
    for packet in packets(script):
        if packet.event == "Hangup":
            over.add(packet.text("Uniqueid"))
        elif packet.event in ("CoreShowChannel", "Status") and packet.text("Uniqueid") in over:
            listed[packet.text("Uniqueid")] += 1
    return {uniqueid for uniqueid, count in listed.items() if count > 1}


def broken(script, lines, accounts):
    """Sentences about what must never be."""
    devices, back = devices_by_id(script), coming_back(script)
    owned = dict(accounts)
    ended, seen, number_of_id = set(), Counter(), {}
    for told in map(read, lines):
        call = told.account, told.number
        if call in ended and told.id.split(":")[1] in back:
            ended.remove(call)
            for event in ONCE:
                seen[(*call, event)] = 0
        if call in ended:
            yield f"told after its end: {told.text}"
        seen[(*call, told.event)] += 1
        if told.event in ONCE and seen[(*call, told.event)] > 1:
            yield f"{told.event} twice: {told.text}"
        if told.event == "Ended":
            ended.add(call)
        if number_of_id.setdefault((told.account, told.id), told.number) != told.number:
            yield f"two calls of the same id: {told.text}"
        uniqueid = told.id.split(":")[1]
        if not any(name == device or name.startswith(device + "-") for name in devices.get(uniqueid, ())
                   for device in owned[told.account]):
            yield f"a call of another: {told.text}"
    for call in {call[:2] for call in seen} - ended:
        yield f"a call was left behind: {' '.join(call)}"


# The figure call-wrong

@dataclass
class Expectation:
    account: str
    calls: list
    moment: str
    peer: str
    must: bool
    number: str
    met: list = field(default_factory=list)


def expectations(script):
    return [Expectation(packet.text("Account"), packet.text("Calls").split(), packet.text("Moment"),
                        packet.text("Peer"), packet.text("Must") == "yes", packet.text("Number"))
            for packet in packets(script) if packet.event == "Expect"]


def pop_ups(lines):
    """What the agent would show or open: (account, Uniqueid, moment, peer), once for each call and peer."""
    connected, done = {}, []
    for told in map(read, lines):
        call = told.account, told.number
        if told.event in ("Answered", "Resumed", "Held"):
            connected[call] = True
        moment = "Ringing" if told.event == "Ringing" else "Answered" if connected.get(call) else None
        pop_up = told.account, told.id.split(":")[1], moment, told.peer
        if moment and told.peer != "-" and told.event != "Ended" and pop_up not in done:
            done.append(pop_up)
    return done


def judge(script, lines):
    """wrong: told to a desk, or of a party, that it is not for. missed: a desk that was not told. double: told twice."""
    expected = expectations(script)
    result = Counter()
    notes = []
    for pop_up in pop_ups(lines):
        account, uniqueid, moment, peer = pop_up
        meant = [one for one in expected if one.account == account and one.moment == moment and one.peer == peer
                 and uniqueid in one.calls]
        if not meant:
            result["wrong"] += 1
            notes.append(f"wrong: {pop_up}")
        elif any(uniqueid not in one.met for one in meant) and any(one.met for one in meant):
            result["double"] += 1
            notes.append(f"double: {pop_up}")
        for one in meant:
            one.met.append(uniqueid)
    for one in expected:
        if one.must and not one.met:
            result["missed"] += 1
            notes.append(f"missed: {one.account} {one.calls} {one.moment} {one.peer}")
    return result, notes
