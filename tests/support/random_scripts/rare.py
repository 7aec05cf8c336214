# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that go a way that not every call goes."""
from random_scripts.transfers import Transfers


class Rare(Transfers):
    def redirected(self):
        """The manager sends the customer on; nobody says that it was a transfer."""
        customer, desk = self.talking()
        number = self.another(desk)
        self.leave_bridge(customer)
        self.leave_bridge(desk)
        self.hang_up(desk)
        customer.extension = number
        third = self.calls(customer, number)
        self.rings(customer, third)
        self.told_ringing([third], customer)
        self.direct_ends(customer, third)

    def auto_answered(self):
        """A telephone that is up before it was said to ring, or even to be called."""
        number, = self.pick()
        caller = self.caller(number, self.desk_of(number))
        if self.asterisk.is_modern and self.chance(50):
            called = self.phone(number, caller)
            self.new_channel(called)
            self.set_connected(called, caller)
            self.new_state(called, self.rng.choice(("Ringing", "Up")))
            self.dial_begin(caller, called)
        else:
            called = self.calls(caller, number)
        if called.state == "Ringing":
            self.told_ringing([called], caller)
        self.answers(caller, called)
        self.talk(caller, called)
        self.end(caller, called)

    def three(self):
        """A third joins the two in their bridge: nobody can say who is the party now."""
        customer, desk = self.talking()
        third = self.desk_calls(self.another(desk), "555")
        self.new_state(third, "Up")
        self.dials_in(third, "555")
        self.enter_bridge(customer.bridge, third)
        first, *rest = self.rng.sample([customer, desk, third], 3)
        self.leave_bridge(first)
        self.hang_up(first)
        if first is desk:
            self.told_answered(third, customer.number)
        elif first is customer:
            self.told_answered(third, desk.number)
            self.told_answered(desk, third.number)
        self.end(*rest)

    def three_calls_at_once(self):
        """Call waiting, and two more."""
        self.direct()
        self.direct()
        self.ivr()

    def failed_originate(self):
        """A telephone that is not there, dialled from its owner's computer."""
        number, = self.pick()
        self.tell("OriginateResponse", ("ActionID", f"astcti-{self.index}"), ("Response", "Failure"),
                  ("Channel", f"{self.asterisk.technology}/{number}"), ("Context", "astctidemo"), ("Exten", "0123"),
                  ("Reason", self.rng.choice(("0", "1", "3", "5", "8", ""))),
                  ("Uniqueid", self.rng.choice(("<null>", "<unknown>", ""))))

    def old_blind(self):
        """chan_sip says who was sent where; the customer is the target there."""
        customer, desk = self.talking("4711" if self.chance(50) else "")
        number = self.another(desk)
        self.tell("Transfer", ("TransferMethod", "SIP"), ("TransferType", "Blind"), ("Channel", desk.name),
                  ("Uniqueid", desk.uniqueid), ("TargetChannel", customer.name),
                  ("TargetUniqueid", customer.uniqueid), ("TransferExten", number))
        self.leave_bridge(customer)
        self.hang_up(desk)
        customer.extension = number
        third = self.calls(customer, number)
        self.rings(customer, third)
        self.told_ringing([third], customer)
        self.direct_ends(customer, third)

    def old_pickup(self):
        """The channel of the one who picks up takes the place of the one that rang."""
        customer = self.customer_calls("201")
        called = self.calls(customer, self.pick()[0])
        self.rings(customer, called)
        self.told_ringing([called], customer)
        picker = self.desk_calls(self.another(called), "*8")
        self.new_state(picker, "Up")
        self.dials_in(picker, "*8")
        self.tell("Pickup", ("Channel", picker.name), ("TargetChannel", called.name))
        name, rang = picker.name, called.name
        self.rename(picker, name + "<MASQ>")
        self.rename(called, name)
        self.rename(picker, rang + "<ZOMBIE>")
        self.hang_up(picker)
        self.new_state(called, "Up")
        self.dial_end(customer, called, "ANSWER")
        self.new_state(customer, "Up")
        self.connect(customer, called)
        self.told_answered(called, customer.number, [picker, called])
        self.end(customer, called)
