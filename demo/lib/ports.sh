# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Free ports, so that the demo runs beside whatever is there.
#
#   free_ports COUNT   that many different ports on one line, each free for TCP and UDP on all
#                      addresses, and so are the three after it (sipp takes some of them for sound
#                      and video). Below the range the kernel gives to outgoing connections, and
#                      chosen at random, so that two runs at once do not get the same ones.
#                      ASTCTI_PORTS=20000-20999 says where to choose them.
#   udp_bound PORT     does somebody on this machine have that UDP port?

free_ports() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import os, random, socket, sys

first, last = map(int, os.environ.get("ASTCTI_PORTS", "20000-31999").split("-"))
blocks = list(range((first + 3) // 4, (last + 1) // 4))
random.shuffle(blocks)
held, ports = [], []
while len(ports) < int(sys.argv[1]):
    if not blocks:
        sys.exit(f"no free ports between {first} and {last}")
    port = blocks.pop() * 4
    try:
        for each in range(port, port + 4):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                probe = socket.socket(socket.AF_INET, kind)
                held.append(probe)
                probe.bind(("", each))
    except OSError:
        continue
    ports.append(port)
print(*ports)
PYTHON
}

udp_bound() {
    local hex
    printf -v hex ':%04X ' "$1"
    grep -qs -- "$hex" /proc/net/udp /proc/net/udp6
}
