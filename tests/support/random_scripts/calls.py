# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole calls made of what a person would tell of them: who dials whom, who answers, who gives up."""
from random_scripts.asterisk import Teller

DESKS = {"anna": ("201", "211"), "bert": ("202",), "carl": ("203",), "dora": ("204",), "emil": ("205",)}
NAMES = {"201": "Anna", "211": "Anna mobile", "202": "Bert O'Neil", "203": "Cärl", "204": 'Dora "D"', "205": "Emil \\ E"}
ACCOUNTS = {number: account for account, numbers in DESKS.items() for number in numbers}
STRANGERS = ("Mario Rossi", "", "Müller & Söhne", "李雷", "O'Brien", 'a "b" c', "back\\slash")


class Calls(Teller):
    """Building blocks. A person is given by the number of a desk; a customer comes over a trunk."""

    def pick(self, count=1, without=()):
        free = [number for number in NAMES if number not in without]
        return self.rng.sample(free, count)

    def chance(self, percent):
        return self.rng.randrange(100) < percent

    def phone(self, number, parent=None, extension="s"):
        return self.asterisk.channel(f"{self.asterisk.technology}/{number}", parent, extension, number,
                                     NAMES.get(number, ""))

    # Who calls

    def desk_calls(self, number, extension):
        channel = self.phone(number, extension=extension)
        self.begin_calling(channel)
        return channel

    def customer_calls(self, extension, calldata=""):
        technologies = ["PJSIP/trunk"] if self.asterisk.is_modern else ["SIP/trunk", "IAX2/provider", "DAHDI/1"]
        number = f"06{self.rng.randrange(10 ** 6):06}"
        channel = self.asterisk.channel(self.rng.choice(technologies), None, extension, number,
                                        self.rng.choice(STRANGERS))
        self.begin_calling(channel)
        if self.chance(10):
            channel.presentation = self.rng.choice((0, 1, 32, 35, 63, 67))
            if channel.is_withheld:
                self.withheld_numbers.add(number)
            self.new_callerid(channel)
        if calldata:
            self.new_state(channel, "Up")
            self.set_calldata(channel, calldata)
        return channel

    def begin_calling(self, channel):
        if self.asterisk.is_modern and self.chance(70):
            channel.state = "Ring"
            self.new_channel(channel)
        else:
            self.new_channel(channel)
            self.new_state(channel, "Ring")
        if self.asterisk.version == "1.4" or self.chance(50):
            self.step(channel)

    # Who is called

    def calls(self, parent, number, queue="", is_local=False):
        """A leg that is called for the parent."""
        channel = self.phone(number, parent)
        self.new_channel(channel)
        if self.asterisk.version == "1.4":
            channel.number, channel.person = parent.number, parent.person
        if not is_local:
            channel.extension = parent.extension
        self.set_connected(channel, parent)
        channel.application = "AppQueue" if queue else "AppDial"
        self.dial_begin(parent, channel, queue)
        return channel

    def rings(self, parent, channel):
        steps = [lambda: self.new_state(channel, "Ringing"), lambda: self.dial_rings(parent, channel)]
        self.rng.shuffle(steps)
        for step in steps:
            step()

    def answers(self, parent, channel, others=()):
        """The channel answers, the others stop, the two talk."""
        self.new_state(channel, "Up")
        self.dial_end(parent, channel, "ANSWER")
        for other in others:
            self.stops(parent, other, "CANCEL", 26 if self.asterisk.is_modern else 0)
        self.set_connected(parent, channel)
        if parent.state != "Up":
            self.new_state(parent, "Up")
        self.connect(channel, parent)

    def stops(self, parent, channel, status, cause):
        if self.chance(50):
            self.dial_end(parent, channel, status)
            self.hang_up(channel, cause)
        else:
            self.hang_up(channel, cause)
            if self.asterisk.is_modern:
                self.dial_end(parent, channel, status)

    def end(self, *channels):
        channels = list(channels)
        self.rng.shuffle(channels)
        for channel in channels:
            self.leave_bridge(channel)
        for channel in channels:
            self.hang_up(channel)

    # Truth

    def told_ringing(self, channels, peer):
        self.expect(ACCOUNTS.get(channels[0].device.partition("/")[2]), channels, "Ringing", peer.number)

    def told_answered(self, channel, peer, channels=(), must=True):
        self.expect(ACCOUNTS.get(channel.device.partition("/")[2]), channels or [channel], "Answered", peer, must)

    def talk(self, caller, called, channels=()):
        """What the two desks are told when they are connected."""
        is_first = self.asterisk.version == "1.4"  # it does not tell a caller who answers
        number = called.device.partition("/")[2]
        self.told_answered(called, caller.number, channels)
        self.told_answered(caller, number if number in NAMES else called.number, must=not is_first)
        if is_first:
            self.told_answered(caller, caller.extension, must=False)

    def dials_in(self, customer, extension):
        """A desk that reaches something that answers, before it reaches somebody: that may pop up, too."""
        self.told_answered(customer, extension, must=False)

    # Whole calls

    def caller(self, extension, without=(), calldata=""):
        if self.chance(50):
            return self.customer_calls(extension, calldata)
        channel = self.desk_calls(self.pick(1, without)[0], extension)
        if calldata:
            self.new_state(channel, "Up")
            self.set_calldata(channel, calldata)
            self.dials_in(channel, extension)
        return channel

    def direct(self):
        number, = self.pick()
        caller = self.caller(number, without=self.desk_of(number))
        called = self.calls(caller, number)
        self.rings(caller, called)
        self.told_ringing([called], caller)
        return self.direct_ends(caller, called)

    def direct_ends(self, caller, called):
        way = self.rng.choice(("answer", "answer", "answer", "busy", "no answer", "given up", "rejected"))
        if way == "answer":
            self.answers(caller, called)
            self.talk(caller, called)
            if self.chance(30):
                holder = self.rng.choice((caller, called))
                self.hold(holder, True)
                self.hold(holder, False)
            self.end(caller, called)
        elif way == "given up":
            self.stops(caller, called, "CANCEL", 0)
            self.hang_up(caller, 127)
        else:
            status, cause = {"busy": ("BUSY", 17), "no answer": ("NOANSWER", 0), "rejected": ("BUSY", 21)}[way]
            self.stops(caller, called, status, cause)
            self.hang_up(caller, cause)

    def desk_of(self, number):
        return DESKS[ACCOUNTS[number]]

    def ivr(self):
        number, = self.pick()
        caller = self.caller("100", self.desk_of(number), str(self.rng.randrange(10 ** 5)))
        called = self.calls(caller, number)
        self.rings(caller, called)
        self.told_ringing([called], caller)
        self.told_answered(caller, number, must=False)
        self.direct_ends(caller, called)

    def queue(self):
        count = self.rng.randint(1, 3)
        numbers = self.distinct_desks(count)
        taken = [other for number in numbers for other in self.desk_of(number)]
        caller = self.caller("101", taken, str(self.rng.randrange(10 ** 5)))
        self.join_queue(caller, "astcti")
        self.fork(caller, numbers, "astcti")

    def distinct_desks(self, count):
        return [self.rng.choice(DESKS[account]) for account in self.rng.sample(list(DESKS), count)]

    def forked(self):
        numbers = self.distinct_desks(self.rng.randint(2, 3))
        taken = [other for number in numbers for other in self.desk_of(number)]
        self.fork(self.caller(numbers[0], taken), numbers)

    def contacts(self):
        """One telephone with two contacts, or one desk with two telephones."""
        number = self.rng.choice(("201", "202", "203"))
        numbers = [number, number] if self.chance(50) else ["201", "211"]
        self.fork(self.caller(numbers[0], self.desk_of(numbers[0])), numbers)

    def fork(self, caller, numbers, queue=""):
        legs = [self.calls(caller, number, queue) for number in numbers]
        ringing = self.rng.sample(legs, len(legs))
        for leg in ringing:
            self.rings(caller, leg)
        desks = {}
        for leg in legs:
            desks.setdefault(ACCOUNTS[leg.device.partition("/")[2]], []).append(leg)
        for legs_of_desk in desks.values():
            self.told_ringing(legs_of_desk, caller)
        if queue and self.chance(30):  # one does not answer: round robin, or auto-pause
            leg = legs.pop()
            self.stops(caller, leg, "NOANSWER", 0)
        if legs and self.chance(70):
            chosen = self.rng.choice(legs)
            self.answers(caller, chosen, [leg for leg in legs if leg is not chosen])
            self.talk(caller, chosen, desks[ACCOUNTS[chosen.device.partition("/")[2]]])
            for leg in legs:
                self.told_answered(caller, leg.device.partition("/")[2], must=False)
            self.end(caller, chosen)
        else:
            for leg in legs:
                self.stops(caller, leg, "CANCEL", 0)
            self.hang_up(caller)
        for number in numbers:
            self.told_answered(caller, number, must=False)

    def trunk_out(self):
        number, = self.pick()
        outside = f"0{self.rng.randrange(10 ** 8):08}"
        caller = self.desk_calls(number, outside)
        trunk = self.asterisk.channel(f"{self.asterisk.technology}/trunk", caller, "s", outside, "")
        self.new_channel(trunk)
        trunk.extension, trunk.application = outside, "AppDial"
        self.set_connected(trunk, caller)
        self.dial_begin(caller, trunk)
        if self.chance(60):
            self.rings(caller, trunk)
        if self.chance(70):
            self.answers(caller, trunk)
            self.told_answered(caller, outside)
            self.end(caller, trunk)
        else:
            self.stops(caller, trunk, "CONGESTION", 34)
            self.hang_up(caller, 34)
