# SPDX-License-Identifier: GPL-3.0-or-later
"""What each account is told of a recording, a line for each event."""
import json

from naive.packets import packets
from naive.people import Person
from naive.snapshot import Model

CLASSES = {"call", "agent", "user"}


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def word(text):
    return quoted(text) if not text or " " in text or '"' in text else text


def line(person, number, call, name, with_id):
    view = call.told
    parts = [person.name, str(number), name, view.direction,
             word(view.peer[0]) if view.peer[0] else "-", quoted(view.peer[1])]
    for key in ("called", "context", "queue"):
        if value := getattr(view, key):
            parts += [key, word(value)]
    if view.variables.get("calldata"):
        parts += ["calldata", word(view.variables["calldata"])]
    for key, value in sorted(view.variables.items()):
        parts += ["variable", word(f"{key}={value}")] if key != "calldata" else []
    if any(view.own):
        parts += ["own", word(view.own[0]) if view.own[0] else "-", quoted(view.own[1])]
    parts += ["internal"] if view.internal else []
    parts += ["withheld"] if view.withheld else []
    if name == "Ended":
        parts += ["reason", view.reason, "cause", str(view.cause)]
    parts += ["id", call.id] if with_id else []
    return " ".join(parts)


def may_be_read(packet):
    if not packet.has("Privilege"):
        return True
    return bool(CLASSES & {name.strip().lower() for name in packet.raw("Privilege").split(",")})


class Replay:
    """accounts: a list of pairs of a name and its devices."""

    def __init__(self, pbx, accounts, variables=(), least_rights=False, with_ids=False):
        self.pbx, self.accounts, self.with_ids = pbx, accounts, with_ids
        self.variables = ["calldata", *variables]
        self.least_rights = least_rights
        self.begin_anew()

    def begin_anew(self):
        self.model = Model(self.variables)
        everybodys = {device for _, devices in self.accounts for device in devices}
        self.people = [Person(name, devices, self.pbx, self.model, everybodys) for name, devices in self.accounts]
        self.numbers = {person.name: {} for person in self.people}

    def lines(self, data):
        for packet in packets(data):
            if packet.event == "EndOfScript":
                yield "---"
                self.begin_anew()
            elif not self.least_rights or may_be_read(packet):
                yield from self.take(packet)

    def take(self, packet):
        if not self.model.take(packet):
            return
        for person in self.people:
            for call, name in person.changes():
                numbers = self.numbers[person.name]
                number = numbers.setdefault(call.id, len(numbers) + 1)
                yield line(person, number, call, name, self.with_ids)
