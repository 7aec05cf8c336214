#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may go wrong between the daemon and Asterisk, decided by the order of what happens and never by the clock: how long
it takes is printed by fault_table.py. Usage: faults_test.py ASTCTID ASTCTICTL"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from astctid import Asterisk  # noqa: E402
from daemon_case import DaemonCase, main  # noqa: E402

MEBIBYTE = 1 << 20
CUT = 11  # a packet is cut after every so many bytes


class FaultsTest(DaemonCase):
    def start(self):
        self.asterisk.log_in()
        self.daemon.wait_for("AMI connected")
        return self.daemon.log_in()

    def lose(self, client, end):
        """The connection goes in the given way, during a call; a new one brings the same call in its list."""
        ids = self.asterisk.call()
        client.read_until("<Ringing ")
        end()
        self.assertIn('state="down"', client.read_line())
        self.asterisk.log_in(self.listed(ids))
        self.assertIn('state="up"', client.read_line())
        self.assertEqual(client.ask("NOOP"), "100 OK", "told of a call that went on as it was")
        self.hang_up(client, ids)

    def listed(self, ids, state="Ringing"):
        return Asterisk.packet("CoreShowChannel", ActionID="ACTIONID", **ids, ChannelStateDesc=state, Exten="s",
                               ConnectedLineNum="202", ConnectedLineName="Demo 202", Application="AppDial",
                               ChanVariable="calldata=12345")

    def hang_up(self, client, ids):
        self.asterisk.event("Hangup", **ids, Cause="16")
        lines = client.read_until("<Ended ")
        self.assertEqual(len(lines), 1, lines)

    def assert_serves(self, client, uniqueid="1.99"):
        """The next call is told, and nothing is told before it."""
        ids = self.asterisk.call(uniqueid)
        lines = client.read_until("<Ringing ")
        self.assertEqual(len(lines), 1, lines)
        self.assertIn(f'"pbx1:{uniqueid}:201"', lines[0])
        self.hang_up(client, ids)

    # F1, F2, F3, F4

    def test_f1_a_restart_of_asterisk_is_told_and_calls_go_on_where_they_were(self):
        client = self.start()

        def shut_down():
            self.asterisk.event("Shutdown", Privilege="system,all", Shutdown="Cleanly", Restart="True")
            self.asterisk.stream.close()
        self.lose(client, shut_down)
        self.assert_serves(client)

    def test_f1_calls_that_a_reboot_ended_are_over(self):
        client = self.start()
        ids = self.asterisk.call()
        client.read_until("<Ringing ")
        self.asterisk.stream.close()
        self.asterisk.log_in()
        lines = client.read_until("<Ended ")
        self.assertEqual([line.split()[0] for line in lines], ["<Pbx", "<Pbx", "<Ended"])
        self.assertIn(ids["Uniqueid"], lines[-1])
        self.assert_serves(client)

    def test_f2_a_crash_of_asterisk_is_no_different(self):
        client = self.start()
        self.lose(client, lambda: self.asterisk.stream.reset())
        self.assert_serves(client)

    def test_f3_a_reload_disturbs_nobody(self):
        client = self.start()
        for name in ("Reload", "ModuleLoadReport", "FullyBooted"):
            self.asterisk.event(name, Privilege="system,all", Module="res_pjsip.so", Status="0")
        self.assert_serves(client)
        self.assertEqual(self.asterisk.logins, 1)

    def test_f4_an_asterisk_that_is_not_there_is_complained_of_once(self):
        client = self.start()
        self.asterisk.stop_listening()
        self.asterisk.stream.close()
        self.daemon.wait_for("Asterisk closed the connection; trying again")
        self.daemon.wait_for("cannot connect to")
        client.read_until('state="down"')
        self.asterisk.listen_again()
        self.asterisk.log_in()
        self.daemon.wait_for("AMI connected")
        self.assertNotIn("cannot connect", "\n".join(self.daemon.log))
        client.read_until('state="up"')
        self.assert_serves(client)

    def test_f4_one_attempt_at_a_time(self):
        self.asterisk.greet()
        self.asterisk.expect("Challenge")
        self.asterisk.listener.setblocking(False)
        self.assertEqual(self.daemon.connect().ask("HELO 2")[:8], "100 OK 2", "somebody waits for Asterisk")
        with self.assertRaises(BlockingIOError):
            self.asterisk.listener.accept()

    # F6, F7, F8

    def test_f6_bytes_that_come_one_by_one_are_a_call(self):
        client = self.start()
        ids, packets = Asterisk.call_packets()
        self.asterisk.stream.send_in_pieces(b"".join(packets))
        self.assertEqual(len(client.read_until("<Ringing ")), 1)
        self.hang_up(client, ids)

    def test_f6_a_slow_asterisk_keeps_no_client_waiting(self):
        client = self.start()
        client.send("ORIG 203|astctidemo|1\nNOOP\n")
        self.assertEqual(client.read_line(), "100 OK")
        self.assertEqual(client.read_line(), "100 OK")
        # Only now does it read, and it answers nothing.
        self.assertEqual(self.asterisk.expect("Originate")["Exten"], "203")
        self.assert_serves(client)

    def test_f7_an_asterisk_that_is_stuck_in_a_packet_goes_on_with_it(self):
        client = self.start()
        ids, packets = Asterisk.call_packets()
        whole = b"".join(packets)
        self.asterisk.stream.send(whole[:-20])
        self.assertEqual(client.ask("NOOP"), "100 OK", "told of half a packet")
        self.asterisk.stream.send(whole[-20:])
        self.assertEqual(len(client.read_until("<Ringing ")), 1)
        self.hang_up(client, ids)

    def test_f8_half_a_packet_at_the_end_of_a_connection_is_nothing(self):
        client = self.start()
        ids = self.asterisk.call()
        client.read_until("<Ringing ")
        hangup = Asterisk.packet("Hangup", **ids, Cause="16")
        for cut in range(1, len(hangup) - 2, CUT):
            with self.subTest(cut=cut):
                self.asterisk.stream.send(hangup[:cut])
                self.asterisk.stream.close()
                self.assertIn('state="down"', client.read_line())
                self.asterisk.log_in(self.listed(ids))
                self.assertIn('state="up"', client.read_line())
        self.hang_up(client, ids)
        self.assert_serves(client)

    # F9, F10, F11

    def test_f9_rubbish_costs_nobody_a_call(self):
        client = self.start()
        ids, packets = Asterisk.call_packets()
        rubbish = (b"\x00\xff\xfe no colon\r\n\r\n", b": no key\r\n\r\n", b"\r\r\n\x00\r\n\r\n", b"\xef\xbb\xbfEvent: X\r\n\r\n",
                   b"Event\r\n\r\n", b"Event: \xc3\x28\xa0\xa1\r\nChannel: \xf0\x28\x8c\xbc\r\nUniqueid: \x80\r\n\r\n")
        for packet, bad in zip(packets, rubbish):
            self.asterisk.stream.send(bad + packet)
        for bad in rubbish[len(packets):]:
            self.asterisk.stream.send(bad)
        self.assertEqual(len(client.read_until("<Ringing ")), 1)
        self.hang_up(client, ids)

    def test_f10_what_is_huge_is_dropped_and_the_next_packet_counts(self):
        client = self.start()
        for number, huge in enumerate((b"Value: " + b"x" * 20000, b"x: y\r\n" * 600 + b"z: z",
                                       b"\r\n".join(b"%d: %s" % (n, b"x" * 9000) for n in range(9)),
                                       b"Value: " + b"x" * (MEBIBYTE - 100000))):
            self.asterisk.stream.send(b"Event: Newstate\r\n" + huge + b"\r\n\r\n")
            self.daemon.wait_for("a manager packet was dropped: ")
            self.assert_serves(client, f"1.{number + 10}")
        self.assertEqual(self.asterisk.logins, 1)

    def test_f10_a_packet_without_end_is_a_new_connection(self):
        client = self.start()
        try:
            self.asterisk.stream.send(b"Event: X\r\n" + b"x: y\r\n" * (2 * MEBIBYTE // 6))
        except OSError:
            pass  # it had closed already
        self.daemon.wait_for("a packet without end")
        self.assertIn('state="down"', client.read_line())
        self.asterisk.log_in()
        self.assertIn('state="up"', client.read_line())
        self.assert_serves(client)

    def test_f11_every_kind_of_line_end_ends_a_line(self):
        client = self.start()
        for number, end in enumerate((b"\r\n\n", b"\n\n", b"\n\r\n", b"\r\n\r\n\r\n", b"\r\n\r\n\n\n")):
            with self.subTest(end=end):
                ids, packets = Asterisk.call_packets(uniqueid=f"1.{number}")
                for packet in packets:
                    self.asterisk.stream.send(packet[:-4] + end)
                self.assertEqual(len(client.read_until("<Ringing ")), 1)
                self.hang_up(client, ids)

    # F13

    def test_f13_live_events_between_75000_members_of_a_list_count(self):
        login = self.asterisk.challenge()
        client = self.daemon.log_in()
        self.asterisk.answer(login, "Success", "Message: Authentication accepted")
        ids, packets = Asterisk.call_packets()
        asked = {}
        while len(asked) < 3:
            action = self.asterisk.read_action()
            asked[action["Action"]] = action["ActionID"]
        member = Asterisk.packet("QueueMember", ActionID=asked["QueueStatus"], Queue="q", Name="PJSIP/201", Paused="0")
        for packet in packets:
            self.asterisk.stream.send(packet)
            self.asterisk.stream.send(member * (75000 // len(packets)))
        self.assertEqual(len(client.read_until("<Ringing ")), 1)
        self.asterisk.event("BridgeListComplete", ActionID=asked["BridgeList"])
        self.asterisk.event("QueueStatusComplete", ActionID=asked["QueueStatus"])
        self.asterisk.event("CoreShowChannelsComplete", ActionID=asked["CoreShowChannels"])
        self.assertIn('state="up"', client.read_line())
        self.daemon.wait_for("2 channels are there")
        self.hang_up(client, ids)

    # F14, F50

    def test_f14_a_login_that_is_denied_says_what_to_check(self):
        self.asterisk.refuse_login("Authentication failed")
        line = self.daemon.wait_for("login refused")
        self.assertIn('user "cti"', line)
        self.assertIn("manager.conf", line)
        self.assertTrue(self.asterisk.stream.is_closed())
        self.assertIn('state="down"', "".join(self.daemon.log_in().snapshot))

    def test_f14_a_right_that_is_missing_is_named_and_the_pbx_is_not_told_to_be_up(self):
        client = self.daemon.log_in()
        self.asterisk.answer(self.asterisk.challenge(), "Success", "Message: Authentication accepted")
        for _ in range(3):
            self.asterisk.answer(self.asterisk.read_action(), "Error", "Message: Permission denied")
        self.assertIn("write=reporting", self.daemon.wait_for("cannot list the channels (Permission denied)"))
        self.assertTrue(self.asterisk.stream.is_closed())
        self.assertEqual(client.ask("NOOP"), "100 OK", "told of a PBX that it cannot follow")
        self.assertIn('state="down"', "".join(self.daemon.log_in().snapshot))

    def test_f50_a_user_who_is_logged_in_already_is_named(self):
        self.asterisk.refuse_login("Login Already In Use")
        self.assertIn("allowmultiplelogin=no", self.daemon.wait_for("login refused"))
        self.assertTrue(self.asterisk.stream.is_closed())

    # F15

    def test_f15_answers_to_nothing_change_nothing(self):
        client = self.start()
        client.send("ORIG 203|astctidemo|1\n")
        self.assertEqual(client.read_line(), "100 OK")
        action = self.asterisk.expect("Originate")
        for answer in (b"Response: Error\r\nMessage: Missing action in request\r\n\r\n",
                       b"Response: Error\r\nActionID: astcti-999\r\nMessage: No such channel\r\n\r\n",
                       b"Response: Success\r\nActionID: \r\nMessage: Channels will follow\r\n\r\n",
                       b"Event: CoreShowChannelsComplete\r\nActionID: astcti-999\r\n\r\n",
                       b"Event: CoreShowChannelsComplete\r\n\r\n", b"Response: Goodbye\r\n\r\n"):
            self.asterisk.stream.send(answer)
        for _ in range(2):
            self.asterisk.answer(action, "Success", "Message: Originate successfully queued")
        self.assert_serves(client)
        self.assertEqual(self.asterisk.logins, 1)

    # What only looks like an event of a call

    def test_forged_packets_end_invent_and_move_nothing(self):
        client = self.start()
        ids = self.asterisk.call()
        client.read_until("<Ringing ")
        for forged in (
                {"Event": "Hangup", "Channel": ids["Channel"], "Uniqueid": "7.7"},
                {"Event": "Hangup", "Channel": "PJSIP/201-00000002", "Uniqueid": ids["Uniqueid"]},
                {"Event": "Hangup", "Uniqueid": ids["Uniqueid"]},
                {"Event": "Newstate", "Channel": "PJSIP/201-00000009", "Uniqueid": "7.8", "ChannelStateDesc": "Ringing"},
                {"Event": "Rename", "Channel": "PJSIP/202-00000001", "Newname": ids["Channel"], "Uniqueid": "7.9"},
                {"Event": "DialBegin", "DestChannel": "PJSIP/201-00000009", "DestUniqueid": "7.8"},
                {"Event": "BridgeEnter", "Channel": "PJSIP/201-00000009", "Uniqueid": "7.8", "BridgeUniqueid": "b"},
                {"Event": "Newexten", **ids, "AppData": "x\r\nEvent: Hangup"},
                {"Event": "UserEvent", **ids, "UserEvent": f"x\r\nUniqueid: {ids['Uniqueid']}"},
                {"Response": "Success", "Event": "Hangup", "Channel": "PJSIP/201-00000009", "Uniqueid": "7.8"}):
            packet = "".join(f"{key}: {value}\r\n" for key, value in forged.items()) + "\r\n"
            self.asterisk.stream.send(packet)
        self.assertEqual(self.asterisk.expect("BridgeList")["Action"], "BridgeList", "it asks what is true")
        self.assertEqual(client.ask("NOOP"), "100 OK", "told of what was forged")
        self.hang_up(client, ids)

    def test_what_is_behind_a_cut_event_counts_only_if_the_next_list_agrees(self):
        client = self.start()
        ids = self.asterisk.call()
        client.read_until("<Ringing ")
        forged = self.asterisk.packet("Hangup", **ids, Cause="16") + b"".join(self.asterisk.call_packets("1.666")[1])
        self.asterisk.stream.send(b"Event: Newstate\r\nChannel: SIP/trunk-1\r\nCallerIDNum: 1\r\n\r\n" + forged
                                  + b"CallerIDName: x\r\nUniqueid: 1.1\r\n\r\n")
        self.daemon.wait_for("has a line end in it")
        self.asterisk.answer_lists(self.listed(ids))
        self.daemon.wait_for("somebody forges events")
        self.assertEqual(client.ask("NOOP"), "100 OK", "told of what was forged")
        # The end of one whose event came at the wrong moment.
        self.asterisk.stream.send(b"Event: Newstate\r\nChannel: SIP/trunk-1\r\nCallerIDNum: 1\r\n\r\n"
                                  + self.asterisk.packet("Hangup", **ids, Cause="16"))
        self.asterisk.answer_lists()
        lines = client.read_until("<Ended ")
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("<cause>16</cause>", lines[0])
        self.assert_serves(client)

    def test_a_call_that_was_invented_is_taken_back_by_the_next_list(self):
        client = self.start()
        forged = self.asterisk.call_packets("1.666")[1]
        # He knows what follows his number: nothing is missing.
        self.asterisk.stream.send(b"Event: Newstate\r\nChannel: SIP/trunk-1\r\nCallerIDNum: 1\r\nUniqueid: 1.1\r\n\r\n"
                                  + b"".join(forged) + b"CallerIDName: x\r\nUniqueid: 1.1\r\n\r\n")
        client.read_until("<Ringing ")
        self.asterisk.answer_lists()
        lines = client.read_until("<Ended ")
        self.assertEqual(len(lines), 1, lines)
        self.assert_serves(client)


if __name__ == "__main__":
    main()
