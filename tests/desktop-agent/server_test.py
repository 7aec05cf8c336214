#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent and the real astctid with a scripted Asterisk, and a network between them that cuts, delays and slices."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from astctid import Asterisk, Astctid  # noqa: E402
from proxy import Proxy  # noqa: E402

from desktop import PATH, Desktop  # noqa: E402
from program import wait_until  # noqa: E402

PROGRAMS = {"astctid": os.environ["ASTCTI_ASTCTID"], "astctictl": os.environ["ASTCTI_ASTCTICTL"]}
ID = "pbx1:{}:201"


class RealServer(Desktop):
    def more_of_ctiserver(self):
        return ""

    def setUp(self):
        super().setUp()
        self.asterisk = Asterisk()
        self.addCleanup(self.asterisk.close)
        self.daemon = Astctid(PROGRAMS, self.asterisk.port,
                              ctiserver='<listen address="127.0.0.1" port="{free}"/>' + self.more_of_ctiserver())
        self.addCleanup(lambda: self.assertEqual(self.daemon.stop(), 0, "astctid did not end well"))
        self.asterisk.log_in()
        self.proxy = Proxy(("127.0.0.1", self.daemon.ports[0]))
        self.addCleanup(self.proxy.close)
        self.password = self.write("password", "secret\n")
        os.chmod(self.password, 0o600)
        self.states = []
        self.addCleanup(self.bus.add_signal_receiver(self.changed, path=PATH, signal_name="PropertiesChanged").remove)

    def changed(self, _, values, __):
        if "Connection" in values:
            self.states.append(str(values["Connection"]))

    def run_agent(self, *arguments, password=None, environment=None):
        self.agent = self.run_program("--server", f"tcp://127.0.0.1:{self.proxy.port}", "--user", "201",
                                      "--password-file", password or self.password, *arguments,
                                      environment=environment)

    def connect(self, *arguments, environment=None):
        self.run_agent(*arguments, environment=environment)
        self.wait_for_connections(1)
        wait_until(lambda: self.states[-1:] == ["online"], "online")

    def wait_for_connections(self, number):
        wait_until(lambda: self.agent.log().count("connected to") >= number, f"connection {number}:\n{self.agent.log()}")

    def ids(self, member):
        return [str(values[1]) for values in self.named(member)]

    def wait_for_call(self, uniqueid):
        wait_until(lambda: ID.format(uniqueid) in self.ids("CallAdded"), f"{uniqueid} in {self.signals}")

    def ended(self):
        return [str(values[1]) for values in self.named("CallChanged") if values[3]["State"] == "ended"]


class WayBack(RealServer):
    def test_who_was_logged_in_comes_back_with_a_token_and_nothing_is_shown(self):
        self.connect()
        self.asterisk.call("1.5")
        self.wait_for_call("1.5")
        for number in (2, 3):
            self.proxy.cut()
            self.wait_for_connections(number)
            self.daemon.wait_for("logged in from 127.0.0.1 by token")
        self.asterisk.call("1.6", "PJSIP/201")
        self.wait_for_call("1.6")
        self.assertEqual(self.proxy.sent.count(b"AUTH PLAIN"), 1)
        self.assertEqual(self.states.count("online"), 1)
        self.assertEqual(self.states[-1], "online")
        self.assertEqual(self.ids("CallAdded"), [ID.format("1.5"), ID.format("1.6")])
        self.assertEqual(self.named("CallChanged"), [])

    def test_over_a_kill_of_astctid_no_call_is_lost_or_doubled(self):
        self.connect()
        self.asterisk.call("1.5")
        self.asterisk.call("1.6", "PJSIP/201")
        self.wait_for_call("1.6")
        self.daemon.kill()
        self.daemon.start()
        self.wait_for_connections(2)
        # The agent is faster than Asterisk, of which the new astctid has not heard yet.
        self.assertEqual(self.ended(), [])
        self.asterisk.log_in()
        self.asterisk.call("1.6", "PJSIP/201")
        self.asterisk.call("1.7", "PJSIP/201")
        self.wait_for_call("1.7")
        wait_until(self.ended, "the end of what has ended")
        self.assertEqual(self.ended(), [ID.format("1.5")])
        self.assertEqual(self.ids("CallAdded"), [ID.format(uniqueid) for uniqueid in ("1.5", "1.6", "1.7")])
        self.assertEqual(self.proxy.sent.count(b"AUTH PLAIN"), 1)

    def test_a_token_that_is_refused_costs_one_password_and_no_loop(self):
        self.connect()
        # Another key than that which the token was signed with.
        os.unlink(self.daemon.state + "/token.key")
        self.daemon.kill()
        self.daemon.start()
        self.wait_for_connections(2)
        self.daemon.wait_for("a key that is not known here")
        self.daemon.wait_for("logged in from 127.0.0.1")
        self.assertEqual((self.proxy.sent.count(b"AUTH TOKEN"), self.proxy.sent.count(b"AUTH PLAIN")), (1, 2))
        # The token that came with the password is good again.
        self.proxy.cut()
        self.wait_for_connections(3)
        self.daemon.wait_for("by token")
        self.assertEqual(self.proxy.sent.count(b"AUTH PLAIN"), 2)

    def test_a_wrong_password_is_told_and_not_tried_again_at_once(self):
        wrong = self.write("wrong", "wrong\n")
        os.chmod(wrong, 0o600)
        self.run_agent(password=wrong)
        self.agent.wait_for_log("refused the name or the password")
        self.assertEqual(self.property("Connection"), "rejected")
        self.assertEqual(self.property("LastError")[0], "org.astcti.Error.NotAuthorized")
        self.assertEqual(self.proxy.connections, 1)
        self.assertEqual(self.proxy.sent.count(b"AUTH"), 1)

    def test_a_clean_restart_is_told_and_the_return_is_spread(self):
        self.connect()
        self.assertEqual(self.daemon.end(), 0)
        self.agent.wait_for_log("closed the connection")
        self.assertIn(b"900 BYE retry=", self.proxy.received)
        self.daemon.start()
        self.wait_for_connections(2)
        self.daemon.wait_for("by token")


class BadNetwork(RealServer):
    def test_byte_by_byte_all_is_heard(self):
        self.proxy.slice = 1
        self.connect()
        self.asterisk.call("1.5", name="Žofie „Řehoř“")
        self.wait_for_call("1.5")
        self.assertEqual(self.named("CallAdded")[0][2]["PeerName"], "Žofie „Řehoř“")

    def test_a_slow_network_delays_and_loses_nothing(self):
        self.proxy.delay = 0.2
        self.connect()
        for uniqueid in ("1.5", "1.6", "1.7"):
            self.asterisk.call(uniqueid)
            self.wait_for_call(uniqueid)
        self.assertEqual(self.agent.log().count("connected to"), 1)

    def test_a_network_that_breaks_in_the_middle_of_an_event_doubles_nothing(self):
        self.connect()
        self.proxy.stall()
        self.asterisk.call("1.5")
        self.proxy.cut()
        self.proxy.stall(False)
        self.wait_for_connections(2)
        self.wait_for_call("1.5")
        self.assertEqual(self.ids("CallAdded"), [ID.format("1.5")])

    def test_a_gap_that_lasts_is_told_and_what_goes_on_appears_again(self):
        self.connect()
        self.asterisk.call("1.5")
        self.wait_for_call("1.5")
        self.proxy.refuses = True
        self.proxy.cut()
        wait_until(self.ended, "the end of what nobody hears of")
        self.assertNotEqual(self.states[-1], "online")
        self.assertEqual(self.property("LastError")[0], "org.astcti.Error.NotConnected")
        self.proxy.refuses = False
        wait_until(lambda: self.states[-1] == "online", "online again")
        self.assertEqual(self.property("LastError")[0], "")
        wait_until(lambda: self.named("CallChanged")[-1][3]["State"] == "ringing", "the call goes on")
        self.assertEqual(self.ids("CallAdded"), [ID.format("1.5")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
