# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Free ports, so that the demo runs beside whatever is there.
#
#   free_ports COUNT   that many different ports on one line, each free for TCP and UDP on all
#                      addresses. Below the range the kernel gives to outgoing connections, and
#                      chosen at random, so that two runs at once do not get the same ones.
#   udp_bound PORT     does somebody on this machine have that UDP port?

free_ports() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import random, socket, sys

held, ports = [], []
while len(ports) < int(sys.argv[1]):
    port = random.randrange(20000, 32000)
    try:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            probe = socket.socket(socket.AF_INET, kind)
            held.append(probe)
            probe.bind(("", port))
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
