# SPDX-License-Identifier: GPL-3.0-or-later
"""What any database may hold, and whoever logs in may send. Rows as in account_faults.py."""
import base64
import os
import statistics
import time

from account_scene import LATER, LOGGED_IN, ORIGINAL_ERROR, PASSWORD, REFUSED, md5, scene
from waiting import until

WRAPPED = "{Y-MD5}$y$j9T$"


def schema(place):
    """F19 tables that lack something, or are of a later version: it is told what, and nobody is let in meanwhile"""
    later = ("PRAGMA user_version = 99" if place.kind == "sqlite" else "UPDATE cti_schema SET VERSION = 99")
    cases = {
        "ALTER TABLE cti DROP COLUMN HOST": ("no column HOST", "HOST"),
        "ALTER TABLE cti RENAME COLUMN SECRET TO PASSWD": ("no column SECRET", "SECRET"),
        "DROP TABLE cti": ("no table cti", "cti"),
        later: ("later version", "later version of AstCTI"),
    }
    for change, (status, told) in cases.items():
        place.fresh()
        place.sql(change)
        with scene(place, log_in=False, fresh=False) as made:
            assert told in made.daemon.wait_for("nobody can log in"), change
            made.nobody_can()
            assert told in made.daemon.wait_for("refused: accounts in"), change
            code, text = place.ctl("db", "status")
            assert code != 0 and status in text, f"{change}: {text}"
            place.fresh()
            made.comes_back()
    return f"{len(cases)} kinds told; works when mended"


def older(place):
    """F19 tables of an older version: people log in"""
    place.fresh()
    place.sql("DROP TABLE cti_device; DROP TABLE cti_seat; " +
              ("PRAGMA user_version = 1" if place.kind == "sqlite" else "DROP TABLE cti_schema"))
    with scene(place, fresh=False) as made:
        made.all_is_well()
        made.is_told()
    return "logins work"


def lost_table(place):
    """F19 the table of further telephones is lost: people log in, the administrator is told, and makes it anew"""
    place.fresh()
    place.sql("DROP TABLE cti_device")
    code, told = place.ctl("db", "status")
    assert code != 0 and "cti_device is lost" in told, told
    with scene(place, fresh=False) as made:
        made.all_is_well()
        made.is_told()
        code, told = place.ctl("db", "migrate")
        assert code == 0, told
        code, told = place.ctl("user", "device", "add", "anna", "PJSIP/301")
        assert code == 0, told
        made.all_is_well()
    code, told = place.ctl("db", "status")
    assert code == 0, told
    return "logins work; told; migrate makes it"


def character_sets(place):
    """F19 any character set of the table: who can be in it logs in, who cannot is nobody"""
    if place.kind == "sqlite":
        sets = ("UTF-16",)
    else:
        sets = ("latin1", "utf8mb3", "utf8mb4", "utf8mb4 COLLATE utf8mb4_bin", "ucs2", "cp1250", "ascii")
    for name in sets:
        if place.kind == "sqlite":
            place.empty()
            place.sql(f"PRAGMA encoding = '{name}'; VACUUM;")
            place.ctl("db", "migrate")
            place.add("anna", "PJSIP/202")
            place.add("201", "PJSIP/201")
        else:
            place.fresh()
            place.sql(f"ALTER TABLE cti CONVERT TO CHARACTER SET {name}")
        has_it = name != "ascii"
        if has_it:
            place.row("zoë", md5(PASSWORD))
        with scene(place, fresh=False) as made:
            made.all_is_well()
            if has_it:
                made.all_is_well("zoë")
            for nobody in ("zoe", "ZOË", "zo\u00eb\u0301", "😀", "жук", "zo?"):
                made.expect(REFUSED, ORIGINAL_ERROR, nobody)
            made.is_told()
    return ", ".join(sets)


def alike(place):
    """T48 users `Admin` and `admin ` are not `admin`, whatever the collation; where all are there each is its own"""
    place.fresh()
    place.add("admin")
    others = ("Admin", "ADMIN", "admin ", " admin", "admin\u00a0", "аdmin", "admin\u200b", "ａｄｍｉｎ")
    with scene(place, fresh=False) as made:
        for other in others:
            assert made.native(other) == REFUSED, other
            assert made.original(other) == ORIGINAL_ERROR, other
        made.all_is_well("admin")
        if place.is_server:  # so that the table takes them all
            place.sql("ALTER TABLE cti MODIFY USERNAME varbinary(255)")
        for number, other in enumerate(others):
            place.row(other, md5(f"own {number}"))
        for number, other in enumerate(others):
            assert made.native(other, f"own {number}") == LOGGED_IN, other
            assert made.native(other) == REFUSED, other
            assert made.native("admin", f"own {number}") == REFUSED, other
        made.all_is_well("admin")
    code, told = place.ctl("db", "status")
    assert code != 0 and '"Admin"' in told and '"admin "' in told and "look alike" in told, told
    return f"{len(others)} names refused, then each its own"


def no_secrets(place):
    """F19 a secret that is none lets nobody in, whatever is sent; and keeps nobody else out"""
    stored = [None, "", " ", "*", "!", PASSWORD, "{Y}", "{Y-MD5}", "{Y}" + PASSWORD, "$y$", WRAPPED, WRAPPED + "$",
              "{Y-MD5}" + md5(PASSWORD), "{y-md5}$y$j9T$aaaaaaaa$" + "b" * 43, "{Y-MD5}$y$jZZ$aaaaaaaa$" + "b" * 43,
              "{Y-MD5}$1$aaaaaaaa$bbbbbbbbbbbbbbbbbbbbbb", md5(PASSWORD)[:-1], md5(PASSWORD) + "0", md5(PASSWORD) + " ",
              "z" * 32, "x" * 255]
    place.fresh()
    for number, secret in enumerate(stored):
        place.row(f"none{number}", secret)
    with scene(place, fresh=False) as made:
        for number, secret in enumerate(stored):
            for sent in (PASSWORD, secret or "x", ""):
                assert made.native(f"none{number}", sent) in (REFUSED, "111"), (secret, sent)
            assert made.original(f"none{number}") == ORIGINAL_ERROR, secret
            assert made.daemon.log_in_as_the_original(f"none{number}", secret or "x")[:3] == ORIGINAL_ERROR, secret
        made.all_is_well()
    code, told = place.ctl("db", "status")
    assert code != 0 and "SECRET is none" in told, told
    return f"{len(stored)} kinds"


def too_long(place):
    """F19 a row with a value of 5000 bytes: its user cannot log in, and keeps nobody else out"""
    place.fresh()
    if place.is_server:
        place.sql("ALTER TABLE cti MODIFY HOST text")
    place.row("giant", md5(PASSWORD), None, "x" * 5000)
    with scene(place, fresh=False) as made:
        for _ in range(5):
            assert made.native("giant") != LOGGED_IN
            made.all_is_well()
        made.is_told()
    return "others log in"


def same_telephone(place):
    """F19 another row for the same EXT: both log in, both are told of its calls, and the administrator that it is so"""
    place.fresh()
    if place.is_server:
        place.sql("ALTER TABLE cti DROP KEY EXT")
    else:
        place.sql("CREATE TABLE c2 AS SELECT * FROM cti; DROP TABLE cti; ALTER TABLE c2 RENAME TO cti;")
    place.row("berta", md5(PASSWORD), "PJSIP/201")
    with scene(place, fresh=False) as made:
        second, answer = made.daemon.log_in_by("berta", PASSWORD)
        assert answer[:3] == LOGGED_IN, answer
        second.read_until("<SnapshotEnd")
        made.pbx.is_told(made.client, lambda: second.read_until("<Ringing "))
        second.read_until("<Ended ")
    code, told = place.ctl("db", "status")
    assert code != 0 and "the same EXT" in told and "PJSIP/201" in told and "berta" in told, told
    return "both are told; db status names both"


def injections(place):
    """T19 names and passwords that look like SQL are names that nobody has and passwords that are wrong"""
    texts = ("' OR '1'='1", "anna' -- ", "anna' #", "anna'/*", "anna\\' OR 1=1 #", "' UNION SELECT 'anna','','','",
             "anna'; DROP TABLE cti; --", "\"; DELETE FROM cti; --", "anna' AND SLEEP(5) AND '1'='1", "%", "_nna", "anna\\",
             "anna%00", "a\xbf' OR 1=1 --", "';UPDATE cti SET SECRET='x", "?", ":1", "@@version", "anna' LIMIT 1 --",
             "1; PRAGMA writable_schema=1", "' OR USERNAME LIKE '%", "0x616e6e61", "CHAR(97,110,110,97)")
    place.fresh()
    before = place.sql("SELECT * FROM cti")
    with scene(place, fresh=False) as made:
        def send_all():
            for text in texts:
                made.expect(REFUSED, ORIGINAL_ERROR, text)
                assert made.native("anna", text) == REFUSED, text
                # Else they would be too many, and be put off.
                assert made.native() == LOGGED_IN
        if place.is_server:
            made.all_is_well()
            place.server.restart()  # so that statements are prepared anew
            asked = place.server.statements(send_all)
            prepared = {text for kind, text in asked if kind != "Execute"}
            assert len(prepared) > 2 and not any(text in each for each in prepared for text in texts[:4]), prepared
            assert len(prepared) < 10, prepared
        else:
            send_all()
        made.all_is_well()
    assert place.sql("SELECT * FROM cti") == before
    return f"{len(texts)} texts, as names and as passwords"


def pass_the_hash(place):
    """T20 nothing that is stored logs in, once secrets are wrapped; with bare MD5s each login is warned of"""
    place.fresh()
    place.row("bare", md5(PASSWORD))
    with scene(place, fresh=False) as made:
        assert made.original("bare") == LOGGED_IN  # as the original's table is
        made.daemon.wait_for("bare MD5, with which anyone who reads the table logs in")
        code, told = place.ctl("user", "migrate")
        assert code == 0, told
        stored = [line.split("\t") for line in place.sql("SELECT USERNAME, SECRET FROM cti")]
        assert len(stored) == 3 and all(secret.startswith(WRAPPED) for _, secret in stored), stored
        for user, secret in stored:
            hashed = secret.rsplit("$", 1)[1]
            for sent in (secret, secret[7:], hashed, hashed[:32], md5(secret)):
                assert made.native(user, sent) == REFUSED, (user, sent)
                assert made.daemon.log_in_as_the_original(user, sent)[:3] == ORIGINAL_ERROR, (user, sent)
        made.all_is_well("bare")
        made.all_is_well()
    return "5 forms of each stored secret refused"


def unknown_users(place):
    """T25 a name that nobody has is answered as a wrong password is, after the same statements"""
    place.fresh()
    times = {"anna": [], "nobody": []}
    with scene(place, fresh=False) as made:
        client = made.daemon.connect()
        for number in range(20):
            for user, taken in times.items():
                # More than ten wrong passwords for one name cost a wait; the right one takes them back.
                name = user if user == "anna" else f"{user}{number}"
                assert made.native() == LOGGED_IN
                client = made.daemon.connect()
                client.ask("HELO 2")
                words = base64.b64encode(f"\0{name}\0wrong".encode()).decode()
                begin = time.monotonic()
                answer = client.ask("AUTH PLAIN " + words)
                taken.append(time.monotonic() - begin)
                assert answer == "113 REFUSED wrong name or password", answer
        if place.is_server:
            asked = {user: place.server.statements(lambda user=user: made.native(user, "wrong")) for user in times}
            kinds = [[text.replace(user, "?") for kind, text in asked[user] if kind == "Execute"] for user in times]
            assert kinds[0] and kinds[0] == kinds[1], asked
    ratio = statistics.median(times["nobody"]) / statistics.median(times["anna"])
    return f"one answer; it takes {ratio:.2f} times as long"


def guessed_at(place):
    """T26 a thousand who guess at once: calls are told while they wait, all are answered, memory is one hash a thread"""
    threads = min(max(os.cpu_count() - 1, 1), 4)
    count, free, hash_size, slack = 1000, 10, 16 << 20, 8 << 20

    def resident(process):
        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
            return max(1024 * int(line.split()[1]) for line in file if line.startswith(("VmRSS:", "VmHWM:")))
    with scene(place) as made:
        made.native()
        before = resident(made.daemon.process)
        clients = [made.daemon.connect() for _ in range(count)]
        for client in clients:
            client.ask("HELO 2")
        # Each name as often as costs no wait: all of them have to be looked at.
        guessed = "user1"
        for number, client in enumerate(clients):
            name = f"user{number // free}" if number >= free else "anna"
            client.send("AUTH PLAIN " + base64.b64encode(f"\0{name}\0wrong".encode()).decode() + "\n")
        made.is_told()
        waiting = sum(not client.has_line() for client in clients)
        for client in clients:
            client.deadline = 120
            assert client.read_line()[:3] == REFUSED
        grown = resident(made.daemon.process) - before
        assert waiting > count // 2, f"{waiting} waited when the call was told"
        assert grown <= threads * hash_size + slack, grown
        # Whoever goes on guessing is put off, and anna, who logged in from the same place before, is kept out by nobody.
        until(lambda: made.native(guessed, "wrong") == LATER, "a guess that is put off")
        made.comes_back()
    return f"a call told while {waiting} waited; {grown >> 20} MiB more"


ROWS = (schema, older, lost_table, character_sets, alike, no_secrets, too_long, same_telephone, injections, pass_the_hash, unknown_users,
        guessed_at)
