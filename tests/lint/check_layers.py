#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may include whom. The tables are the architecture: a new row is a decision.

check_layers.py ROOT
"""
import re

import tree

# What a folder may include of ours besides itself: "folder/" is all of it with its rooms, else one header.
# Includes are written from the top of the repository.
ROOMS = {
    "protocol": set(),
    "protocol/rules": {"protocol/"},
    "daemon/base": set(),
    "daemon/event": {"daemon/base/"},
    "daemon/net": {"daemon/base/", "daemon/event/"},
    "daemon/accounts": {"daemon/base/", "daemon/event/"},
    "daemon/config": {
        "daemon/accounts/mysql_server.hpp",
        "daemon/base/",
        "protocol/number_rules.hpp",
        "protocol/number_rules_reader.hpp",
    },
    # utf8.hpp: one decoder of UTF-8 instead of two.
    "daemon/ami": {"daemon/base/", "daemon/event/", "daemon/net/", "protocol/utf8.hpp"},
    # The administrator's socket knows nothing of what is asked for: daemon/recording answers.
    "daemon/control": {"daemon/base/", "daemon/event/", "daemon/net/"},
    "daemon/calls": {
        "daemon/ami/byte_marks.hpp",
        "daemon/ami/key.hpp",
        "daemon/ami/name_index.hpp",
        "daemon/ami/packet.hpp",
        "daemon/ami/text.hpp",
        "protocol/utf8.hpp",
    },
    "daemon/routing": {"daemon/calls/", "daemon/clients/session_table.hpp", "protocol/"},
    "daemon/clients": {
        "daemon/base/",
        "daemon/event/",
        "daemon/net/",
        "daemon/accounts/login.hpp",
        "daemon/accounts/store.hpp",
        "protocol/",
    },
    # A recording is made anonymous by who asked for it, not by the daemon.
    "daemon/ctl": {
        "daemon/accounts/",
        "daemon/ami/anonymous.hpp",
        "daemon/ami/recording_summary.hpp",
        "daemon/base/",
        "daemon/config/",
        "daemon/net/address.hpp",
        "protocol/json.hpp",
        "protocol/utf8.hpp",
    },
    "daemon": {"daemon/", "protocol/"},
    "desktop-agent/log": {"protocol/utf8.hpp"},
    "desktop-agent/loop": set(),
    "desktop-agent/calls": {"protocol/"},
    "desktop-agent/link": {"desktop-agent/log/", "desktop-agent/loop/", "protocol/"},
    "desktop-agent/rules": {"desktop-agent/calls/", "protocol/"},
    "desktop-agent/launch": {"desktop-agent/log/", "desktop-agent/rules/"},
    "desktop-agent/why": {"protocol/"},
    "desktop-agent/demo": {"desktop-agent/link/server_link.hpp", "desktop-agent/loop/", "protocol/"},
    "desktop-agent/notify": {"desktop-agent/calls/", "desktop-agent/log/", "desktop-agent/loop/", "protocol/"},
    "desktop-agent/bus": {"desktop-agent/calls/", "desktop-agent/log/", "desktop-agent/why/", "protocol/"},
    "desktop-agent": {"desktop-agent/", "protocol/"},
    "demo/listeners": set(),
    "tests": {"daemon/", "desktop-agent/", "protocol/", "tests/"},
}

# Headers that the build writes: included without a folder, by these rooms and the tests.
GENERATED = {
    "config.h": {"daemon/config", "daemon/clients", "daemon/ctl", "daemon", "desktop-agent/bus", "desktop-agent"},
    "astcti_xsd.hpp": {"daemon/config"},
    "rules_xsd.hpp": {"protocol/rules"},
    "astcti_events_xsd.hpp": set(),
    **{f"{driver}_000{number}.hpp": {"daemon/accounts"} for driver in ("sqlite", "mysql") for number in (1, 2, 3)},
    "org_astcti_Agent1.hpp": {"desktop-agent/bus"},
    "org_astcti_Agent1_Call.hpp": {"desktop-agent/bus"},
}

# A foreign library is known to few rooms: "folder/" with all below it, else one file. The first row that
# fits counts; a library without a row is refused.
LIBRARIES = [
    (r"sqlite3\.h", {"daemon/accounts/sqlite.cpp"}),
    (r"(mysql|errmsg|mysqld_error)\.h", {"daemon/accounts/mysql.cpp"}),
    (r"openssl/(bio|err|pem|ssl|x509v3)\.h",
     {"daemon/net/tls_certificate.cpp", "daemon/net/tls_server.cpp", "daemon/net/tls_stream.cpp"}),
    (r"openssl/.*", {"daemon/base/"}),
    (r"crypt\.h", {"daemon/base/", "daemon/accounts/"}),
    (r"systemd/sd-event\.h", {"daemon/event/"}),
    (r"systemd/sd-daemon\.h", {"daemon/"}),
    (r"libxml/.*", {"protocol/", "daemon/config/"}),
    (r"libsecret/.*", {"desktop-agent/secret_service.cpp"}),
    (r"CLI/.*", {"daemon/main.cpp", "daemon/ctl/"}),
    (r"fmt/.*", {"daemon/", "desktop-agent/"}),
    # The processor's and the compiler's own: each behind an #ifdef, with the same in plain C++ beside it.
    (r"emmintrin\.h", {"daemon/ami/byte_marks.hpp", "daemon/ami/packet_shape.cpp"}),
    (r"malloc\.h", {"daemon/base/memory.hpp", "desktop-agent/agent.cpp", "desktop-agent/main.cpp"}),
    (r"sanitizer/asan_interface\.h", {"daemon/ami/read_buffer.cpp"}),
    (
        r"(giomm|glibmm|sigc\+\+|gio|glib)(/.*|\.h)|glib-unix\.h",
        {
            "desktop-agent/link/",
            "desktop-agent/log/",
            "desktop-agent/loop/",
            "desktop-agent/launch/",
            "desktop-agent/notify/",
            "desktop-agent/bus/",
            "desktop-agent/demo/demo_link.cpp",
            "demo/listeners/",
            "desktop-agent/*",
        },
    ),
]

# Rooms that only decide: values in, values out, the time an argument.
PURE = ["protocol", "protocol/rules", "daemon/calls", "daemon/routing", "desktop-agent/calls", "desktop-agent/why"]
IMPURE = re.compile(
    r"(sys|netinet|arpa|linux)/.*|(unistd|fcntl|netdb|poll|signal|syslog|termios)\.h"
    r"|csignal|filesystem|fstream|iostream|cstdio|future|mutex|random|thread|condition_variable"
)
# The C library of the rest.
SYSTEM = re.compile(
    r"(sys|netinet|arpa|linux|net)/.*"
    r"|(fcntl|getopt|grp|locale|netdb|poll|pty|pwd|sched|signal|spawn|strings|sysexits|syslog|termios|time|unistd)\.h"
)
STANDARD = re.compile(r"[a-z_]+")  # <vector>, <cstdint>: a C++ header has neither dot nor slash

INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def room_of(path):
    """The row of a folder: its own, and nothing else, so that a new room needs a row of its own."""
    folder = path.rsplit("/", 1)[0]
    if folder == "tests" or folder.startswith("tests/"):
        return "tests"
    return folder if folder in ROOMS else None


def allows(rules, path):
    """Does one of the rules ("folder/", "folder/*" without its rooms, or a file) fit this path?"""
    for rule in rules:
        if rule.endswith("/*"):
            if path.rsplit("/", 1)[0] == rule[:-2]:
                return True
        elif path.startswith(rule) if rule.endswith("/") else path == rule:
            return True
    return False


def own_include_problem(root, room, header):
    if header in GENERATED:
        if room != "tests" and room not in GENERATED[header]:
            return f"{room}/ may not include the generated {header}"
        return None
    if not (root / header).is_file():
        return f'no "{header}" at the top of the repository: includes are written from there'
    if header.rsplit("/", 1)[0] == room or allows(ROOMS[room], header):
        return None
    return f"{room}/ may not include {header}"


def foreign_include_problem(room, path, header):
    if room in PURE and IMPURE.fullmatch(header):
        return f"{room}/ is pure: it may not include <{header}>"
    if STANDARD.fullmatch(header):
        return None
    if room == "tests":
        return None
    for pattern, rules in LIBRARIES:
        if re.fullmatch(pattern, header):
            return None if allows(rules, path) else f"{path} may not include <{header}>"
    if SYSTEM.fullmatch(header):
        return None
    return f"no row for the library of <{header}> in {__file__.rsplit('/', 1)[-1]}"


def problems(root):
    seen = 0
    for file in tree.files(root, tree.CPP):
        seen += 1
        path = file.relative_to(root).as_posix()
        room = room_of(path)
        if room is None:
            yield f"{path}:1: no row for this folder in {__file__.rsplit('/', 1)[-1]}"
            continue
        for number, line in enumerate(tree.lines(file), 1):
            if found := INCLUDE.match(line):
                own, foreign = found.groups()
                problem = (
                    own_include_problem(root, room, own)
                    if own
                    else foreign_include_problem(room, path, foreign)
                )
                if problem:
                    yield f"{path}:{number}: {problem}"
    if not seen:
        yield f"{root}: no C++ files: is this the top of the repository?"


if __name__ == "__main__":
    tree.run(problems)
