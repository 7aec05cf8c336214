#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of calls against a second one, written from ARCHITECTURE.md alone: the same recordings and the same
random event scripts must tell each account the same, and some things must never be told, whatever comes.

model_test.py ASTCTID [--scripts N] [--seed N]; the long run is --scripts 100000.
"""
import argparse
import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "support"))
import call_checks  # noqa: E402
from naive.replay import Replay  # noqa: E402
from random_scripts import mutations, script  # noqa: E402
from random_scripts.calls import DESKS  # noqa: E402

# Without these an event is about nothing, and what is left of the script is another story.
IDENTITY = re.compile(rb"\w*(Channel[12]?|Uniqueid[12]?|Newname|Oldname|Source|Destination):", re.IGNORECASE)
BATCH = 25
MAX_SHOWN = 8
DESK_ACCOUNTS = [(account, [f"{technology}/{number}" for technology in ("PJSIP", "SIP") for number in numbers])
                 for account, numbers in DESKS.items()]
# A member of a queue as FreePBX has it is one more device of his.
DESK_ACCOUNTS[-1][1].append("Local/205@from-queue")


class Models:
    """Both, told the same."""

    def __init__(self, astctid, accounts, least_rights):
        self.accounts = accounts
        self.least_rights = least_rights
        options = ["--pbx", "pbx1", "--ids", "--variable", "customer", *(["--least-rights"] if least_rights else [])]
        for account, devices in accounts:
            options += ["--account", f"{account}={','.join(devices)}"]
        self.command = [astctid, "--replay", "-", *options]

    def real(self, scripts):
        """The lines of each script."""
        data = b"".join(data if data.endswith(script.END_OF_SCRIPT) else data + script.END_OF_SCRIPT
                        for data in scripts)
        done = subprocess.run(self.command, input=data, capture_output=True, check=False)
        lines = split(done.stdout.decode().splitlines())
        if done.returncode == 0 and len(lines) == len(scripts):
            return lines
        if len(scripts) > 1:
            return [self.real([data])[0] for data in scripts]
        return [[f"exit status {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}"]]

    def naive(self, data):
        replay = Replay("pbx1", self.accounts, ["customer"], least_rights=self.least_rights, with_ids=True)
        return split([*replay.lines(data), "---"])[0]

    def problems(self, data, real, is_whole):
        """What is wrong with one script: sentences."""
        naive = self.naive(data)
        if by_call(real) != by_call(naive):
            yield "the two differ"
        for name, lines in (("astctid", real), ("naive", naive)):
            try:
                yield from (f"{name}: {problem}" for problem in call_checks.broken(data, lines, self.accounts)
                            if is_whole or "left behind" not in problem)
            except ValueError as error:
                yield f"{name}: {error}"


def by_call(lines):
    """Which of two people, or of one's two calls, is told first does not matter."""
    calls = {}
    for line in lines:
        calls.setdefault(tuple(line.split(" ")[:2]), []).append(line)
    return calls


def split(lines):
    """At each ---."""
    blocks = [[]]
    for line in lines:
        if line == "---":
            blocks.append([])
        else:
            blocks[-1].append(line)
    return blocks[:-1]


# The shortest script

def shortest(models, data, is_whole):
    """Whole packets are left out while there is a problem of the same kind, then single headers."""
    wanted = kinds(models, [data], is_whole)[0]
    banner, _, rest = data.partition(b"\r\n")
    packets = [packet.split(b"\r\n") for packet in rest.split(b"\r\n\r\n") if packet]

    def joined(packets):
        return banner + b"\r\n" + b"".join(b"\r\n".join(packet) + b"\r\n\r\n" for packet in packets)

    def fails(candidates):
        """The first that does."""
        found = kinds(models, [joined(candidate) for candidate in candidates], is_whole)
        return next((candidate for candidate, kind in zip(candidates, found) if kind & wanted), None)

    size = max(len(packets) // 2, 1)
    while size:
        candidates = [packets[:at] + packets[at + size:] for at in range(0, len(packets), size)]
        candidates = [candidate for candidate in candidates if not is_whole or candidate[-3:] == packets[-3:]]
        if shorter := fails(candidates):
            packets = shorter
        else:
            size //= 2
    if len(packets) <= 40:
        index = 0
        while index < len(packets) - (3 if is_whole else 0):
            packet = packets[index]
            candidates = [packets[:index] + [packet[:at] + packet[at + 1:]] + packets[index + 1:]
                          for at in range(1, len(packet)) if not IDENTITY.match(packet[at])]
            if shorter := candidates and fails(candidates):
                packets = shorter
            else:
                index += 1
    return joined(packets)


def kinds(models, scripts, is_whole):
    """The first words of the problems of each script."""
    return [{problem.split(":")[1 if ":" in problem else 0][:20]
             for problem in models.problems(data, real, is_whole)}
            for data, real in zip(scripts, models.real(scripts))]


def explain(models, data, problems, is_whole):
    small = shortest(models, data, is_whole)
    real = models.real([small])[0]
    naive = models.naive(small)
    text = [*problems[:3], "shortest script:", *small.decode(errors="replace").splitlines(),
            "astctid tells:", *real, "the naive model tells:", *naive]
    return "\n".join("    " + line for line in text)


# Recordings

def trace_accounts(data):
    """One for each telephone that has a number; and the same with two telephones for each."""
    numbers = sorted(set(re.findall(rb"^(?:Dest)?Channel: ((?:PJSIP|SIP)/\d{3})-", data, re.MULTILINE)))
    devices = [number.decode() for number in numbers]
    yield [("p" + device.partition("/")[2], [device]) for device in devices] or [("none", ["SIP/1"])]
    yield [(f"pair{index}", devices[index:index + 2]) for index in range(0, len(devices), 2)] or [("none", ["SIP/1"])]


def check_traces(astctid):
    failed = checked = 0
    for file in sorted((TESTS / "data" / "ami").glob("*/*.txt")):
        data = file.read_bytes()
        for accounts in trace_accounts(data):
            for least_rights in (False, True):
                models = Models(astctid, accounts, least_rights)
                problems = list(models.problems(data, models.real([data])[0], is_whole=False))
                checked += 1
                if problems:
                    failed += 1
                    rights = "least rights" if least_rights else "all rights"
                    print(f"not ok {file.parent.name}/{file.stem}, {rights}, accounts of {accounts[0][0]}")
                    print(explain(models, data, problems, is_whole=False))
    print(f"{checked - failed} replays of recordings agree, {failed} do not")
    return failed or not checked


# Random scripts

def level_of(seed):
    return mutations.LEVELS[seed % len(mutations.LEVELS)]


def check_batch(job):
    """Counts, and texts about what failed."""
    astctid, seeds, least_rights = job
    models = Models(astctid, DESK_ACCOUNTS, least_rights)
    counts, texts = Counter(), []
    scripts = [script.encode(*script.generate(seed, level_of(seed))) for seed in seeds]
    for seed, data, real in zip(seeds, scripts, models.real(scripts)):
        problems = list(models.problems(data, real, is_whole=True))
        counts["scripts"] += 1
        counts["events"] += len(real)
        counts["failed"] += bool(problems)
        if problems and len(texts) < 1:
            texts.append(f"not ok script {seed} ({level_of(seed)}, least rights {least_rights})\n"
                         + explain(models, data, problems, is_whole=True))
        if level_of(seed) == "none":
            judged, notes = call_checks.judge(data, real)
            counts["calls"] += len({one.number for one in call_checks.expectations(data)})
            counts.update(judged)
            if notes and len(texts) < 1:
                texts.append(f"not ok script {seed}: {'; '.join(notes)}\n    " + "\n    ".join(real))
    return counts, texts


def check_scripts(astctid, first, count):
    seeds = range(first, first + count)
    jobs = [(astctid, seeds[at:at + BATCH], at // BATCH % 4 == 3) for at in range(0, count, BATCH)]
    total, shown, told = Counter(), 0, time.monotonic()
    with multiprocessing.Pool(min(os.cpu_count(), len(jobs))) as pool:
        for counts, texts in pool.imap(check_batch, jobs):
            total.update(counts)
            for text in texts:
                shown += 1
                if shown <= MAX_SHOWN:
                    print(text, flush=True)
            if time.monotonic() - told > 10:
                told = time.monotonic()
                print(f"{total['scripts']} of {count} scripts, {total['failed']} failed", file=sys.stderr, flush=True)
    print(f"{total['scripts']} random scripts from {first}, {total['events']} events told: {total['failed']} failed")
    print(f"{total['calls']} calls without faults: {total['wrong']} wrong desk, {total['missed']} missed, "
          f"{total['double']} double")
    return total["failed"] or total["wrong"] or total["missed"] or total["double"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("astctid")
    parser.add_argument("--scripts", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="number of the first script")
    parser.add_argument("--no-traces", action="store_true")
    options = parser.parse_args()
    failed = 0 if options.no_traces else check_traces(options.astctid)
    return 1 if check_scripts(options.astctid, options.seed, options.scripts) or failed else 0


if __name__ == "__main__":
    sys.exit(main())
