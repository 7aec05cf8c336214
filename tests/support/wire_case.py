# SPDX-License-Identifier: GPL-3.0-or-later
"""A test case with the whole daemon, a scripted Asterisk, and native clients by all doors."""
import resource
import subprocess
import sys
import unittest

from astctid import Asterisk, Astctid
from native_client import NativeClient, Refused

PROGRAMS = {}
LISTEN = '<listen address="127.0.0.1" port="{free}"/><listen address="127.0.0.1" port="{free}" tls="yes"/>'


class WireTest(unittest.TestCase):
    CTISERVER = LISTEN
    ENVIRONMENT = {}
    LIMITS = ()  # of prlimit

    def under(self, _directory):
        return ("prlimit", *self.LIMITS) if self.LIMITS else ()

    def setUp(self):
        self.asterisk = Asterisk()
        self.daemon = Astctid(PROGRAMS, self.asterisk.port, ctiserver=self.CTISERVER, under=self.under,
                              environment=self.ENVIRONMENT)
        self.plain = ("127.0.0.1", self.daemon.ports[0])
        self.tls = ("127.0.0.1", self.daemon.ports[1])
        self.clients = []
        self.addCleanup(self.finish)

    def finish(self):
        for client in self.clients:
            client.close()
        self.assertEqual(self.daemon.stop(), 0, "astctid did not end well")
        self.asterisk.close()

    def client(self, *arguments, **more):
        self.clients.append(NativeClient(*arguments, **more))
        return self.clients[-1]

    def ctl(self, *arguments, **more):
        return subprocess.run([PROGRAMS["astctictl"], "--config", self.daemon.config, *arguments],
                              text=True, capture_output=True, check=False, **more)

    def pin(self):
        told = self.ctl("tls", "--control", self.daemon.control)
        self.assertEqual(told.returncode, 0, told.stderr)
        return told.stdout.split("pin ")[1].split(",")[0]

    def assert_refused(self, code, ask, *arguments):
        with self.assertRaises(Refused) as refused:
            ask(*arguments)
        self.assertEqual(refused.exception.code, code, refused.exception)
        return refused.exception

    def second_user(self):
        self.daemon.add_user("202", "PJSIP/202", "other")


def main():
    """Of a test whose arguments are ASTCTID ASTCTICTL."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))
    PROGRAMS["astctid"], PROGRAMS["astctictl"] = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
