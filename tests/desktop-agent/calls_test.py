#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's calls, as the session bus sees them."""
import json
import os
import signal
import unittest
import xml.etree.ElementTree as ElementTree

import dbus

from desktop import NAME, PATH, Desktop
from fake_server import ANSWERED, CALL, ENDED
from program import wait_until

CALL_PATH = PATH + "/calls/pbx1_3a1795406933_2e1_3a201"
CALL_INTERFACE = NAME + ".Call"
ALL = {
    "Id": "pbx1:1795406933.1:201", "Pbx": "pbx1", "UniqueId": "1795406933.1",
    "LinkedId": "1795406931.0", "Direction": "inbound", "State": "ringing", "EndReason": "",
    "Cause": 0, "OwnNumber": "", "OwnName": "", "PeerNumber": "202", "PeerName": "Demo 202",
    "PeerUniqueId": "", "Presentation": "allowed", "Internal": False, "CalledNumber": "100",
    "Channel": "PJSIP/201-00000001", "Devices": ["PJSIP/201"], "AnsweredBy": "", "Context": "astctidemo", "Queue": "astcti",
    "CallData": "12345", "Variables": {}, "StartTime": 1795406933000000, "AnswerTime": 0, "EndTime": 0,
}


def shape(interface):
    """An interface as it is described, without the words about it."""
    return sorted(
        (member.tag, member.get("name"), member.get("access"),
         [(argument.get("name"), argument.get("type"), argument.get("direction", "out"))
          for argument in member.iter("arg")],
         member.get("type"))
        for member in interface if member.tag in ("method", "signal", "property"))


class Calls(Desktop):
    maxDiff = None

    def managed(self):
        agent = self.bus.get_object(NAME, PATH, introspect=False)
        return dbus.Interface(agent, "org.freedesktop.DBus.ObjectManager").GetManagedObjects()

    def test_a_call_is_added_changed_and_ended_with_all_properties(self):
        server = self.start()
        server.call("Ringing", CALL)
        path, call_id, properties = self.wait_for_signal("CallAdded")
        self.assertEqual((path, call_id), (CALL_PATH, ALL["Id"]))
        self.assertEqual(properties, ALL)
        self.assertEqual(self.managed(), {CALL_PATH: {CALL_INTERFACE: ALL}})

        server.call("Answered", ANSWERED)
        path, call_id, changed, properties = self.wait_for_signal("CallChanged")
        self.assertEqual(changed, ["State", "AnsweredBy", "AnswerTime"])
        self.assertEqual(properties, {**ALL, "State": "answered", "AnsweredBy": "PJSIP/201",
                                      "AnswerTime": 1795406935000000})
        self.assertEqual(self.property("State", CALL_PATH, CALL_INTERFACE), "answered")

        server.call("Ended", ENDED)
        _, _, changed, properties = self.wait_for_signal("CallChanged", 2)
        self.assertEqual(changed, ["State", "EndReason", "Cause", "EndTime"])
        self.assertEqual(properties["EndReason"], "normal")
        self.assertEqual(properties["Cause"], 16)
        self.assertIn(CALL_PATH, self.managed())

    def test_of_two_telephones_that_ring_the_one_that_answers_is_told(self):
        server = self.start()
        server.call("Ringing", CALL)
        server.call("Answered", {**ANSWERED, "channel": "PJSIP/211-00000002", "uniqueid": "1795406933.2", "own-number": "211"})
        server.call("Ended", {**ENDED, "channel": "PJSIP/211-00000002", "uniqueid": "1795406933.2", "own-number": "211"})
        self.wait_for_signal("CallChanged", 2)
        told = [values[-1] for values in self.named("CallAdded") + self.named("CallChanged")]
        self.assertEqual([(call["Id"], call["Devices"], call["AnsweredBy"]) for call in told],
                         [(ALL["Id"], ["PJSIP/201"], ""), (ALL["Id"], ["PJSIP/211"], "PJSIP/211"),
                          (ALL["Id"], ["PJSIP/211"], "PJSIP/211")])

    def test_a_call_is_held_taken_back_and_handed_on(self):
        server = self.start()
        server.call("Ringing", CALL)
        server.call("Answered", ANSWERED)
        server.call("Held", ANSWERED)
        server.call("Resumed", ANSWERED)
        server.call("Ended", {**ENDED, "end-reason": "transferred"})
        self.wait_for_signal("CallChanged", 4)
        told = [(changed, properties["State"]) for _, _, changed, properties in self.named("CallChanged")]
        self.assertEqual(told, [(["State", "AnsweredBy", "AnswerTime"], "answered"), (["State"], "held"), (["State"], "answered"),
                                (["State", "EndReason", "Cause", "EndTime"], "ended")])
        self.assertEqual(self.named("CallChanged")[-1][3]["EndReason"], "transferred")

    def test_who_picks_up_a_call_gets_it_with_all_that_is_new(self):
        server = self.start()
        server.call("Dialing", {"direction": "outbound", "uniqueid": "1", "channel": "PJSIP/201-1",
                                "own-number": "201", "own-name": "Anna", "peer-number": "*8"})
        server.call("Answered", {**ANSWERED, "own-number": "201", "own-name": "Anna", "internal": "yes"})
        _, _, changed, properties = self.wait_for_signal("CallChanged")
        self.assertLess({"Direction", "State", "PeerNumber", "PeerName", "Internal"}, set(changed))
        wanted = {"Direction": "inbound", "OwnNumber": "201", "OwnName": "Anna", "Internal": True, "Presentation": "allowed"}
        self.assertEqual({name: properties[name] for name in wanted}, wanted)
        without = {key: value for key, value in ANSWERED.items() if not key.startswith("peer-")}
        server.call("Peer", {**without, "own-number": "201", "own-name": "Anna", "presentation": "withheld"})
        _, _, changed, properties = self.wait_for_signal("CallChanged", 2)
        self.assertEqual(changed, ["PeerNumber", "PeerName", "Presentation", "Internal"])
        self.assertEqual((properties["PeerNumber"], properties["Presentation"]), ("", "withheld"))

    def test_an_ended_call_is_gone_after_a_while(self):
        server = self.start()
        server.call("Ringing", CALL)
        server.call("Ended", ENDED)
        self.wait_for_signal("CallChanged")
        wait_until(lambda: self.named("CallRemoved"), "CallRemoved", deadline=40)
        self.assertEqual(self.named("CallRemoved")[0][2]["State"], "ended")
        self.assertEqual(self.managed(), {})

    def test_the_standard_interfaces_tell_the_same(self):
        seen = []
        for interface, member in (("org.freedesktop.DBus.ObjectManager", "InterfacesAdded"),
                                  ("org.freedesktop.DBus.ObjectManager", "InterfacesRemoved"),
                                  ("org.freedesktop.DBus.Properties", "PropertiesChanged")):
            self.addCleanup(self.bus.add_signal_receiver(
                lambda *values, member=None, path=None: seen.append((member, path, values)),
                signal_name=member, dbus_interface=interface, bus_name=NAME,
                path_keyword="path", member_keyword="member").remove)
        server = self.start()
        server.call("Ringing", CALL)
        server.call("Answered", ANSWERED)
        self.wait_for_signal("CallChanged")
        self.assertIn(("InterfacesAdded", PATH, (CALL_PATH, {CALL_INTERFACE: ALL})), seen)
        self.assertIn(("PropertiesChanged", CALL_PATH,
                       (CALL_INTERFACE, {"State": "answered", "AnsweredBy": "PJSIP/201", "AnswerTime": 1795406935000000}, [])), seen)
        self.agent.stop()
        wait_until(lambda: ("InterfacesRemoved", PATH, (CALL_PATH, [CALL_INTERFACE])) in seen,
                   "InterfacesRemoved")

    def test_the_properties_of_the_agent_tell_where_it_is(self):
        self.start()
        self.assertEqual(self.property("Connection"), "online")
        self.assertEqual(self.property("Server"), self.server.address)
        self.assertEqual(self.property("User"), "anna")
        self.assertEqual(self.property("Extensions"), ["PJSIP/201"])
        self.assertEqual(self.property("Pbxs"), {"pbx1": "up"})
        self.assertEqual(self.property("LastError"), ("", ""))

    def test_what_is_exported_is_what_the_xml_describes(self):
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_signal("CallAdded")
        for path, interface in ((PATH, NAME), (CALL_PATH, CALL_INTERFACE)):
            proxy = self.bus.get_object(NAME, path, introspect=False)
            live = ElementTree.fromstring(
                dbus.Interface(proxy, "org.freedesktop.DBus.Introspectable").Introspect())
            described = ElementTree.parse(
                os.path.join(os.environ["ASTCTI_SOURCE_DIR"], "dbus", interface + ".xml"))
            wanted = f"interface[@name='{interface}']"
            self.assertEqual(shape(live.find(wanted)), shape(described.getroot().find(wanted)))

    def test_what_the_caller_typed_can_be_kept_from_other_programs(self):
        environment = self.settings("share-call-data=false\n")
        self.agent = self.run_program("--server", self.server.address, environment=environment)
        server = self.server.accept_and_log_in()
        self.agent.wait_for_log("connected to")
        server.call("Ringing", CALL)
        _, _, properties = self.wait_for_signal("CallAdded")
        self.assertEqual((properties["CallData"], properties["Variables"], properties["PeerNumber"]), ("", {}, "202"))
        server.call("Peer", {**CALL, "calldata": "99999"})
        server.call("Answered", {**ANSWERED, "calldata": "99999"})
        _, _, changed, properties = self.wait_for_signal("CallChanged")
        self.assertEqual(changed, ["State", "AnsweredBy", "AnswerTime"])
        self.assertNotIn("99999", str((self.signals, self.managed())))
        self.assertNotIn("99999", str(self.explain(ALL["Id"])))

    def test_notifications_are_muted_by_a_property_that_stays(self):
        environment = self.settings("")
        for wanted in (False, True):
            self.agent = self.run_program("--server", self.server.address, environment=environment)
            self.server.accept_and_log_in()
            self.agent.wait_for_log("connected to")
            self.assertEqual(self.property("PopupsMuted"), wanted)
            self.set_property("PopupsMuted", True)
            self.assertEqual(self.property("PopupsMuted"), True)
            with self.assertRaisesRegex(dbus.DBusException, "PopupsMuted|type"):
                self.set_property("PopupsMuted", "yes")
            self.assertEqual(self.agent.stop(), 0)
            wait_until(lambda: not self.bus.name_has_owner(NAME), "the end of the agent on the bus")

    def test_a_signal_ends_it_cleanly_and_takes_the_calls_away(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(how=how):
                server = self.start()
                server.call("Ringing", CALL)
                self.wait_for_signal("CallAdded")
                self.assertEqual(self.agent.stop(how), 0)
                _, call_id, properties = self.wait_for_signal("CallRemoved")
                self.assertEqual(call_id, ALL["Id"])
                self.assertEqual(properties, ALL)
                self.assertEqual(server.line(), "QUIT")
                self.signals.clear()

    def test_a_later_snapshot_replaces_everything(self):
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_signal("CallAdded")
        server.snapshot(("Ringing", {**CALL, "peer-number": "203"}, "pbx1:2.2:201"))
        _, _, changed, properties = self.wait_for_signal("CallChanged")
        self.assertEqual((properties["Id"], properties["State"]), (ALL["Id"], "ended"))
        self.assertEqual(self.wait_for_signal("CallAdded", 2)[1], "pbx1:2.2:201")

    def test_the_monitor_prints_a_line_for_each_event_present_calls_first(self):
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_signal("CallAdded")
        monitor = self.run_program("--monitor", name="monitor")
        rest = '202 "Demo 202" calldata 12345 queue astcti context astctidemo id pbx1:1795406933.1:201'
        wait_until(lambda: monitor.output() == f"ringing: {rest}\n", "the call that was there")
        server.call("Answered", ANSWERED)
        server.call("Held", ANSWERED)
        server.call("Ended", ENDED)
        wait_until(lambda: monitor.output() ==
                   f"ringing: {rest}\nanswered: {rest}\nheld: {rest}\nended: {rest} reason normal\n",
                   "four lines, not " + monitor.output())
        self.assertEqual(monitor.stop(signal.SIGINT), 0)

    def test_the_monitor_prints_json_that_has_everything(self):
        server = self.start()
        hostile = "<b>\"\\\u009b2J\u00e9"
        server.call("Ringing", {**CALL, "peer-name": hostile})
        self.wait_for_signal("CallAdded")
        monitor = self.run_program("--monitor", "--json", name="monitor")
        wait_until(lambda: monitor.output().count("\n") == 1, "the call that was there")
        server.call("Answered", ANSWERED)
        server.call("Ringing", CALL, "pbx1:2:201")
        wait_until(lambda: monitor.output().count("\n") == 3, "three lines")
        self.assertEqual(monitor.stop(signal.SIGINT), 0)
        first, second, third = [json.loads(line) for line in monitor.output().splitlines()]
        self.assertEqual(first, {"event": "present", "call": {**ALL, "PeerName": hostile}})
        self.assertEqual((second["event"], second["call"]["State"]), ("changed", "answered"))
        self.assertIn("State", second["changed"])
        self.assertEqual(third, {"event": "added", "call": {**ALL, "Id": "pbx1:2:201"}})

    def test_there_is_one_in_a_session_and_quit_ends_it(self):
        self.start()
        second = self.run_program("--server", self.server.address, name="second")
        self.assertEqual(second.wait_for_end(), 0)
        self.assertIn("running already", second.log())
        quitter = self.run_program("--quit", name="quit")
        self.assertEqual(quitter.wait_for_end(), 0)
        self.assertEqual(self.agent.wait_for_end(), 0)
        again = self.run_program("--quit", name="again")
        self.assertEqual(again.wait_for_end(), 0)
        self.assertIn("is not running", again.log())


if __name__ == "__main__":
    unittest.main(verbosity=2)
