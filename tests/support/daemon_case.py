# SPDX-License-Identifier: GPL-3.0-or-later
"""A test of the real astctid with one scripted Asterisk, and how such a test is begun:
NAME_test.py ASTCTID ASTCTICTL [arguments of unittest]"""
import sys
import unittest

from astctid import Asterisk, Astctid

PROGRAMS = {}  # the paths of astctid and astctictl, once main() has begun


class DaemonCase(unittest.TestCase):
    def setUp(self):
        self.asterisk = Asterisk()
        self.daemon = Astctid(PROGRAMS, self.asterisk.port)

    def tearDown(self):
        self.assertEqual(self.daemon.stop(), 0, "astctid did not end well")
        self.asterisk.close()


def main():
    PROGRAMS["astctid"], PROGRAMS["astctictl"] = sys.argv[1:3]
    unittest.main(module="__main__", argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
