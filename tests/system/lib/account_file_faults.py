# SPDX-License-Identifier: GPL-3.0-or-later
"""What may go wrong with the file of the accounts. Rows as in account_faults.py; as root, in a mount namespace."""
import contextlib
import os
import sqlite3
import subprocess

from account_scene import LOGGED_IN, PASSWORD, md5, scene


@contextlib.contextmanager
def mounted(place, *arguments):
    subprocess.run(["mount", *arguments, place.directory], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", place.directory], check=True)


def no_directory(place):
    """F16 the file's directory is not there at start: it is told, and logins work when it is"""
    away = place.directory + ".away"
    place.fresh()
    os.rename(place.directory, away)
    try:
        with scene(place, log_in=False, fresh=False) as made:
            assert "directory" in made.daemon.wait_for("nobody can log in")
            made.nobody_can()
            os.rename(away, place.directory)
            made.comes_back()
    finally:
        if os.path.exists(away):
            os.rename(away, place.directory)
    return "told; works when it is there"


def damaged(place):
    """F17 the file is overwritten while people are logged in: logins are to try later, until a backup is put back"""
    with scene(place) as made:
        with open(place.file, "rb") as file:
            backup = file.read()
        for wrong in (b"no database at all " * 1000, backup[:4096] + os.urandom(len(backup) - 4096)):
            with open(place.file, "wb") as file:
                file.write(wrong)
            made.nobody_can()
            made.is_told()
            assert "put back a backup" in made.daemon.wait_for("refused: accounts in")
            with open(place.file, "wb") as file:
                file.write(backup)
            made.comes_back()
    return "told; works with the backup"


def removed(place):
    """F17 the file is removed: nobody is there, and it is made anew"""
    with scene(place) as made:
        os.unlink(place.file)
        made.expect("113", "101")
        made.is_told()
        place.add("anna", "PJSIP/202")
        made.all_is_well()
    return "an empty one is made"


def read_only(place):
    """F20 the file cannot be written: people log in, a secret that should become safer stays"""
    place.fresh()
    place.row("berta", md5(PASSWORD))
    with mounted(place, "--bind", place.directory):
        subprocess.run(["mount", "-o", "remount,bind,ro", place.directory], check=True)
        with scene(place, place.element('secrets="wrap"'), fresh=False) as made:
            made.expect(LOGGED_IN, LOGGED_IN, "berta")
            assert "must be allowed to write" in made.daemon.wait_for("could not be made safer")
            made.all_is_well()
            made.is_told()
        code, told = place.ctl("user", "set", "anna", "--ext", "PJSIP/299")
        assert code != 0 and "must be allowed to write" in told, told
    return "logins work; told"


def full(place):
    """F20 the disk is full: people log in, a secret that should become safer stays"""
    with mounted(place, "-t", "tmpfs", "-o", "size=256k", "tmpfs"):
        place.fresh()
        place.row("berta", md5(PASSWORD))
        with contextlib.suppress(OSError), open(place.directory + "/filler", "wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        with scene(place, place.element('secrets="wrap"'), fresh=False) as made:
            made.expect(LOGGED_IN, LOGGED_IN, "berta")
            assert "make room on the disk" in made.daemon.wait_for("could not be made safer")
            made.all_is_well()
            made.is_told()
    return "logins work; told"


def locked(place):
    """F20 another program has the file locked: logins are to try later, and work when it is not"""
    with scene(place) as made:
        with contextlib.closing(sqlite3.connect(place.file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            made.nobody_can()
            made.is_told()
            assert "another program is writing" in made.daemon.wait_for("refused: accounts in")
            other.execute("ROLLBACK")
        made.comes_back()
        with contextlib.closing(sqlite3.connect(place.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            made.all_is_well()  # who writes keeps nobody from reading
    return "told; works when it is not"


def replaced(place):
    """F21 the file is replaced by another, as a backup is put back: the next login has what is in that"""
    with scene(place) as made:
        made.all_is_well()
        os.rename(place.file, place.file + ".old")
        place.fresh()
        place.add("carla")
        made.all_is_well("carla")
        made.all_is_well()
    return "the next login has it"


ROWS = (no_directory, damaged, removed, read_only, full, locked, replaced)
