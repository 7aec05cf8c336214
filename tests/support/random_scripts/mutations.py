# SPDX-License-Identifier: GPL-3.0-or-later
"""What may go wrong with a stream of events, and what somebody may do to it."""
from random_scripts.asterisk import Event

LEVELS = ("none", "light", "heavy", "hostile")
SAFE_TO_CUT = ("Event", "Response", "Message")
TEXTS = (
    "", "<unknown>", "\\", "a\\", '\\"', "\\n\\n", "x" * 300, "é" * 300, "\u202eevil", "\ufffe", "a\tb", "a\x07b\x7f",
    b"M\xfcller \xff\xfe", b"\xc3", "Local/1@x-1;1", "s", "none", "-", "a b", '"', "{CALLERID}", "$(reboot)",
    "Asterisk Call Manager/1.0", "calldata=1", "  ", "y" * 20000,
)  # fmt: skip
TEXT_KEYS = ("CallerIDName", "CallerIDNum", "ConnectedLineName", "ConnectedLineNum", "Value", "Context", "Exten",
             "ChanVariable", "Queue", "DestCallerIDName", "DestExten", "CallerID", "Extension", "AppData",
             "DialStatus", "Cause", "ChannelStateDesc", "Linkedid", "BridgeUniqueid", "BridgeTechnology",
             "Forward", "Newname", "Variable", "CID-CallingPres")


def mutate(rng, events, level):
    """The lists stay as they are: what they say is true, and they say it in one piece."""
    if level == "none":
        return events
    rate = {"light": 2, "heavy": 12, "hostile": 12}[level]
    kinds = [drop, double, double_later, swap]
    if level != "light":
        kinds += [lose_header, wrong_pair, unknown_channel]
    if level == "hostile":
        kinds += [hostile_text, hostile_text, smuggled_header, no_colon, untrue_end]
    result, later = [], []
    for event in events:
        if is_of_a_list(event) or rng.randrange(100) >= rate:
            result.append(event)
            if level == "hostile" and event.name == "CoreShowChannelsComplete" and rng.randrange(2):
                result += last_list(result)
        else:
            rng.choice(kinds)(rng, event, events, result, later)
        if later and rng.randrange(100) < 20 and not in_a_list(result):
            result.append(later.pop(0))
    return result


def is_of_a_list(event):
    return event.headers[0][0] == "Response" or event.name in (
        "CoreShowChannel", "CoreShowChannelsComplete", "Status", "StatusComplete", "BridgeListItem",
        "BridgeListComplete")


def in_a_list(result):
    return bool(result) and is_of_a_list(result[-1]) and not result[-1].name.endswith("Complete")


def last_list(result):
    """The one that has just ended, once more: what is said to have ended comes back by the second."""
    begin = max(index for index, event in enumerate(result) if event.headers[0][0] == "Response")
    return result[begin:]


def changed(event, headers):
    return Event(headers, event.channels, event.call)


def drop(_, __, ___, ____, _____):
    pass


def double(_, event, __, result, ___):
    result += [event, event]


def double_later(_, event, __, result, later):
    result.append(event)
    later.append(event)


def swap(_, event, __, result, ___):
    """With its neighbour before it."""
    if result and not is_of_a_list(result[-1]):
        result.insert(len(result) - 1, event)
    else:
        result.append(event)


def lose_header(rng, event, _, result, __):
    index = rng.randrange(1, len(event.headers)) if len(event.headers) > 1 else 0
    kept = [header for number, header in enumerate(event.headers) if number != index or header[0] in SAFE_TO_CUT]
    result.append(changed(event, kept))


def wrong_pair(rng, event, events, result, _):
    """The Channel of one, the Uniqueid of another."""
    ids = [value for other in rng.sample(events, min(4, len(events))) for key, value in other.headers
           if key in ("Uniqueid", "DestUniqueid")]
    key = rng.choice(("Uniqueid", "DestUniqueid"))
    headers = [(name, rng.choice(ids) if name == key and ids else value) for name, value in event.headers]
    result.append(changed(event, headers))


def unknown_channel(rng, event, _, result, __):
    number = rng.randrange(10 ** 6)
    headers = [(name, f"{value}{number}" if name in ("Channel", "Uniqueid", "Uniqueid1") else value)
               for name, value in event.headers]
    result += [changed(event, headers), event] if event.name != "Newchannel" else [event]


def hostile_text(rng, event, _, result, __):
    places = [index for index, (name, _) in enumerate(event.headers) if name in TEXT_KEYS]
    headers = list(event.headers)
    if places:
        place = rng.choice(places)
        text = rng.choice(TEXTS)
        if headers[place][0] == "ChanVariable" and isinstance(text, str):
            text = "calldata=" + text
        headers[place] = (headers[place][0], text)
    result.append(changed(event, headers))


def smuggled_header(rng, event, _, result, __):
    """A line end in a value: further headers, some of which are there already."""
    extra = rng.choice((("Uniqueid", "1.1"), ("Channel", "PJSIP/201-1"), ("Event", "Hangup"), ("X-Any", "thing"),
                        ("calldata", "999"), ("Privilege", "call,all")))
    at = rng.randrange(1, len(event.headers) + 1)
    result.append(changed(event, event.headers[:at] + [extra] + event.headers[at:]))


def no_colon(_, event, __, result, ___):
    result.append(changed(event, event.headers + [("X", "1\r\nno header at all")]))


def untrue_end(_, event, __, result, ___):
    """A caller who knows which channel it is says that it is over."""
    headers = dict(event.headers)
    result.append(event)
    if "Channel" in headers and "Uniqueid" in headers:
        result.append(changed(event, [("Event", "Hangup"), ("Channel", headers["Channel"]),
                                      ("Uniqueid", headers["Uniqueid"]), ("Cause", "16")]))
