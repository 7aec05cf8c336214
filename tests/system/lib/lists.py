#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an Asterisk that is busy sends an event between the items of a list, which it must not: astctid believes none
that comes there. Usage: lists.py NAME PORT SECRET"""
import socket
import sys

from checks import check, run

NAME, PORT, SECRET = sys.argv[1:]
CALLS = 200
LISTS = 100


class Manager:
    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", int(PORT)), timeout=30)
        self.file = self.socket.makefile("rb")
        self.file.readline()

    def say(self, *headers):
        self.socket.sendall("".join(f"{header}\r\n" for header in headers).encode() + b"\r\n")

    def read(self):
        packet = {}
        while line := self.file.readline().rstrip(b"\r\n").decode("utf-8", "replace"):
            key, _, value = line.partition(": ")
            packet.setdefault(key, value)
        return packet


def between():
    """what comes within a list"""
    manager = Manager()
    manager.say("Action: Login", "Username: scenarios", f"Secret: {SECRET}")
    for number in range(CALLS):
        manager.say("Action: Originate", f"ActionID: call-{number}", "Channel: Local/busy@forgery-busy/n",
                    "Context: forgery-idle", "Exten: s", "Priority: 1", "Async: true")
    actions = [action for _ in range(LISTS) for action in ("CoreShowChannels", "QueueStatus", "BridgeList")]
    asked, items, foreign, live, channels = None, 0, [], 0, 0
    for number, action in enumerate(actions):
        manager.say(f"Action: {action}", f"ActionID: list-{number}")
        is_open = False
        while True:
            packet = manager.read()
            asked = packet.get("ActionID") == f"list-{number}"
            is_open = is_open or asked
            items += asked
            channels = max(channels, int(packet.get("ListItems", "0")) if asked else 0)
            if is_open and not asked:
                foreign.append(packet)
            live += not asked and "Event" in packet
            if asked and (packet.get("Event", "").endswith("Complete") or packet.get("Response") == "Error"):
                break
    check(f"no event comes within a list: {items} items of {len(actions)} lists of up to {channels} with {live} events "
          f"between them, {NAME}", not foreign and live > 1000 and channels >= 100, foreign[:3])


sys.exit(not run([between]))
