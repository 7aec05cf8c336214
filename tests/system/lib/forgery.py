#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What account 201 was told while events were forged. Usage: forgery.py NAME WIRE_LOG RECORDING ASTCTID_LOG"""
import collections
import re
import sys
import xml.etree.ElementTree as ET

from checks import check, run

NAME, WIRE, RECORDING, LOG = sys.argv[1:]
with open(WIRE, encoding="utf-8") as wire:
    LINES = [line for line in wire if line.startswith("<")]
EVENTS = [(event.tag.rpartition("}")[2], event) for event in map(ET.fromstring, LINES)]


def text(event, name):
    return next((child.text or "" for child in event.iter() if child.tag.rpartition("}")[2] == name), "")


def told():
    """what was told"""
    calls = collections.defaultdict(list)
    for kind, event in EVENTS:
        if call := event.get("call"):
            calls[call].append((kind, text(event, "peer-number")))
    check(f"two calls were told, {NAME}", len(calls) == 2, dict(calls))
    first, second = [*calls.values(), [], []][:2]
    kinds = [kind for kind, _ in first]
    check(f"the call that was up is told as it went, {NAME}", kinds == ["Answered", "Ended"], first)
    check(f"so is the next, {NAME}", [kind for kind, _ in second] == ["Answered", "Ended"], second)
    order = [(kind, text(event, "peer-number")) for kind, event in EVENTS if kind in ("Ringing", "Answered", "Ended")]
    last = order.index(("Ended", "202")) if ("Ended", "202") in order else -1
    check(f"the call that was up ends when it is hung up, after all that, {NAME}", last == len(order) - 1, order)
    check(f"who calls stays who he is, {NAME}", {number for _, number in first} == {"202"}, first)
    names = {text(event, "peer-name") for _, event in EVENTS} - {"", "Demo 202"}
    check(f"a name of all wrong kinds is read as well as it can be, {NAME}",
          names == {"Müller ÿþÂ â®evilâ¦ <b>"}, names)
    check(f"all that is told is clean text, {NAME}",
          not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f‪-‮⁦-⁩]", "".join(LINES)))
    by_clock = {"uniqueid", "linkedid", "peer-uniqueid", "start", "answer", "end"}
    words = [child.text or "" for _, event in EVENTS for child in event.iter() if child.tag.rpartition("}")[2] not in by_clock]
    check(f"nothing forged is told, {NAME}", not any("666" in word for word in words), LINES)


def smuggled():
    """what Asterisk sent"""
    with open(RECORDING, "rb") as file:
        recording = file.read()
    found = len(re.findall(rb"(?i)\r\nevent: ?(?:hangup|rename|newchannel)\r\nPrivilege: ?call\r\n.*(?:0000beef|666|Cause)", recording))
    check(f"Asterisk did let lies pass, to who has all rights, {NAME}", found > 0, found)
    by_caller = re.search(rb"CallerIDNum: 1\r\n\r\nEvent: Hangup\r\nChannel: \w+/201-[0-9a-f]+\r\nUniqueid", recording)
    check(f"so did it a caller's own, {NAME}", by_caller is not None)


def said():
    """what astctid's log says"""
    with open(LOG, encoding="utf-8") as file:
        lines = file.read().splitlines()
    warned = [line for line in lines if "has a line end in it" in line]
    check(f"the log names who forges, and what to do, once, {NAME}", len(warned) == 1 and "eventfilter" in warned[0], len(warned))
    # 0 channels that were believed to be over; those of doubtful ends are told as such.
    check(f"astctid stayed connected, {NAME}", sum("AMI connected" in line for line in lines) == 1)


sys.exit(not run([told, smuggled, said]))
