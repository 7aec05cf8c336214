# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole script: some calls at once, told one event after the other, and a list of all channels at the end."""
import random

from random_scripts import mutations
from random_scripts.asterisk import BANNERS, Asterisk, Event
from random_scripts.rare import Rare

EVERYWHERE = ("direct", "direct", "ivr", "queue", "forked", "contacts", "trunk_out", "auto_answered",
              "three_calls_at_once", "redirected", "failed_originate")
MODERN = (*EVERYWHERE, "queue", "locals", "locals", "forwarded", "blind", "attended", "attended", "parked",
          "picked_up", "conference", "agents", "originated", "three")
OLD = (*EVERYWHERE, "renamed", "renamed", "old_blind", "old_pickup")
VERSIONS = ("22", "22", "22", "11", "1.8", "1.4")
END_OF_SCRIPT = b"Event: EndOfScript\r\n\r\n"


def generate(seed, level="none", most_calls=6, only=None):
    """Events and truth (Expect packets) of the script of that number. level is one of mutations.LEVELS."""
    rng = random.Random(seed)
    version = rng.choice([version for version in VERSIONS
                          if only is None or only in (MODERN if version == "22" else OLD)])
    asterisk = Asterisk(rng, version, with_lists=rng.randrange(100) < 30)
    calls = []
    for index in range(rng.randint(1, most_calls)):
        call = Rare(asterisk, index)
        kind = only if only else rng.choice(MODERN if asterisk.is_modern else OLD)
        getattr(call, kind)()
        calls.append(call)
    events = interleaved(rng, calls, asterisk, may_lose=level != "none")
    events = mutations.mutate(rng, events, level)
    truth = [headers for call in calls for headers in call.truth] if level == "none" else []
    return version, events, [Event(headers) for headers in truth]


def interleaved(rng, calls, asterisk, may_lose):
    """The order within a call stays. Lists come in between, with what is there at that moment; the connection may be
    lost for a while, and begins anew with one."""
    rest = [list(reversed(call.events)) for call in calls]
    present, events = {}, []
    lost = 0
    while any(rest):
        index = rng.choice([index for index, events_left in enumerate(rest) if events_left])
        for _ in range(min(rng.randint(1, 4), len(rest[index]))):
            event = rest[index].pop()
            present[event.call] = event.channels
            if not lost:
                events.append(event)
        if lost:
            lost -= 1
            if not lost:
                events.append(Banner(asterisk.version))
                events += channel_list(asterisk, [channel for channels in present.values() for channel in channels])
        elif may_lose and asterisk.with_lists and rng.randrange(100) < 2:
            lost = rng.randint(1, 10)
        elif asterisk.with_lists and rng.randrange(100) < 3:
            events += channel_list(asterisk, [channel for channels in present.values() for channel in channels])
    return events


class Banner(Event):
    """A new connection."""

    def __init__(self, version):
        super().__init__([("Response", "Success"), ("Message", "Authentication accepted")])
        self.version = version

    def encode(self):
        return banner(self.version) + super().encode()


def banner(version):
    return f"Asterisk Call Manager/{BANNERS[version]}\r\n".encode()


def channel_list(asterisk, channels):
    """The answers to BridgeList and CoreShowChannels; in 1.4 to Status."""
    if asterisk.is_modern:
        bridges = {channel.bridge.id: channel.bridge for channel in channels if channel.bridge}
        yield answer("Bridge listing will follow")
        for bridge in bridges.values():
            yield Event([("Event", "BridgeListItem"), ("BridgeUniqueid", bridge.id),
                         ("BridgeTechnology", bridge.technology), ("BridgeCreator", bridge.creator)])
        yield Event([("Event", "BridgeListComplete"), ("EventList", "Complete")])
    is_first = asterisk.version == "1.4"
    yield answer("Channel status will follow" if is_first else "Channels will follow")
    for channel in channels:
        yield item(asterisk, channel)
    yield Event([("Event", "StatusComplete" if is_first else "CoreShowChannelsComplete"), ("EventList", "Complete"),
                 ("ListItems", str(len(channels)))])


def answer(message):
    return Event([("Response", "Success"), ("ActionID", "list"), ("EventList", "start"), ("Message", message)])


def item(asterisk, channel):
    if asterisk.is_modern:
        from random_scripts.asterisk import Teller
        headers = Teller(asterisk, 0).snapshot(channel)
        return Event([("Event", "CoreShowChannel"), ("ActionID", "list"), *headers,
                      ("Application", channel.application), ("BridgeId", channel.bridge.id if channel.bridge else "")])
    partner = channel.partner
    if asterisk.version == "1.4":
        link = [("Link", partner.name)] if partner else []
        return Event([("Event", "Status"), ("Privilege", "Call"), ("Channel", channel.name),
                      ("CallerID", channel.number or "<unknown>"), ("CallerIDName", channel.person or "<unknown>"),
                      ("State", channel.state), *link, ("Uniqueid", channel.uniqueid), ("ActionID", "list")])
    return Event([("Event", "CoreShowChannel"), ("ActionID", "list"), ("Channel", channel.name),
                  ("UniqueID", channel.uniqueid), ("Context", channel.context), ("Extension", channel.extension),
                  ("ChannelStateDesc", channel.state), ("Application", channel.application),
                  ("CallerIDnum", channel.number), ("CallerIDname", channel.person),
                  ("ConnectedLineNum", channel.connected[0]), ("ConnectedLineName", channel.connected[1]),
                  ("BridgedChannel", partner.name if partner else ""),
                  ("BridgedUniqueID", partner.uniqueid if partner else "")])


def last_list(version):
    """Nothing is left: what the model still has is gone."""
    is_first = version == "1.4"
    return [answer("Channel status will follow" if is_first else "Channels will follow"),
            Event([("Event", "StatusComplete" if is_first else "CoreShowChannelsComplete")])]


def encode(version, events, truth=()):
    """The bytes of one script, as one connection would bring them."""
    packets = [Banner(version), *truth, *events, *last_list(version)]
    return b"".join(event.encode() for event in packets) + END_OF_SCRIPT
