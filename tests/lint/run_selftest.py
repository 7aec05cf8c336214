#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/run counts what ran, and fails if anything failed, was skipped or did not run.

It is run on a small tree of its own, with programs that build nothing.
"""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PROGRAMS = {
    # A build directory, and whatever test log the case wants.
    "meson": """
case $1 in
setup) for dir; do [[ $dir != */base/* ]] || { mkdir -p "$dir/meson-logs"; touch "$dir/build.ninja"; }; done ;;
test) printf '%s' "$TESTLOG" >"$3/meson-logs/testlog.json"; exit "$TEST_STATUS" ;;
esac""",
    "ninja": 'exit "$BUILD_STATUS"',
    "run-clang-tidy": 'exit "$TIDY_STATUS"',
    "dpkg-query": "printf installed",
}
PASSED = '{"name": "a", "result": "OK"}\n'
FAILED = '{"name": "b", "result": "FAIL", "stdout": "what it said"}\n'
SKIPPED = '{"name": "c", "result": "SKIP"}\n'
# Four configured, four built, clang-tidy, and one fuzzer.
BUILDS = 10
# lint, and the tests of two builds
TESTED = 3


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)
        (self.top / "tests/system").mkdir(parents=True)
        shutil.copytree(TOP / "tests/lib", self.top / "tests/lib")
        shutil.copy(TOP / "tests/run", self.top / "tests/run")
        shutil.copytree(TOP / "demo/lib", self.top / "demo/lib")
        (self.top / "bin").mkdir()
        (self.top / "tests/fuzz").mkdir()
        self.fuzzers("echo ok packet_parser: 12 executions")
        for name, text in PROGRAMS.items():
            self.program(f"bin/{name}", text)

    def program(self, name, text):
        file = self.top / name
        file.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
        file.chmod(0o755)

    def run_tests(self, part, **settings):
        """The exit status, the last line, and all of the output."""
        values = {"TESTLOG": PASSED, "TEST_STATUS": "0", "BUILD_STATUS": "0", "TIDY_STATUS": "0", **settings}
        path = f"{self.top}/bin:{os.environ['PATH']}"
        done = subprocess.run(
            [self.top / "tests/run", part, "--build-dir-base", self.top / "base"],
            env={**os.environ, **values, "PATH": path},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout.splitlines()[-1], done.stdout

    def assert_run(self, part, status, last, told="", **settings):
        found = self.run_tests(part, **settings)
        self.assertEqual(found[:2], (status, last), found[2])
        self.assertIn(told, found[2])

    def fuzzers(self, text):
        self.program("tests/fuzz/run", text)

    def system_test(self, text):
        self.program("tests/system/x", text)

    def test_all_that_ran_is_counted(self):
        self.assert_run("--unit", 0, f"{BUILDS + TESTED * 2} passed, 0 failed", TESTLOG=PASSED * 2)

    def test_what_failed_is_told_with_its_output(self):
        self.assert_run(
            "--unit", 1, f"{BUILDS + TESTED} passed, {TESTED} failed", "what it said", TESTLOG=PASSED + FAILED
        )

    def test_skipped_is_failed(self):
        self.assert_run("--unit", 1, f"{BUILDS} passed, {TESTED} failed", "c: SKIP", TESTLOG=SKIPPED)

    def test_no_tests_is_failed(self):
        self.assert_run("--unit", 1, f"{BUILDS} passed, {TESTED} failed", "no test ran", TESTLOG="")

    def test_what_only_the_exit_status_tells_is_failed(self):
        self.assert_run("--unit", 1, f"{BUILDS + TESTED * 2} passed, {TESTED} failed", TESTLOG=PASSED * 2, TEST_STATUS="1")

    def test_a_build_that_fails_has_no_tests_and_the_rest_goes_on(self):
        self.assert_run("--unit", 1, "7 passed, 4 failed", "build: minimal", BUILD_STATUS="1")

    def test_clang_tidy_counts(self):
        self.assert_run("--unit", 1, f"{BUILDS - 1 + TESTED} passed, 1 failed", "clang-tidy", TIDY_STATUS="1")

    def test_each_fuzzer_counts(self):
        self.fuzzers("echo ok a; echo not ok b: a crash; exit 1")
        self.assert_run("--unit", 1, f"{BUILDS + TESTED} passed, 1 failed", "not ok b: a crash")
        self.fuzzers("echo a compiler is missing; exit 1")
        self.assert_run("--unit", 1, f"{BUILDS - 1 + TESTED} passed, 1 failed", "a compiler is missing")

    def test_each_check_of_a_system_test_is_counted(self):
        self.system_test("echo ok a; echo ok b")
        self.assert_run("--system", 0, "4 passed, 0 failed")

    def test_a_check_of_a_system_test_that_fails_is_told(self):
        self.system_test("echo ok a; echo 'not ok b: because'; exit 1")
        self.assert_run("--system", 1, "3 passed, 1 failed", "not ok b: because")

    def test_a_system_test_that_says_nothing_or_breaks_is_failed(self):
        self.system_test("true")
        self.assert_run("--system", 1, "2 passed, 1 failed")
        self.system_test("echo ok a; exit 3")
        self.assert_run("--system", 1, "3 passed, 1 failed")

    def test_no_system_tests_is_failed(self):
        self.assert_run("--system", 1, "2 passed, 1 failed")

    def test_an_error_that_ends_the_run_early_is_counted(self):
        self.program("bin/dpkg-query", "")
        self.program("bin/apt-get", "exit 100")
        self.program("bin/sudo", "exit 1")
        self.assert_run("--system", 1, "0 passed, 1 failed", "cannot install packages")
        self.assert_run("--system", 1, "0 passed, 1 failed", "failed: the run ended early, with status 1")


if __name__ == "__main__":
    unittest.main()
