# SPDX-License-Identifier: GPL-3.0-or-later
"""What may go wrong with the database server of the accounts. Each row is what to check, and is given the place; it
returns what its line of the table says, and raises if something is wrong."""
import contextlib
import time

from account_scene import LATER, LOGGED_IN, PASSWORD, Scene, md5, scene
from switch import Switch
from waiting import Never, until

TIME_LIMIT = 3  # seconds, of the daemon for one answer of the server; told beside what it took


def timed(action):
    begin = time.monotonic()
    action()
    return f"{time.monotonic() - begin:.1f} s"


def down_at_start(place):
    """F16 the server is down at start: it is told, logins are to try later, and work when it is up"""
    place.fresh()
    place.server.stop()
    try:
        with scene(place, log_in=False, fresh=False) as made:
            told = made.daemon.wait_for("nobody can log in")
            assert "is the server running" in told and f"127.0.0.1:{place.server.port}" in told, told
            made.nobody_can()
            made.nobody_can("nobody")
            place.server.start()
            took = timed(made.comes_back)
            made.client = made.daemon.log_in()
            made.is_told()
    finally:
        place.server.restart()
    return f"logins {took} after it was up"


def dies(place):
    """F17 the server dies: who is logged in notices nothing, logins are to try later, and work when it is back"""
    with scene(place) as made:
        made.all_is_well()
        place.server.kill()
        try:
            made.nobody_can()
            made.is_told()
        finally:
            place.server.start()
        took = timed(made.comes_back)
        made.is_told()
    return f"logins {took} after it was back"


def shut_down_and_up(place):
    """F17 the server is restarted between two logins: the next one works at once"""
    with scene(place) as made:
        made.all_is_well()
        place.server.restart()
        made.all_is_well()
        made.is_told()
    return "the first login works"


def hangs(place):
    """F18 the server hangs: calls are told while logins wait, which are to try later"""
    with scene(place) as made:
        made.all_is_well()
        place.server.pause()
        try:
            asked = made.daemon.connect()
            asked.ask("HELO 2")
            begin = time.monotonic()
            asked.send("AUTH EXTERNAL\n")
            made.is_told()
            told = time.monotonic() - begin
            assert asked.read_line()[:3] == LATER
            took = time.monotonic() - begin
            made.nobody_can()
            made.is_told()
        finally:
            place.server.go_on()
        back = timed(made.comes_back)
        made.is_told()
    return f"call told in {1000 * told:.0f} ms, login answered in {took:.1f} s of {TIME_LIMIT} s, logins {back} after it went on"


def hangs_at_start(place):
    """F18 the server hangs at start: the daemon is ready all the same"""
    place.fresh()
    place.server.pause()
    try:
        with scene(place, log_in=False, fresh=False) as made:
            made.nobody_can()
            made.daemon.wait_for("nobody can log in")
            place.server.go_on()
            made.comes_back()
    finally:
        place.server.go_on()
    return "ready at once"


def locked(place):
    """F20 another program has the table locked: logins are to try later, and work when it is unlocked"""
    with scene(place) as made:
        holder = place.server.begin("USE astcti; LOCK TABLES cti WRITE; SELECT 'locked'; SELECT SLEEP(3600)")
        try:
            assert holder.stdout.readline() == "locked\n"
            made.nobody_can()
            made.is_told()
        finally:
            place.server.sql("; ".join(f"KILL {each}" for each in place.server.connections("root", "SELECT SLEEP")))
            holder.communicate()
        took = timed(made.comes_back)
    return f"logins {took} after"


def read_only(place):
    """F20 the server is read-only: people log in, a secret that should become safer stays, accounts do not change"""
    place.fresh()
    place.row("berta", md5(PASSWORD))
    place.server.restart("--read-only")
    try:
        with scene(place, place.element('secrets="wrap"'), fresh=False) as made:
            made.expect(LOGGED_IN, LOGGED_IN, "berta")
            told = made.daemon.wait_for("could not be made safer")
            assert "read-only" in told and "people can log in, accounts cannot be changed" in told, told
            made.all_is_well()
            made.is_told()
        code, told = place.ctl("user", "set", "anna", "--ext", "PJSIP/299")
        assert code != 0 and "read-only" in told and "accounts cannot be changed" in told, told
        code, told = place.ctl("db", "status")
        assert code != 0 and "writable     no: " in told and "read-only" in told, told
    finally:
        place.server.restart()
    return "logins work; told"


def full(place):
    """F20 the table is full: people log in, a secret that should become safer stays"""
    place.fresh()
    # MyISAM with pointers of two bytes: 64 KiB of rows.
    place.sql("SET GLOBAL myisam_data_pointer_size = 2; ALTER TABLE cti ENGINE = MyISAM MAX_ROWS = 100 AVG_ROW_LENGTH = 10")
    place.row("berta", md5(PASSWORD))
    try:
        for size in (10000, 100, 10, 1):
            try:
                for number in range(2000):
                    place.row(f"full-{size}-{number}", "x" * min(size, 255), None, "x" * min(size, 255))
                    place.sql("INSERT INTO cti SELECT CONCAT(USERNAME, '-', UUID()), SECRET, HOST, NULL FROM cti "
                              "WHERE USERNAME LIKE 'full-%'")
            except RuntimeError as error:
                assert "is full" in str(error), error
        with scene(place, place.element('secrets="wrap"'), fresh=False) as made:
            made.expect(LOGGED_IN, LOGGED_IN, "berta")
            told = made.daemon.wait_for("could not be made safer")
            assert "is full" in told and "make room" in told, told
            made.all_is_well()
            made.is_told()
    finally:
        place.sql("SET GLOBAL myisam_data_pointer_size = 6")
    return "logins work; told"


def fails_over(other):
    def row(place):
        """F21 the connections are reset and lead to another server, of the other kind: no login is lost"""
        place.fresh()
        other_place = type(place)(place.programs, other)
        other_place.fresh()
        switch = Switch(place.server.port)
        try:
            with scene(place, place.element(port=switch.port), fresh=False) as made:
                made.all_is_well()
                other_place.add("carla")
                switch.fail_over(other.port)
                made.all_is_well()
                made.all_is_well("carla")
                made.is_told()
        finally:
            switch.close()
        return f"to {other.name}: the first login works"
    return row


def stale(place):
    """F22 the server ended the connection, which had waited too long: the next login works"""
    by = "by wait_timeout"
    place.server.sql("SET GLOBAL wait_timeout = 1")
    try:
        with scene(place) as made:
            made.all_is_well()
            assert place.server.connections()
            try:
                until(lambda: not place.server.connections(), "the server's patience to end", 8)
            except Never:
                # MySQL 9.7 now and then lets one that nobody uses sleep on for good; Time is 25 then, of 1.
                by = "by hand, as wait_timeout did not end all"
                for each in place.server.connections():
                    with contextlib.suppress(RuntimeError):  # it has just ended
                        place.server.sql(f"KILL {each}")
                until(lambda: not place.server.connections(), "the end of the connections")
            made.all_is_well()
            made.is_told()
    finally:
        place.server.sql("SET GLOBAL wait_timeout = 28800")
    return f"ended {by}: the next login works"


def killed(place):
    """F22 the connections are killed, again and again: the next login works each time"""
    with scene(place) as made:
        for _ in range(10):
            made.all_is_well()
            ids = place.server.connections()
            assert ids
            place.server.sql("; ".join(f"KILL {each}" for each in ids))
            made.all_is_well()
        made.is_told()
    return "10 times: the next login works"


def altered(place):
    """F22 the table changed since the statements were prepared: they are prepared again"""
    with scene(place) as made:
        made.all_is_well()
        for change in ("ADD COLUMN PHOTO int FIRST", "MODIFY SECRET varchar(300)", "DROP COLUMN PHOTO",
                       "ENGINE = MyISAM", "ENGINE = InnoDB", "CONVERT TO CHARACTER SET utf8mb4"):
            place.sql("ALTER TABLE cti " + change)
            made.all_is_well()
        place.server.sql("FLUSH TABLES")
        made.all_is_well()
        place.sql("RENAME TABLE cti TO old; CREATE TABLE cti LIKE old; INSERT INTO cti SELECT * FROM old")
        made.all_is_well()
        made.is_told()
    return "8 changes: the next login works each time"


def refuses_us(place):
    """F16 the server knows not our password, user or database, or lets us read nothing: it is told which"""
    user = f"{place.server.USER}@'127.0.0.1'"
    changes = {
        f"ALTER USER {user} IDENTIFIED BY 'another'": ("check user and password", f"ALTER USER {user} IDENTIFIED BY "
                                                       f"'{place.server.PASSWORD}'"),
        f"RENAME USER {user} TO other@localhost": ("check user and password", f"RENAME USER other@localhost TO {user}"),
        f"REVOKE ALL ON astcti.* FROM {user}": ("grants", f"GRANT ALL ON astcti.* TO {user}"),
        f"REVOKE SELECT ON astcti.* FROM {user}": ("SELECT, INSERT, UPDATE and DELETE",
                                                   f"GRANT ALL ON astcti.* TO {user}"),
        "DROP DATABASE astcti": ("make the database", None),
    }
    for change, (advice, undo) in changes.items():
        place.fresh()
        place.server.sql(change)
        made = Scene(place, log_in=False)
        try:
            told = made.daemon.wait_for("nobody can log in")
            assert advice in told, f"{change}: {told}"
            made.nobody_can()
            if undo:
                place.server.sql(undo)
            else:
                place.fresh()
            made.comes_back()
        finally:
            made.close()
    return f"{len(changes)} ways, each told with what to do"


def rows(other):
    return (down_at_start, refuses_us, dies, shut_down_and_up, hangs, hangs_at_start, locked, read_only, full,
            fails_over(other), stale, killed, altered)
