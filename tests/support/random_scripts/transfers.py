# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to calls that are under way, and calls with more than two ends; mostly of Asterisk 22."""
from random_scripts.calls import ACCOUNTS, DESKS, Calls


class Transfers(Calls):
    def talking(self, calldata=""):
        """A customer who talks to a desk."""
        customer = self.customer_calls("100" if calldata else "201", calldata)
        desk = self.calls(customer, self.pick()[0])
        self.rings(customer, desk)
        self.told_ringing([desk], customer)
        self.answers(customer, desk)
        self.talk(customer, desk)
        return customer, desk

    def number_of(self, channel):
        return channel.device.partition("/")[2]

    def another(self, *desks):
        return self.pick(1, [number for desk in desks for number in self.desk_of(self.number_of(desk))])[0]

    # Local channels

    def dial_local(self, caller, number, queue=""):
        """Both halves, and the telephone behind them."""
        first = self.asterisk.channel(f"Local/{number}@from-queue", caller, number, number, "", ";1")
        second = self.asterisk.channel(f"Local/{number}@from-queue", caller, number, *caller.caller, ";2")
        second.name = first.name[:-1] + "2"
        self.new_channel(first)
        self.new_channel(second)
        first.connected = caller.caller
        self.dial_begin(caller, first, queue)
        self.new_state(second, "Ring")
        second.connected = first.caller
        phone = self.calls(second, number)
        self.rings(second, phone)
        self.new_state(first, "Ringing")
        self.dial_rings(caller, first)
        return first, second, phone

    def local_stops(self, caller, local):
        first, second, phone = local
        self.dial_end(caller, first, "CANCEL")
        self.hang_up(first, 26)
        self.stops(second, phone, "CANCEL", 26)
        self.hang_up(second, 0)

    def locals(self):
        """A queue whose members are Local channels, as FreePBX has them."""
        numbers = self.distinct_desks(self.rng.randint(1, 3))
        caller = self.customer_calls("101", str(self.rng.randrange(10 ** 5)))
        self.join_queue(caller, "astcti")
        branches = [self.dial_local(caller, number, "astcti") for number in numbers]
        for branch in branches:
            self.expect(ACCOUNTS[self.number_of(branch[2])], [branch[0], branch[2]], "Ringing", caller.number)
        if self.chance(25):
            for branch in branches:
                self.local_stops(caller, branch)
            self.hang_up(caller)
            return
        chosen = self.rng.choice(branches)
        first, second, phone = chosen
        self.new_state(phone, "Up")
        self.dial_end(second, phone, "ANSWER")
        self.new_state(second, "Up")
        self.connect(phone, second)
        self.new_state(first, "Up")
        self.dial_end(caller, first, "ANSWER")
        for branch in branches:
            if branch is not chosen:
                self.local_stops(caller, branch)
        self.connect(first, caller)
        self.told_answered(phone, caller.number, [first, phone])
        if self.chance(70):
            self.optimise(caller, chosen)
            self.end(caller, phone)
        else:
            self.end(caller, first, second, phone)

    def optimise(self, caller, local):
        first, second, phone = local
        self.leave_bridge(phone)
        self.enter_bridge(caller.bridge, phone, first)
        self.leave_bridge(first)
        self.leave_bridge(second)
        self.hang_up(first)
        self.hang_up(second)

    def forwarded(self):
        """A telephone that sends its calls elsewhere (302)."""
        caller = self.customer_calls("201")
        called = self.calls(caller, "201")
        number = self.pick(1, DESKS["anna"])[0]
        self.dial_end(caller, called, "CANCEL", forward=f"Local/{number}@astctidemo")
        self.hang_up(called, 0)
        branch = self.dial_local(caller, number)
        self.expect(ACCOUNTS[number], [branch[0], branch[2]], "Ringing", caller.number)
        self.local_stops(caller, branch)
        self.hang_up(caller)

    # Transfers

    def blind(self):
        customer, desk = self.talking("4711" if self.chance(50) else "")
        number = self.another(desk)
        self.leave_bridge(customer)
        self.leave_bridge(desk)
        self.tell("BlindTransfer", ("Result", "Success"), self.snapshot(desk, "Transferer"),
                  self.snapshot(customer, "Transferee"), ("Extension", number), ("Context", "astctidemo"))
        customer.extension = number
        self.hang_up(desk)
        third = self.calls(customer, number)
        self.rings(customer, third)
        self.told_ringing([third], customer)
        self.direct_ends(customer, third)

    def attended(self):
        """Consultation first; then the two are brought together, or not."""
        customer, desk = self.talking("4711" if self.chance(50) else "")
        self.hold(desk, True)
        number = self.another(desk)
        second = self.desk_calls(self.number_of(desk), number)
        third = self.calls(second, number)
        self.rings(second, third)
        self.told_ringing([third], second)
        self.answers(second, third)
        self.talk(second, third)
        if self.chance(25):
            self.end(second, third)
            self.hold(desk, False)
            self.end(customer, desk)
            return
        bridge = customer.bridge
        if self.chance(50):
            self.leave_bridge(desk)
            self.leave_bridge(third)
            third.linkedid = customer.linkedid  # rewritten without an event of its own
            self.enter_bridge(bridge, third, desk)
            self.leave_bridge(second)
        else:
            old, second.bridge, third.bridge = third.bridge, bridge, bridge
            self.tell("BridgeMerge", ("ToBridgeUniqueid", bridge.id), ("FromBridgeUniqueid", old.id))
            for channel in (second, third):
                self.tell("BridgeLeave", self.about_bridge(old), self.snapshot(channel))
                self.enter_bridge(bridge, channel)
            self.leave_bridge(desk)
            self.leave_bridge(second)
        self.tell("AttendedTransfer", ("Result", "Success"), self.snapshot(desk, "OrigTransferer"),
                  self.snapshot(second, "SecondTransferer"))
        self.told_answered(third, customer.number)
        self.hang_up(desk)
        self.hang_up(second)
        self.set_connected(third, customer)
        self.end(customer, third)

    def parked(self):
        customer, desk = self.talking("4711" if self.chance(50) else "")
        lot = self.asterisk.bridge("holding_bridge", "Parking")
        self.leave_bridge(customer)
        self.leave_bridge(desk)
        self.enter_bridge(lot, customer)
        self.tell("ParkedCall", self.snapshot(customer, "Parkee"), ("ParkingSpace", "701"),
                  ("ParkerDialString", desk.device))
        self.hang_up(desk)
        if self.chance(30):
            self.end(customer)
            return
        taker = self.desk_calls(self.another(desk), "701")
        self.new_state(taker, "Up")
        self.dials_in(taker, "701")
        self.leave_bridge(customer)
        self.tell("UnParkedCall", self.snapshot(customer, "Parkee"), self.snapshot(taker, "Retriever"))
        self.connect(taker, customer)
        self.told_answered(taker, customer.number)
        self.end(taker, customer)

    def picked_up(self):
        customer = self.customer_calls("201")
        called = self.calls(customer, self.pick()[0])
        self.rings(customer, called)
        self.told_ringing([called], customer)
        picker = self.desk_calls(self.another(called), "*8")
        self.new_state(picker, "Up")
        self.dials_in(picker, "*8")
        self.tell("Pickup", self.snapshot(picker), self.snapshot(called, "Target"))
        self.hang_up(called, 26)
        self.dial_end(customer, picker, "ANSWER")
        self.new_state(customer, "Up")
        self.connect(picker, customer)
        self.told_answered(picker, customer.number)
        self.end(customer, picker)

    # More than two, or one at a time

    def conference(self):
        bridge = self.asterisk.bridge("softmix", "ConfBridge")
        members = [self.desk_calls(number, "800") for number in self.distinct_desks(self.rng.randint(2, 3))]
        for member in members:
            self.new_state(member, "Up")
            self.dials_in(member, "800")
            self.enter_bridge(bridge, member)
        self.end(*members)

    def agents(self):
        """An agent who waits in a pool: the telephone never rings."""
        agent = self.desk_calls(self.pick()[0], "109")
        self.new_state(agent, "Up")
        self.dials_in(agent, "109")
        self.tell("AgentLogin", self.snapshot(agent), ("Agent", "1001"), privilege="agent,all")
        pool = self.asterisk.bridge("holding_bridge", "Agent")
        self.enter_bridge(pool, agent)
        for _ in range(self.rng.randint(1, 2)):
            customer = self.customer_calls("110", str(self.rng.randrange(10 ** 5)))
            self.leave_bridge(agent)
            self.connect(customer, agent)
            self.told_answered(agent, customer.number)
            self.leave_bridge(agent)
            self.hang_up(customer)
            self.enter_bridge(pool, agent)
        self.tell("AgentLogoff", self.snapshot(agent), ("Agent", "1001"), privilege="agent,all")
        self.end(agent)

    def originated(self):
        """A desk that dials with its computer: its own telephone rings first."""
        number, = self.pick()
        desk = self.phone(number)
        desk.connected = (number, "")
        self.new_channel(desk)
        self.dial_begin(None, desk)
        self.rings(None, desk)
        if self.chance(25):
            self.dial_end(None, desk, "NOANSWER")
            self.hang_up(desk, self.rng.choice((0, 19)))
            return
        self.new_state(desk, "Up")
        self.dial_end(None, desk, "ANSWER")
        desk.extension = self.another(desk)
        self.tell("OriginateResponse", ("Response", "Success"), ("Channel", desk.name), ("Exten", desk.extension),
                  ("Context", "astctidemo"), ("Reason", "4"), ("Uniqueid", desk.uniqueid))
        self.step(desk)
        called = self.calls(desk, desk.extension)
        self.rings(desk, called)
        self.told_ringing([called], desk)
        self.direct_ends(desk, called)

    # Asterisk 1.4 to 11, where channels take each other's names

    def renamed(self):
        """A consultation, and the two are brought together by chan_sip."""
        customer, desk = self.talking("4711" if self.chance(50) else "")
        self.hold(desk, True)
        number = self.another(desk)
        second = self.desk_calls(self.number_of(desk), number)
        third = self.calls(second, number)
        self.rings(second, third)
        self.told_ringing([third], second)
        self.answers(second, third)
        self.talk(second, third)
        self.tell("Transfer", ("TransferMethod", "SIP"), ("TransferType", "Attended"), ("Channel", desk.name),
                  ("Uniqueid", desk.uniqueid), ("TargetChannel", second.name), ("TargetUniqueid", second.uniqueid))
        name = customer.name
        self.leave_bridge(desk)
        self.rename(customer, name + "<MASQ>")
        zombie_name = second.name + "<ZOMBIE>"
        self.leave_bridge(third)
        self.rename(second, name)
        self.rename(customer, zombie_name)
        second.number, second.person = customer.caller
        second.presentation = customer.presentation
        self.new_callerid(second)
        self.connect(second, third)
        self.hang_up(customer)
        self.hang_up(desk)
        self.told_answered(third, customer.number)
        self.end(second, third)

    def account(self, channel):
        return ACCOUNTS[self.number_of(channel)]
