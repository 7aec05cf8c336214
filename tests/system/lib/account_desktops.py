# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client of the original does with the database itself, as astcti.xml(5) lets it. Rows as in account_faults.py."""
import pathlib
import re
import subprocess

from account_scene import LOGGED_IN, scene

PAGE = pathlib.Path(__file__).resolve().parents[3] / "packaging/man/astcti.xml.5.scd"
PASSWORD = "of a desktop"


def documented():
    """The statements of the page, for a desktop of this machine."""
    text = re.search(r"^-- Desktops of the original: [^\n]+\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)[1]
    return text.replace("192.168.20.%", "127.0.0.1").replace("CHANGE-ME", PASSWORD)


def desktop(place, statement):
    """What anna's desktop gets: the rows, or the error."""
    done = subprocess.run(["mariadb", "--no-defaults", "--host=127.0.0.1", f"--port={place.server.port}", "--user=anna",
                           f"--password={PASSWORD}", "--batch", "--skip-column-names", "cti_desktops"],
                          input=statement, text=True, capture_output=True, check=False)
    return [line.split("\t") for line in done.stdout.splitlines()] if done.returncode == 0 else done.stderr


def registers(place):
    """Original: a desktop registers its telephone by a view without secrets, and can do nothing else"""
    clean = "DROP DATABASE IF EXISTS cti_desktops; DROP USER IF EXISTS anna@'127.0.0.1'"
    place.fresh()
    place.server.sql(clean)
    place.server.sql(documented())
    try:
        with scene(place, fresh=False) as made:
            row = desktop(place, "SELECT USERNAME, SECRET, EXT FROM cti WHERE USERNAME='anna'")
            assert row == [["anna", "", "PJSIP/202"]], row
            assert len(desktop(place, "SELECT * FROM cti WHERE USERNAME='anna'")[0]) == 4
            assert desktop(place, "UPDATE cti SET EXT='PJSIP/207' WHERE USERNAME='anna'") == []
            assert made.original() == LOGGED_IN
            made.daemon.wait_for("by password for PJSIP/207")
            assert desktop(place, "SELECT * FROM cti WHERE USERNAME='201'") == []
            before = place.sql("SELECT * FROM cti ORDER BY USERNAME")
            assert desktop(place, "UPDATE cti SET EXT='PJSIP/208' WHERE USERNAME='201'") == []
            for statement in ("UPDATE cti SET SECRET='x'", "UPDATE cti SET USERNAME='201'", "UPDATE cti SET HOST='10.0.0.1'",
                              "DELETE FROM cti", "INSERT INTO cti VALUES ('eve','','','')", "SELECT * FROM astcti.cti",
                              "SELECT SECRET FROM astcti.cti", "SHOW CREATE VIEW cti", "DROP VIEW cti"):
                told = desktop(place, statement)
                assert isinstance(told, str) and re.search("denied|not updatable", told), f"{statement}: {told}"
            assert place.sql("SELECT * FROM cti ORDER BY USERNAME") == before
    finally:
        place.server.sql(clean)
    return "its two statements work; 9 others are refused"


ROWS = (registers,)
