#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the table of what may go wrong between the daemon and Asterisk, with the times that this machine takes; what is
right and wrong is decided by faults_test.py. Usage: fault_table.py ASTCTID ASTCTICTL [ROW...]"""
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from astctid import Asterisk, Astctid  # noqa: E402
from own_network import Loss  # noqa: E402

PROGRAMS = {}
RESTARTS = 20
EVENTS = 20000000
SILENCE = 20  # seconds in which nothing answers at all
IDLE = threading.Event()


class Scene:
    """A daemon, its Asterisk, and somebody who is logged in."""

    def __init__(self):
        self.asterisk = Asterisk()
        self.daemon = Astctid(PROGRAMS, self.asterisk.port)
        self.asterisk.listener.settimeout(60)
        self.client = None

    def start(self):
        self.asterisk.log_in()
        self.client = self.daemon.log_in()
        self.client.deadline = 60

    def await_up(self, events=b""):
        self.asterisk.log_in(events)
        self.client.read_until('state="up"')

    def call_is_told(self, uniqueid="1.99"):
        """How long it takes from the first byte of a call's packets to the client's line."""
        begin = time.monotonic()
        ids = self.asterisk.call(uniqueid)
        self.client.read_until("<Ringing ")
        took = time.monotonic() - begin
        self.asterisk.event("Hangup", **ids, Cause="16")
        self.client.read_until("<Ended ")
        return took

    def cpu(self):
        with open(f"/proc/{self.daemon.process.pid}/stat", encoding="ascii") as file:
            user, system = file.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """In KiB."""
        with open(f"/proc/{self.daemon.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))

    def close(self):
        code = self.daemon.stop()
        self.asterisk.close()
        assert code == 0, f"astctid ended with {code}"


def restarts(scene, end):
    scene.start()
    times = []
    for _ in range(RESTARTS):
        begin = time.monotonic()
        end()
        scene.await_up()
        times.append(time.monotonic() - begin)
    scene.call_is_told()
    return (f"told, reconnected, asked anew, {RESTARTS} times: median {statistics.median(times):.2f} s, "
            f"longest {max(times):.2f} s of 1.5 s")


def f1(scene):
    def shut_down():
        scene.asterisk.event("Shutdown", Shutdown="Cleanly", Restart="True")
        scene.asterisk.stream.close()
    return "restart", restarts(scene, shut_down)


def f2(scene):
    return "crash (RST)", restarts(scene, lambda: scene.asterisk.stream.reset())


def f3(scene):
    scene.start()
    scene.asterisk.event("Reload", Module="res_pjsip.so", Status="0")
    took = scene.call_is_told()
    return "reload", f"nothing told, {scene.asterisk.logins - 1} reconnects of 0; the next call told in {1000 * took:.0f} ms"


def f4(scene):
    scene.start()
    scene.asterisk.stop_listening()
    scene.asterisk.stream.close()
    scene.client.read_until('state="down"')
    before = scene.cpu()
    IDLE.wait(SILENCE)
    share = 100 * (scene.cpu() - before) / SILENCE
    begin = time.monotonic()
    scene.asterisk.listen_again()
    scene.asterisk.listener.settimeout(60)
    scene.await_up()
    took = time.monotonic() - begin
    lines = sum("cannot connect" in line for line in scene.daemon.log)
    return "refused", (f"{lines} line in the log, {share:.2f} % of a processor of 1 %; back {took:.1f} s after the port is "
                       f"open again, of 10 s")


def f4b(scene):
    scene.start()
    scene.asterisk.listener.listen(0)  # room for one that waits
    with contextlib.ExitStack() as stack:
        waiting = [stack.enter_context(socket.socket()) for _ in range(8)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", scene.asterisk.port))
        scene.asterisk.stream.close()
        scene.client.read_until('state="down"')
        before = scene.cpu()
        IDLE.wait(SILENCE)
        share = 100 * (scene.cpu() - before) / SILENCE
    lines = sum("cannot connect" in line for line in scene.daemon.log)
    scene.asterisk.listener.listen(64)
    begin = time.monotonic()
    logged_in = False
    while not logged_in:
        # Those that waited have gone.
        with contextlib.suppress(EOFError, ConnectionError):
            scene.await_up()
            logged_in = True
    took = time.monotonic() - begin
    scene.call_is_told()
    return "backlog full", (f"nobody is accepted for {SILENCE} s: {lines} line in the log, {share:.2f} % of a processor of 1 %; back "
                            f"{took:.1f} s after there is room, of 15 s (an attempt has 5 s)")


def silent(scene, last_bytes):
    """Nothing is read and nothing answered from the last answer on."""
    scene.start()
    action = scene.asterisk.read_action()
    scene.asterisk.answer(action, "Success", "Ping: Pong")
    begin = time.monotonic()
    scene.asterisk.stream.send(last_bytes)
    scene.client.read_until('state="down"')
    noticed = time.monotonic() - begin
    scene.await_up()
    back = time.monotonic() - begin - noticed
    scene.call_is_told()
    return f"noticed by ping after {noticed:.1f} s of 12 s, told, reconnected {back:.2f} s later"


def f5(scene):
    scene.start()
    action = scene.asterisk.read_action()
    with Loss(port=scene.asterisk.port):
        scene.asterisk.answer(action, "Success", "Ping: Pong")
        begin = time.monotonic()
        scene.client.read_until('state="down"')
        noticed = time.monotonic() - begin
    begin = time.monotonic()
    scene.await_up()
    back = time.monotonic() - begin
    scene.call_is_told()
    return "half-open", (f"all packets lost (nft drop both ways): noticed after {noticed:.1f} s of 12 s, told; back {back:.1f} s "
                         "after packets come through again")


def f5b(scene):
    return "half-open, nothing answered", silent(scene, b"")


def f6(scene):
    scene.start()
    ids, packets = Asterisk.call_packets()
    begin = time.monotonic()
    for packet in packets:
        for at in range(0, len(packet), 20):  # 1000 bytes a second
            scene.asterisk.stream.send(packet[at:at + 20])
            IDLE.wait(0.02)
    scene.client.read_until("<Ringing ")
    took = time.monotonic() - begin
    slowest = 0
    until = time.monotonic() + SILENCE
    while time.monotonic() < until:  # five seconds for each answer
        action = scene.asterisk.read_action()
        asked = time.monotonic()
        IDLE.wait(5)
        before = time.monotonic()
        scene.client.ask("NOOP")
        slowest = max(slowest, time.monotonic() - before)
        assert time.monotonic() - asked < 7
        scene.asterisk.answer(action, "Success", "Ping: Pong")
    scene.asterisk.event("Hangup", **ids)
    scene.client.read_until("<Ended ")
    return "slow", (f"a call at 1 KB/s told in {took:.1f} s; 5 s for each answer: {scene.asterisk.logins - 1} reconnects of 0, "
                    f"clients answered within {1000 * slowest:.1f} ms")


def f7(scene):
    return "stuck in a packet", silent(scene, b"Event: Hangup\r\nChannel: PJSIP/201-0000")


def f8(scene):
    scene.start()
    packet = Asterisk.packet("Hangup", Channel="PJSIP/201-00000001", Uniqueid="1.2", Cause="16")
    times = []
    for cut in range(1, len(packet)):
        scene.asterisk.stream.send(packet[:cut])
        begin = time.monotonic()
        scene.asterisk.stream.close()
        scene.await_up()
        times.append(time.monotonic() - begin)
    scene.call_is_told()
    return "truncated, then the end", f"cut at each of {len(times)} bytes: nothing believed, back within {max(times):.2f} s"


def f9(scene):
    scene.start()
    count = 1000
    scene.asterisk.stream.send(b"".join(b"\x00\xff\xfe" + os.urandom(100).replace(b"\n", b"") + b"\r\n\r\n" for _ in range(count)))
    took = scene.call_is_told()
    return "garbage", f"{count} packets of it dropped, the next event told, {1000 * took:.0f} ms after all that"


def f10(scene):
    scene.start()
    scene.call_is_told()
    before = scene.memory()
    scene.asterisk.stream.send(b"Event: X\r\nValue: " + b"x" * ((1 << 20) - 100000) + b"\r\n\r\n")
    scene.call_is_told("1.98")
    grown = scene.memory() - before
    with contextlib.suppress(OSError):
        scene.asterisk.stream.send(b"x" * (4 << 20))
    scene.client.read_until('state="down"')
    begin = time.monotonic()
    scene.await_up()
    return "huge", (f"a line of 0.9 MiB dropped, the next event told; {grown} KiB more memory of 1024; without end: "
                    f"reconnected in {time.monotonic() - begin:.2f} s, {scene.memory() - before} KiB")


def f11(scene):
    scene.start()
    ends = (b"\r\n\n", b"\n\n", b"\n\r\n")
    for number, end in enumerate(ends):
        ids, packets = Asterisk.call_packets(uniqueid=f"2.{number}")
        scene.asterisk.stream.send(b"".join(packet[:-4] + end for packet in packets))
        scene.client.read_until("<Ringing ")
        scene.asterisk.event("Hangup", **ids)
        scene.client.read_until("<Ended ")
    return "wrong ends of lines", f"{len(ends)} kinds of them, {len(ends)} calls told"


def f12(scene):
    scene.start()
    ids = {"Channel": "PJSIP/trunk-00000000", "Uniqueid": "91.2", "Linkedid": "91.2", "ChannelStateDesc": "Up"}
    some = 1000 * (Asterisk.packet("VarSet", **ids, Variable="RTPAUDIOQOS", Value="x" * 60) +
                   Asterisk.packet("Newexten", **ids, Application="NoOp", AppData="x" * 60))
    begin = time.monotonic()
    for _ in range(EVENTS // 2000):
        scene.asterisk.stream.send(some)
    sent = time.monotonic()
    lag = scene.call_is_told()
    return "burst", (f"{EVENTS} events in {sent - begin:.1f} s ({EVENTS / (sent - begin):.0f} a second, what this script can "
                     f"write); the call after them told {1000 * lag:.0f} ms later, {scene.asterisk.logins - 1} reconnects")


def f13(scene):
    scene.start()
    scene.asterisk.stream.close()
    login = scene.asterisk.challenge()
    begin = time.monotonic()
    scene.asterisk.answer(login, "Success")
    asked = {}
    while len(asked) < 3:
        action = scene.asterisk.read_action()
        asked[action["Action"]] = action["ActionID"]
    member = Asterisk.packet("QueueMember", ActionID=asked["QueueStatus"], Queue="q", Name="PJSIP/201", Paused="0")
    longest = 0
    for number in range(75):
        scene.asterisk.stream.send(member * 1000)
        longest = max(longest, scene.call_is_told(f"3.{number}"))
    for action, end in (("BridgeList", "BridgeListComplete"), ("QueueStatus", "QueueStatusComplete"),
                        ("CoreShowChannels", "CoreShowChannelsComplete")):
        scene.asterisk.event(end, ActionID=asked[action])
    scene.daemon.wait_for("channels are there")
    took = time.monotonic() - begin
    return "75000 members listed", f"75 calls in between told, each within {1000 * longest:.0f} ms; all after {took:.1f} s of 5 s"


def refused(scene, message):
    scene.asterisk.refuse_login(message)
    said = scene.daemon.wait_for("login refused").partition(": ")[2]
    begin = time.monotonic()
    scene.asterisk.refuse_login(message)
    return f"tried again after {time.monotonic() - begin:.0f} s (twice a minute); said: {said[:120]}"


def f14(scene):
    return "login denied", refused(scene, "Authentication failed")


def f15(scene):
    scene.start()
    scene.asterisk.stream.send(1000 * b"Response: Error\r\nMessage: Missing action in request\r\n\r\n"
                               + 1000 * b"Response: Success\r\nActionID: astcti-5\r\n\r\n")
    took = scene.call_is_told()
    return "orphan, double answers", (f"2000 passed over, {scene.asterisk.logins - 1} reconnects, the next call told in "
                                      f"{1000 * took:.0f} ms; a missing one: as F5")


def f50(scene):
    return "user logged in already", refused(scene, "Login Already In Use")


ROWS = {f.__name__.upper(): f for f in (f1, f2, f3, f4, f4b, f5, f5b, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f50)}

OWN_NETWORK = ("F5",)  # of the kernel's, for which one must be root


def main():
    PROGRAMS["astctid"], PROGRAMS["astctictl"] = sys.argv[1:3]
    for name in sys.argv[3:] or ROWS:
        if name in OWN_NETWORK and not os.environ.get("ASTCTI_OWN_NETWORK"):
            subprocess.run(["unshare", "--net", sys.executable, __file__, *sys.argv[1:3], name], check=True,
                           env={**os.environ, "ASTCTI_OWN_NETWORK": "yes"})
            continue
        if name in OWN_NETWORK:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        scene = Scene()
        try:
            what, happened = ROWS[name](scene)
        finally:
            scene.close()
        print(f"{name} {what}: {happened}", flush=True)


if __name__ == "__main__":
    main()
