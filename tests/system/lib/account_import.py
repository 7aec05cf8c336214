# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of an original, taken from its server. Rows as in account_faults.py."""
import time

from account_scene import PASSWORD, REFUSED, md5, scene
from account_tls_faults import Identities

COUNT = 10000
WORDS = ("db", "import-legacy", "--from-database", "legacy", "--from-user", "legacy", "--from-password-fd", "0")
GIVEN = "reads\n"


def make_legacy(server):
    rows = ", ".join(f"('user{number}', '{md5(PASSWORD)}', '0.0.0.0', 'SIP/{number}')" for number in range(COUNT))
    server.sql("DROP DATABASE IF EXISTS legacy; CREATE DATABASE legacy;"
               "CREATE TABLE legacy.cti (USERNAME varchar(255) default NULL, SECRET varchar(255) default NULL,"
               "HOST varchar(255) default NULL, EXT varchar(255) default NULL, UNIQUE KEY USERNAME (USERNAME),"
               "UNIQUE KEY EXT (EXT)) ENGINE=MyISAM DEFAULT CHARSET=utf8;"
               f"INSERT INTO legacy.cti VALUES {rows};" +
               "".join(f"CREATE USER IF NOT EXISTS legacy@'{host}' IDENTIFIED BY 'reads';"
                       f"GRANT SELECT ON legacy.* TO legacy@'{host}';" for host in ("localhost", "127.0.0.1")))


def many(place):
    """Import: 10,000 accounts come by the original's socket, each once, in a time that grows as they do; they log in"""
    make_legacy(place.server)
    place.fresh()
    socket = ("--from-socket", place.server.directory + "/socket")
    begin = time.monotonic()
    code, told = place.ctl(*WORDS, *socket, given=GIVEN)
    took = time.monotonic() - begin
    assert code == 0 and f"added {COUNT}; were there already 0; left out 0" in told, told
    code, told = place.ctl(*WORDS, *socket, given=GIVEN)
    assert code == 0 and f"added 0; were there already {COUNT}; left out 0" in told, told
    with scene(place, fresh=False) as made:
        made.all_is_well(f"user{COUNT - 1}")
        assert made.native("user1", md5(PASSWORD)) == REFUSED
        made.is_told()
    return f"{took:.0f} s"


def by_tls(place):
    """Import: with --from-ca the original's server has to prove who it is, also on this machine"""
    make_legacy(place.server)
    identities = Identities(place.server)
    port = ("--from-host", "127.0.0.1", "--from-port", str(place.server.port), "--from-ca", identities.made.ca)
    try:
        for name in ("of-another-authority", "of-another-name"):
            place.fresh()
            place.server.restart(*identities.options(name))
            code, told = place.ctl(*WORDS, *port, given=GIVEN)
            assert code != 0 and "nothing was imported" in told, told
        place.server.restart(*identities.options("right"))
        code, told = place.ctl(*WORDS, *port, given=GIVEN)
        assert code == 0 and f"added {COUNT}" in told, told
        code, told = place.ctl(*WORDS, *port, "--from-insecure", given=GIVEN)
        assert code != 0 and "--from-insecure" in told, told
    finally:
        place.server.restart()
    return "wrong ones refused; the right one works"


ROWS = (many, by_tls)
