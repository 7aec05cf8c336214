#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A manager client that writes down every byte Asterisk sends, and does what a scenario asks.

Logs in, asks for the channels and queues as astctid does, and follows the events. A connection that
is lost is made again; its bytes follow those of the one before, banner included.

recorder.py --port PORT --user USER --secret SECRET --file FILE --commands FIFO --replies FIFO

A command is lines up to an empty one; so is its reply, whose first line is "ok" or "no: why".

  ready SECONDS                 until the lists that follow a login are complete, since the last login
  leave SECONDS                 cuts the connection; "ready" makes it again
  action SECONDS                Name: value lines follow: sends them. Replies what Asterisk answered.
  await SECONDS COUNT           Name: pattern lines follow (as of a shell): until COUNT such events have
                                come, counted from the first login on. Replies the last of them.
  talk SECONDS                  devices follow ("SIP/201"): until they and no others are in one bridge
  gone SECONDS                  until every channel has been hung up and nothing more comes
  quit                          ends it
"""
import argparse
import collections
import errno
import fnmatch
import os
import select
import socket
import time

# Asterisk publishes by several threads: what belongs to a call may come after its last Hangup.
QUIET_SECONDS = 0.4


class Recorder:
    def __init__(self, options):
        self.options = options
        self.file = open(options.file, "wb")
        # Opened for both directions, so that there never is an end of file.
        self.commands = os.open(options.commands, os.O_RDWR | os.O_NONBLOCK)
        self.replies = os.open(options.replies, os.O_RDWR)
        self.command_bytes = b""
        self.messages = []
        self.answers = {}
        self.away = False
        self.logins = 0
        self.lists_asked = 0
        self.pending = None
        self.deadline = None
        self.connection = None
        self.last_bytes = time.monotonic()
        self.next_action = 0
        self.forget_connection()

    def forget_connection(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None
        self.received = b""
        self.channels = set()
        self.bridges = {}
        self.lists = set()
        self.lists_refused = False

    def run(self):
        while True:
            if self.connection is None and not self.away:
                self.connect()
            readers = [self.commands] + ([self.connection] if self.connection is not None else [])
            readable = select.select(readers, [], [], 0.05)[0]
            if self.connection is not None and self.connection in readable:
                self.receive()
            if self.commands in readable and not self.read_commands():
                return
            self.settle()

    def connect(self):
        connection = socket.socket()
        connection.settimeout(1)
        try:
            connection.connect(("127.0.0.1", self.options.port))
        except OSError:
            connection.close()
            return
        connection.setblocking(False)
        self.connection = connection
        self.logins += 1
        # In one go: nothing that happens meanwhile can fall between the login and the lists.
        self.send({"Action": "Login", "ActionID": f"login-{self.logins}", "Username": self.options.user,
                   "Secret": self.options.secret})  # fmt: skip
        self.ask_for_lists()

    def ask_for_lists(self):
        self.lists_asked += 1
        self.send({"Action": "BridgeList", "ActionID": f"bridges-{self.lists_asked}"})
        self.send({"Action": "QueueStatus", "ActionID": f"qs-{self.lists_asked}"})
        self.send({"Action": "CoreShowChannels", "ActionID": f"snap-{self.lists_asked}"})

    def send(self, action):
        if self.connection is None:
            return
        lines = action if isinstance(action, list) else [f"{name}: {value}" for name, value in action.items()]
        try:
            self.connection.sendall("".join(line + "\r\n" for line in [*lines, ""]).encode())
        except OSError:
            self.forget_connection()

    def receive(self):
        try:
            data = self.connection.recv(1 << 16)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EINTR):
                return
            data = b""
        if not data:
            self.forget_connection()
            return
        self.last_bytes = time.monotonic()
        self.file.write(data)
        self.file.flush()
        self.received += data
        *whole, self.received = self.received.split(b"\r\n\r\n")
        for message in whole:
            self.take(message.decode(errors="replace").split("\r\n"))

    def take(self, lines):
        message = collections.OrderedDict()
        for line in lines:
            name, colon, value = line.strip("\n").partition(":")
            if colon:
                message.setdefault(name.lower(), value.strip())
        event = message.get("event", "")
        self.messages.append(message)
        if "response" in message and not event:
            self.answers[message.get("actionid", "")] = message
            # An Asterisk that starts lets one in before it has the actions of its modules.
            if message["response"] == "Error" and message.get("actionid", "").startswith(("snap-", "qs-")):
                self.lists_refused = True
        if event in ("Newchannel", "CoreShowChannel"):
            self.channels.add(message["uniqueid"])
            if message.get("bridgeid"):
                self.bridges.setdefault(message["bridgeid"], set()).add(device(message))
        elif event == "Hangup":
            self.channels.discard(message["uniqueid"])
        elif event in ("BridgeEnter", "BridgeLeave"):
            members = self.bridges.setdefault(message["bridgeuniqueid"], set())
            (members.add if event == "BridgeEnter" else members.discard)(device(message))
        elif event in ("CoreShowChannelsComplete", "QueueStatusComplete"):
            self.lists.add(event)
        elif event == "FullyBooted" and self.lists_refused:
            self.lists_refused = False
            self.ask_for_lists()

    def read_commands(self):
        self.command_bytes += os.read(self.commands, 1 << 16)
        *whole, self.command_bytes = self.command_bytes.split(b"\n\n")
        for text in whole:
            line, *headers = text.decode().split("\n")
            verb, *words = line.split()
            if verb == "quit":
                self.reply(["ok"])
                return False
            self.deadline = time.monotonic() + float(words[0])
            self.pending = getattr(self, f"do_{verb}")(headers, *words[1:])
        return True

    def settle(self):
        """Replies to the command that waits, if what it waits for has come or no longer may."""
        if self.pending is None:
            return
        reply = self.pending()
        if reply is None and time.monotonic() > self.deadline:
            reply = ["no: it did not come in time"]
        if reply is not None:
            self.pending = None
            self.reply(reply)

    def reply(self, lines):
        os.write(self.replies, "".join(line + "\n" for line in [*lines, ""]).encode())

    def do_leave(self, _headers):
        self.away = True
        self.forget_connection()
        return lambda: ["ok"]

    def do_ready(self, _headers):
        self.away = False
        return lambda: ["ok"] if len(self.lists) == 2 else None

    def do_action(self, headers):
        self.next_action += 1
        action_id = next((line.partition(":")[2].strip() for line in headers if line.startswith("ActionID:")), "")
        if not action_id:
            action_id = f"scenario-{self.next_action}"
            headers.append(f"ActionID: {action_id}")
        if self.connection is None:
            return lambda: ["no: there is no connection"]
        self.answers.pop(action_id, None)
        self.send(headers)

        def answered():
            answer = self.answers.get(action_id)
            if answer is None:
                return None
            good = answer["response"] in ("Success", "Goodbye")
            return ["ok" if good else f"no: {answer.get('message', '')}"] + told(answer)

        return answered

    def do_await(self, headers, count):
        patterns = []
        for line in headers:
            name, _, pattern = line.partition(":")
            patterns.append((name.strip().lower(), pattern.strip()))
        found = []
        begin = 0

        def came():
            nonlocal begin
            for message in self.messages[begin:]:
                if all(fnmatch.fnmatchcase(message.get(name, ""), pattern) for name, pattern in patterns):
                    found.append(message)
                    if len(found) == int(count):
                        return ["ok"] + told(message)
            begin = len(self.messages)
            return None

        return came

    def do_talk(self, headers):
        devices = set(headers)
        return lambda: ["ok"] if devices in self.bridges.values() else None

    def do_gone(self, _headers):
        def all_gone():
            if self.channels or time.monotonic() - self.last_bytes < QUIET_SECONDS:
                return None
            return ["ok"]

        return all_gone


def device(message):
    return message["channel"].rpartition("-")[0]


def told(message):
    return [f"{name}: {value}" for name, value in message.items()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    for name in ("user", "secret", "file", "commands", "replies"):
        parser.add_argument(f"--{name}", required=True)
    Recorder(parser.parse_args()).run()


if __name__ == "__main__":
    main()
