#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of a fuzzer: seeds.py NAME RECORDINGS DIRECTORY. They are pieces of what real Asterisks sent
(tests/data/ami), what has been wrong with such bytes before, and what clients say."""
import pathlib
import re
import sys

PIECE = 900  # bytes: a few packets
MANY = b"\x7f"  # as in packet_parser.cpp

ODD_PACKETS = (
    b"Event: Hangup\r\nUniqueid: 1.1\r\nUniqueid: 1.2\r\n\r\n",
    b"Event: Newexten\r\nAppData: x\r\n\r\nEvent: Hangup\r\nChannel: PJSIP/201-00000001\r\n\r\n",
    b"\r\n\r\nEvent: A\r\n\nEvent: B\n\nEvent: C\r\n\r\n\r\n\nEvent: D\n\r\n",
    b"\x00\xff\xfe no colon\r\n\r\n: no key\r\n\r\nResponse:\r\n\r\n",
    b"Event: X\r\nValue: " + MANY * 2 + b"\r\n\r\nEvent: Y\r\n\r\n",
    b"Event: VarSet\r\nValue: " + MANY * 9 + b"\r\n\r\nEvent: Y\r\n\r\n",
    b"Event: X\r\n" + b"a: b\r\n" * 130 + b"\r\n",
    b"\r\r\n\r\n\rEvent: E\r\r\n\r\r\n\r\n",
)
TEXTS = (b"O\\'Brien", b"a\\r\\nb", b"\\\\n", b"M\xfcller \xff\xfe", "Müller ‮x⁦".encode(), b"\xed\xa0\x80", b"<unknown>",
         b"\xc0\x80\xf4\x90\x80\x80", b"\a\b\f\n\r\t\v\\'\"?", b"\xef\xbf\xbf\xc2\x85")
FIELDS = ((b"astcti-1", b"PJSIP/201", b"demo", b"100", b"201", b"astcti-1-1.1"),
          (b"1\r\nAction: Ping", b"300&Zap/g1", b"x\r\n\r\nAction: Command", b"${SHELL(id)}", b"a\x00b", b"\xff\xfe"))


def recordings(directory):
    for file in sorted(pathlib.Path(directory).glob("asterisk-*/*.txt")):
        yield re.sub(rb"\AAsterisk Call Manager[^\n]*\n", b"", file.read_bytes())


def pieces(directory):
    """Of each recording one, from another place in each."""
    for number, recording in enumerate(recordings(directory)):
        begin = recording.find(b"\r\n\r\nEvent: ", number * 997 % max(1, len(recording) - PIECE)) + 4
        yield recording[begin:begin + PIECE]


def whole_calls(directory):
    """What is said of channels, most of it left out."""
    for recording in list(recordings(directory))[::9]:
        packets = re.findall(rb"Event: (?:Newchannel|Newstate|Dial|Bridge|Hangup|Queue|CoreShow)[^\n]*\r\n(?:.+\r\n)+\r\n",
                             recording)
        keep = rb"(?m)^(?!Event|Channel|Uniqueid|Linkedid|Dest|Bridge|Exten|ConnectedLineNum|DialStatus|Cause:).*\n"
        yield b"".join(re.sub(keep, b"", packet) + b"\r\n" for packet in packets)[:4000]


def step(what, argument=0, client=0, text=b""):
    """As in session.cpp."""
    return bytes((client + 4 * what, argument)) + text


def say(text, client=0):
    return b"".join(step(2, len(text[at:at + 60]), client, text[at:at + 60]) for at in range(0, len(text), 60))


def conversations():
    """Those of PROTOCOL.md, by clients that keep to it and by others."""
    connect, drop, ready_line, later, reads, event, trouble = 0, 1, 4, 5, 6, 7, 8
    native = step(connect) + step(ready_line, 0)
    login = native + step(ready_line, 2) + step(later, 12)
    events = step(event) + step(event, 1) + step(event, 2)
    lines = range(6, 12)
    yield login + events + b"".join(step(ready_line, line) + step(later, 12) for line in lines)
    yield step(connect, 1) + say(b"HELO 2\n@a AUTH EXTERNAL\n") + step(later, 12) + events + say(b"QUIT\n")
    yield step(connect) + step(ready_line, 5) + step(later, 12) + events * 3 + say(b"ORIG 201|demo|1\nDANCE\n")
    # The way back: after a drop, a goodbye, a kill; and a token that is used twice.
    for how in (step(drop), step(trouble, 3), step(trouble, 4)):
        yield login + how + native + step(ready_line, 4) + step(later, 12) + step(connect, 0, 1) + say(b"HELO 2\n", 1) \
            + step(ready_line, 4, 1) + step(later, 12)
    # A slow reader, and what is heard of it; wrong passwords; lines that are too long, halves, no text.
    yield login + step(reads, 200) + step(event, 240) * 2 + say(b"CALLS\n") + step(reads, 0) + step(later, 50)
    yield step(connect, 4) + say(b"HELO 2\n") + step(ready_line, 2) + step(later, 12) + step(event, 240) * 4 + step(later, 80)
    yield native + (step(ready_line, 3) + step(later, 12)) * 3
    yield step(connect, 2) + step(ready_line, 58) + step(connect, 2, 1) + say(b"NOO", 1) + step(later, 50) + say(b"P\n", 1)
    yield native + say(b"@x NO\x00OP\n@ \n\xff\n\r\n@" + b"t" * 33 + b" NOOP\n") + step(trouble, 1) + step(ready_line, 2)


def seeds(name, directory):
    if name == "packet_parser":
        for number, packets in enumerate((*ODD_PACKETS, *pieces(directory))):
            yield bytes((number % 2 + (0xF0 if MANY in packets else 0), 0, 7 + number % 100, 1, 200)) + packets
    elif name == "text":
        yield from TEXTS
    elif name == "session":
        yield from conversations()
    elif name == "action":
        for fields in FIELDS:
            yield b"".join(bytes((len(field),)) + field for field in fields)
    else:
        # A call that is dialled, rings, is answered, ends; a bridge; a list meanwhile.
        begin, dial, enter, list_item = b"\0\0%c\xff\1\0", b"\0\x08\2%c\1\0", b"\0\x0d%c\xff\3\1", b"\0\x21%c\xff\3\1"
        yield b"\0" + begin % 2 + begin % 0 + dial % 0 + enter % 2 + enter % 0 + b"\0\x20\0\xff\3\1"
        yield b"\1\xfe" + list_item % 0 + begin % 1 + list_item % 3 + b"\xfd" + b"\0\x19\0\2\1\0"
        # An end that is not true: two lists have it all the same; and one that is doubtful.
        end = b"\0\x20%c\xff\x02\0"
        yield b"\0" + begin % 0 + end % 0 + (b"\xfe" + list_item % 0 + b"\xfd") * 2 + b"\xfc" + end % 0 + b"\xfe\xfd"
        for packets in (*ODD_PACKETS[:3], *whole_calls(directory)):
            yield b"\2" + packets


def main():
    name, directory, into = sys.argv[1:]
    out = pathlib.Path(into)
    out.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name, directory)):
        (out / f"seed-{number:03}").write_bytes(seed)


if __name__ == "__main__":
    main()
