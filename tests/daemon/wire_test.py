#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""PROTOCOL.md, by a client that was written from it, against the whole daemon: tokens, TLS, desks.
Usage: wire_test.py ASTCTID ASTCTICTL"""
import os
import signal
import socket
import ssl
import sys
import tempfile
import time
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from certificates import Certificates  # noqa: E402
from native_client import Bye, NativeClient  # noqa: E402
from scripted_ami import DEADLINE, Stream  # noqa: E402
from wire_case import LISTEN, WireTest, main  # noqa: E402


class TokenTest(WireTest):
    def test_a_token_brings_one_back_once(self):
        anna = self.client(self.plain).log_in("201", "secret")
        self.assertEqual(anna.life, 600)
        token = anna.token
        anna.close()
        anna.come_back()
        self.daemon.wait_for("logged in from 127.0.0.1 by token for PJSIP/201")
        self.assertNotEqual(anna.token, token)
        anna.token, again = token, anna.token
        self.assert_refused(113, anna.come_back)
        self.daemon.wait_for("its token was used before")
        # On the same connection the password still counts.
        anna.log_in("201", "secret")
        anna.token = again
        anna.come_back()

    def test_after_a_kill_one_comes_back_and_knows_what_happened(self):
        self.second_user()
        self.asterisk.log_in()
        anna, bert = (self.client(self.tls, self.pin()).log_in("201", "secret"),
                      self.client(self.plain).log_in("202", "other"))
        ids, _ = self.asterisk.call_packets(uniqueid="1.5")
        self.asterisk.call(uniqueid="1.5")
        anna.wait_for(lambda: len(anna.calls) == 1)
        epoch, call = anna.epoch, next(iter(anna.calls))
        used = bert.token
        bert.close()
        bert.come_back()
        # A worker writes it down; a kill before that is the gap that PROTOCOL.md tells of.
        until = time.monotonic() + DEADLINE
        while not os.path.getsize(self.daemon.state + "/tokens.used") and time.monotonic() < until:
            bert.ask("NOOP")
        self.daemon.kill()
        self.daemon.start()
        # The new one knows neither: Asterisk has one call, another one, at anna's telephone.
        self.asterisk.log_in()
        self.asterisk.call(uniqueid="1.6")
        self.daemon.log_in()
        ended, new, changed = anna.come_back()
        anna.wait_for(lambda: "pbx1:1.6:201" in anna.calls)
        self.assertEqual((ended, changed), ([call], []), ids)
        self.assertLessEqual(len(new), 1)
        self.assertEqual(list(anna.calls), ["pbx1:1.6:201"])
        self.assertNotEqual(anna.epoch, epoch)
        bert.come_back()
        bert.token = used
        self.assert_refused(113, bert.come_back)
        self.daemon.wait_for("its token was used before")

    def test_a_changed_password_voids_tokens(self):
        anna = self.client(self.plain).log_in("201", "secret")
        changed = self.ctl("user", "passwd", "201", "--password-fd", "0", input="another\n")
        self.assertEqual(changed.returncode, 0, changed.stderr)
        self.assert_refused(113, anna.come_back)
        self.daemon.wait_for("secret was changed after its token was made")

    def test_a_token_of_another_server_is_none_and_one_of_the_same_key_is_good(self):
        anna = self.client(self.plain).log_in("201", "secret")
        with open(self.daemon.state + "/token.key", encoding="ascii") as file:
            key = file.read()
        self.assertEqual(os.stat(self.daemon.state + "/token.key").st_mode & 0o777, 0o600)
        os.unlink(self.daemon.state + "/token.key")
        self.daemon.kill()
        self.daemon.start()
        self.assert_refused(113, anna.come_back)
        self.daemon.wait_for("a key that is not known here")
        with open(self.daemon.path + "/astcti.token-key", "w", encoding="ascii") as file:
            file.write(key)
        self.daemon.kill()
        self.daemon.start()
        anna.come_back()

    def test_a_key_that_is_none_is_told_at_start(self):
        with open(self.daemon.state + "/token.key", "w", encoding="ascii") as file:
            file.write("k1 rubbish\n")
        again = self.daemon.run_again()
        self.assertEqual(again.returncode, 78)
        self.assertIn("token.key: this is no key for tokens", again.stderr)

    def test_who_is_logged_in_asks_for_another_token(self):
        anna = self.client(self.plain).log_in("201", "secret")
        anna.renew()
        anna.come_back()
        here = self.client(self.daemon.socket).log_in_here()
        self.assertIsNone(here.token)
        self.assert_refused(114, here.renew)

    def test_when_the_server_ends_it_says_when_to_come_back(self):
        anna = self.client(self.plain).log_in("201", "secret")
        over_tls = self.client(self.tls, self.pin()).log_in("201", "secret")
        old = self.daemon.connect()
        self.daemon.process.terminate()
        for client in (anna, over_tls):
            with self.assertRaises(Bye) as bye:
                client.wait_for(lambda: False)
            self.assertEqual(bye.exception.retry, 4)  # two clients, 500 a second
        self.assertTrue(old.is_closed())
        self.assertEqual(self.daemon._ended(), 0)
        self.daemon.start()
        anna.come_back(hint=bye.exception.retry)
        self.assertLess(anna.waited, 4)

    def test_a_token_of_nothing_is_refused_three_times(self):
        client = self.client(self.plain)
        for token in ("x", "k1.AAAA", "k1." + "A" * 400):
            self.assert_refused(113, client.ask, "AUTH TOKEN " + token)
        self.assertTrue(client.stream.is_closed())


class TlsTest(WireTest):
    def test_what_is_made_at_the_first_start_stays(self):
        pin = self.pin()
        for file in ("tls.key", "tls.pem"):
            self.assertEqual(os.stat(f"{self.daemon.state}/{file}").st_mode & 0o777, 0o600)
        anna = self.client(self.tls, pin).log_in("201", "secret")
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.pin(), pin)
        anna.come_back()
        # Without its certificate the key is still the same.
        self.daemon.kill()
        os.unlink(self.daemon.state + "/tls.pem")
        self.daemon.start()
        self.assertEqual(self.pin(), pin)

    def test_a_client_with_another_pin_says_nothing(self):
        with self.assertRaises(ssl.SSLError):
            NativeClient(self.tls, "A" * 43 + "=")
        self.client(self.tls, self.pin()).log_in("201", "secret")

    def test_tls_1_1_is_refused(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(self.tls) as sock, self.assertRaises(ssl.SSLError):
            context.wrap_socket(sock)

    def test_who_speaks_in_clear_is_sent_nothing_and_closed(self):
        with socket.create_connection(self.tls) as sock:
            stream = Stream(sock)
            stream.send("STARTTLS\nUSER x\n")
            sock.settimeout(10)
            got = b""
            try:
                while data := sock.recv(4096):
                    got += data
            except ConnectionResetError:
                pass
        self.assertNotIn(b"100", got)
        self.client(self.tls, self.pin()).log_in("201", "secret")

    def test_who_does_not_finish_the_handshake_is_closed(self):
        with socket.create_connection(self.tls) as sock:
            sock.sendall(b"\x16\x03\x01")
            sock.settimeout(9)
            self.assertEqual(sock.recv(1), b"", "closed after 5 s")

    def test_events_come_through_tls(self):
        self.asterisk.log_in()
        anna = self.client(self.tls, self.pin()).log_in("201", "secret")
        self.asterisk.call()
        anna.wait_for(lambda: len(anna.calls) == 1)
        self.assertEqual(next(iter(anna.calls.values()))["calldata"], "12345")


class ReloadTest(WireTest):
    def setUp(self):
        certificates = Certificates(self.enterContext(tempfile.TemporaryDirectory()))
        self.certificates = certificates
        for name in ("first", "second"):
            certificates.make(name, "DNS:astcti.example.com")
        self.use("first")
        self.CTISERVER = (LISTEN + f'<tls certificate-file="{certificates.path("server.pem")}" '
                          f'key-file="{certificates.path("server.key")}"/>')
        super().setUp()

    def use(self, name):
        for kind in ("pem", "key"):
            with open(self.certificates.path(f"{name}.{kind}"), "rb") as source:
                data = source.read()
            target = self.certificates.path(f"server.{kind}")
            with open(target, "wb") as file:
                file.write(data)
            os.chmod(target, 0o600)

    def reload(self):
        return self.ctl("reload", "--control", self.daemon.control)

    def test_a_new_certificate_drops_nobody(self):
        self.asterisk.log_in()
        self.assertEqual(self.pin(), self.certificates.pin("first"))
        anna = self.client(self.tls, self.pin()).log_in("201", "secret")
        self.use("second")
        self.assertEqual(self.pin(), self.certificates.pin("first"), "not before it is asked for")
        done = self.reload()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.certificates.pin("second"), done.stdout)
        late = self.client(self.tls, self.certificates.pin("second")).log_in("201", "secret")
        self.asterisk.call()
        for client in (anna, late):
            client.wait_for(lambda c=client: len(c.calls) == 1)
        self.use("first")
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.wait_for("reloaded; TLS: pin " + self.certificates.pin("first"))
        self.assertEqual(anna.ask("NOOP"), "100 OK")

    def test_a_bad_one_is_told_and_the_old_one_stays(self):
        anna = self.client(self.tls, self.pin()).log_in("201", "secret")
        with open(self.certificates.path("second.key"), "rb") as file:
            other = file.read()
        cases = {
            "certificate cannot be read": ("server.pem", b"rubbish"),
            "key is not that of the certificate": ("server.key", other),
            "key cannot be read": ("server.key", b""),
        }
        for message, (name, data) in cases.items():
            self.use("first")
            with open(self.certificates.path(name), "wb") as file:
                file.write(data)
            done = self.reload()
            self.assertEqual(done.returncode, 1)
            self.assertIn(message, done.stderr)
        self.use("first")
        os.chmod(self.certificates.path("server.key"), 0o644)
        self.assertIn("every user may use the key", self.reload().stderr)
        os.unlink(self.certificates.path("server.key"))
        self.assertIn("there is no file", self.reload().stderr)
        self.assertEqual(anna.ask("NOOP"), "100 OK")
        self.client(self.tls, self.certificates.pin("first")).log_in("201", "secret")


class SeatTest(WireTest):
    def test_a_session_takes_the_telephone_of_the_desk(self):
        self.asterisk.log_in()
        self.assertEqual(self.ctl("seat", "set", "127.0.0.0/8", "PJSIP/301").returncode, 0)
        self.assertEqual(self.ctl("seat", "set", "10.0.0.7", "PJSIP/302").returncode, 0)
        anna, other = (self.client(self.plain).log_in("201", "secret") for _ in range(2))
        for device in ("PJSIP/302", "PJSIP/202", "PJSIP/301&PJSIP/202", "x"):
            self.assert_refused(114, anna.ask, "EXT " + device)
        self.assert_refused(111, anna.ask, "EXT")
        self.assertEqual(anna.ask("EXT PJSIP/301"), "100 OK extension=PJSIP/301")
        anna.wait_for(lambda: anna.extension == "PJSIP/301" and anna.seen[-1] == "SnapshotEnd")
        self.asterisk.call(device="PJSIP/301")
        anna.wait_for(lambda: len(anna.calls) == 1)
        self.assertEqual(anna.ask("ORIG 203|astctidemo|1"), "100 OK")
        self.assertEqual(self.asterisk.expect("Originate")["Channel"], "PJSIP/301")
        self.asterisk.call(uniqueid="4.1")
        other.wait_for(lambda: len(other.calls) == 1)
        self.assertEqual(list(other.calls.values())[0]["channel"], "PJSIP/201-00000001")
        self.assertEqual(len(anna.calls), 1, "her own telephone is another's now")
        self.assertEqual(anna.ask("EXT PJSIP/201"), "100 OK extension=PJSIP/201")
        anna.wait_for(lambda: "pbx1:4.1:201" in anna.calls)


if __name__ == "__main__":
    main()
