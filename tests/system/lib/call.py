#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what the parts wrote down during tests/system/call. Usage: call.py LOG_DIRECTORY"""
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

import checks

LOGS = sys.argv[1]
HOSTILE = "<b>&\"'$(reboot) X"  # the line break is one space, and nothing else of it is left
ANSWERED = [  # number, name, calldata, queue, called
    ("202", "Demo 202", "12345", "", "100"),
    ("202", "Demo 202", "54321", "astcti", "101"),
    ("202", HOSTILE, "11111", "", "110"),
]
PROPERTIES = {
    "Id", "Pbx", "UniqueId", "LinkedId", "Direction", "State", "EndReason", "Cause", "OwnNumber", "OwnName",
    "PeerNumber", "PeerName", "PeerUniqueId", "Presentation", "Internal", "CalledNumber", "Channel", "Devices", "AnsweredBy", "Context", "Queue",
    "CallData", "Variables", "StartTime", "AnswerTime", "EndTime",
}


def lines_of(name):
    with open(os.path.join(LOGS, name), encoding="utf-8") as file:
        return file.read().splitlines()


def wire():
    """the wire"""
    events = [ElementTree.fromstring(line) for line in lines_of("wire.log") if line.startswith("<")]
    checks.check("wire: every event is numbered", [int(event.get("seq")) for event in events] ==
                 list(range(1, len(events) + 1)), [event.get("seq") for event in events])
    calls = {}
    for event in events:
        if event.get("call"):
            calls.setdefault(event.get("call"), []).append(event)
    checks.check("wire: four calls", len(calls) == 4, list(calls))
    told = [[event.tag for event in call] for call in calls.values()]
    checks.check("wire: the answered calls ring, are answered, end",
                 told[:3] == [["Ringing", "Answered", "Ended"]] * 3, told)
    checks.check("wire: the call that nobody answers rings and ends", told[3:] == [["Ringing", "Ended"]], told)
    for events_of, (number, name, calldata, queue, called) in zip(calls.values(), ANSWERED):
        wanted = {"direction": "inbound", "peer-number": number, "peer-name": name, "calldata": calldata,
                  "called-number": called, "context": "astctidemo"}
        if queue:
            wanted["queue"] = queue
        for event in events_of:
            found = {element.tag: element.text for element in event if element.tag in wanted or element.tag == "queue"}
            checks.check(f"wire: {event.tag} of the call to {called}", found == wanted, found)
    reasons = [call[-1].findtext("end-reason") for call in calls.values()]
    checks.check("wire: how they ended", reasons == ["normal"] * 3 + ["no-answer"], reasons)


def signals():
    found = []
    for line in lines_of("listener.log"):
        if '"interface":"org.astcti.Agent1"' in line:
            message = json.loads(line)
            data = message["payload"]["data"]
            found.append((message["member"], {key: value["data"] for key, value in data[-1].items()}))
    return found


def session_bus():
    """D-Bus"""
    found = signals()
    checks.check("D-Bus: each signal has every property", all(set(call) == PROPERTIES for _, call in found),
                 [sorted(PROPERTIES ^ set(call)) for _, call in found])
    ids = list(dict.fromkeys(call["Id"] for _, call in found))
    checks.check("D-Bus: four calls", len(ids) == 4, ids)
    for call_id, (number, name, calldata, queue, called) in zip(ids, ANSWERED):
        told = [(member, call["State"]) for member, call in found if call["Id"] == call_id]
        wanted = [("CallAdded", "ringing"), ("CallChanged", "answered"), ("CallChanged", "ended"),
                  ("CallRemoved", "ended")]
        checks.check(f"D-Bus: signals of the call to {called}", told == wanted, told)
        parties = {(call["PeerNumber"], call["PeerName"], call["CallData"], call["Queue"], call["CalledNumber"])
                   for _, call in found if call["Id"] == call_id}
        checks.check(f"D-Bus: properties of the call to {called}", parties == {(number, name, calldata, queue, called)},
                     parties)
    ends = [call["EndReason"] for member, call in found if member == "CallRemoved"]
    checks.check("D-Bus: how they ended", sorted(ends) == ["no-answer"] + ["normal"] * 3, ends)


def notifications():
    """notifications"""
    # A body may have line breaks: an entry goes on until the next time stamp.
    entries = re.split(r"^\d+\.\d+ ", "\n".join(lines_of("notifications.log")), flags=re.MULTILINE)
    notify = [entry.removeprefix("Notify ") for entry in entries if entry.startswith("Notify ")]
    closed = [entry.split()[1] for entry in entries if entry.startswith("CloseNotification ")]
    checks.check("notifications: two for each answered call, and that the other rings and was missed",
                 len(notify) == 8 and '"Missed call"' in notify[-1], notify)
    for index, (number, name, calldata, _, called) in enumerate(ANSWERED):
        shown = notify[2 * index: 2 * index + 2]
        replaced = [re.match(r'"[^"]*" (\d+) ', text)[1] for text in shown]
        checks.check(f"notifications: of the call to {called} the second replaces the first",
                     replaced[0] == "0" and replaced[1] != "0", replaced)
        escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        body = shown[0].replace("\\\"", '"').replace("&quot;", '"').replace("&apos;", "'").replace("&#39;", "'")
        checks.check(f"notifications: the call to {called} tells who and what",
                     all(text in body for text in (number, escaped, calldata)), shown[0])
        checks.check(f"notifications: of the call to {called} nothing stays", replaced[1] in closed, closed)
    checks.check("notifications: nothing of a caller is markup", not any("<b>" in text for text in notify), notify)


def program():
    """the program"""
    started = [json.loads(line) for line in lines_of("program.log")]
    checks.check("program: started once for each answered call", len(started) == 3, started)
    for arguments, (number, name, calldata, _, called) in zip(started, ANSWERED):
        checks.check(f"program: the call to {called} is six words",
                     arguments[:4] == [number, name, calldata, "astctidemo"] and len(arguments) == 6
                     and arguments[4].startswith("PJSIP/201-"), arguments)


def logs():
    """logs"""
    text = "\n".join(lines_of("astctid.log"))
    checks.check("astctid: no crash, no sanitizer report", "ERROR: " not in text and "runtime error" not in text, text[-500:])
    checks.check("astctid: it ended cleanly", text.endswith("stopped"), text[-200:])


sys.exit(not checks.run([wire, session_bus, notifications, program, logs]))
