# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes of an AMI connection as packets, and their text made fit to be shown."""
from dataclasses import dataclass, field

BANNER = "Asterisk Call Manager/"
MAX_HEADER_SIZE = 16384
MAX_HEADERS = 512
MAX_PACKET_SIZE = 65536
MAX_TEXT_SIZE = 512
CORE_KEYS = {
    "event", "response", "channel", "uniqueid", "linkedid", "destchannel", "destuniqueid", "destlinkedid",
    "bridgeuniqueid", "privilege",
}  # fmt: skip
ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
           "\\": "\\", "'": "'", '"': '"', "?": "?"}
HIDDEN = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF}


@dataclass
class Packet:
    """Values are raw: one character for each byte."""
    headers: list = field(default_factory=list)
    is_banner: bool = False

    def __post_init__(self):
        self.first = {}
        for key, value in self.headers:
            self.first.setdefault(key.lower(), value)

    def has(self, key):
        return key.lower() in self.first

    def raw(self, key):
        return self.first.get(key.lower(), "")

    def text(self, key):
        return clean(self.raw(key))

    def all(self, key):
        return [value for name, value in self.headers if name.lower() == key.lower()]

    @property
    def event(self):
        return self.raw("Event")

    @property
    def escapes(self):
        return any(key.endswith("linkedid") for key in self.first)


def packets(data):
    """Every packet of the bytes that is whole and well-formed, in order; a banner is one of its own."""
    size, headers, good = 0, [], True
    lines = data.decode("latin-1").split("\n")
    for line in lines[:-1]:  # what follows the last line end is not a line yet
        line_size = len(line) + 1
        line = line.removesuffix("\r")
        if line.startswith(BANNER):
            yield Packet(is_banner=True)
            size, headers, good = 0, [], True
        elif line:
            size += line_size
            key, colon, value = line.partition(":")
            if not colon or not key or len(line) > MAX_HEADER_SIZE or len(headers) >= MAX_HEADERS:
                good = False
            headers.append((key, value.removeprefix(" ")))
        elif size:
            if good and size + line_size <= MAX_PACKET_SIZE and not repeats_core_key(headers):
                yield Packet(headers)
            size, headers, good = 0, [], True


def repeats_core_key(headers):
    seen = set()
    for key, _ in headers:
        key = key.lower()
        if key in CORE_KEYS and key in seen:
            return True
        seen.add(key)
    return False


def unescape(raw):
    result, index = "", 0
    while index < len(raw):
        if raw[index] == "\\" and raw[index + 1:index + 2] in ESCAPES:
            result += ESCAPES[raw[index + 1]]
            index += 2
        else:
            result += raw[index]
            index += 1
    return result


def clean(raw):
    if raw in ("", "<unknown>", "<null>"):
        return ""
    if raw.isascii() and raw.isprintable():
        return raw
    try:
        text = raw.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        text = raw
    return "".join(" " if letter in "\n\t" else letter for letter in text if is_shown(letter))


def is_shown(letter):
    code = ord(letter)
    if letter in "\n\t":
        return True
    return not (code < 0x20 or 0x7F <= code < 0xA0 or code in HIDDEN)


def cut(text):
    return text.encode()[:MAX_TEXT_SIZE].decode(errors="ignore")
