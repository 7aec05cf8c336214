#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of the real astctid, when the database is away, slow, wrong or full of strange things: on a SQLite file and
on real MariaDB and MySQL servers. Ends with a table of what happened where.
Usage: accounts.py DIRECTORY ASTCTID ASTCTICTL MARIADB_PORT MYSQL_PORT [ROW...]"""
import os
import sys

import account_desktops
import account_faults
import account_file_faults
import account_import
import account_rows
import account_tls_faults
import checks
from account_scene import FilePlace, ServerPlace
from database_server import Server


def main():
    directory, astctid, astctictl, *ports = sys.argv[1:6]
    wanted = sys.argv[6:]
    programs = {"astctid": astctid, "astctictl": astctictl}
    files = os.path.join(directory, "sqlite")
    os.mkdir(files)
    mariadb, mysql = (Server(kind, os.path.join(directory, kind), int(port))
                      for kind, port in zip(("mariadb", "mysql"), ports))
    jobs = [(FilePlace(programs, files), account_file_faults.ROWS + account_rows.ROWS)]
    for server, other in ((mariadb, mysql), (mysql, mariadb)):
        jobs.append((ServerPlace(programs, server),
                     account_faults.rows(other) + account_tls_faults.ROWS + account_rows.ROWS
                     + account_import.ROWS + account_desktops.ROWS))
    table = {}
    for place, rows in jobs:
        for row in rows:
            what = row.__doc__
            if wanted and not any(word in (row.__name__, what.split()[0], place.kind) for word in wanted):
                continue
            happened = checks.attempt(f"{what}, {place.name}", lambda place=place, row=row: row(place))
            if happened:
                checks.check(f"{what}, {place.name}", True)
            table.setdefault(what, {})[place.name] = happened or "NOT OK"
    print("what happened:")
    for what, happened in sorted(table.items()):
        print(f"  {what}")
        for name, text in happened.items():
            print(f"    {name:<18} {text}")
    return checks.run([])


sys.exit(not main())
