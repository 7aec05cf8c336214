# SPDX-License-Identifier: GPL-3.0-or-later
"""Where accounts can be, and a daemon that has them there, with an Asterisk and people who log in."""
import contextlib
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../support"))
from astctid import Asterisk, Astctid  # noqa: E402
from scripted_ami import LISTS, OWN_ACCORD  # noqa: E402
from waiting import until  # noqa: E402

LOGGED_IN, REFUSED, LATER, ORIGINAL_ERROR = "102", "113", "150", "101"
PASSWORD = "secret"  # of everybody
HOUR = 3600


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class Pbx(Asterisk):
    """Answers by itself, so that the connection lives however long a row takes; it knows of no calls."""

    def __init__(self):
        super().__init__()
        self.calls = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(EOFError, OSError):
            self.log_in()
            self.stream.deadline = HOUR
            while True:
                action = self.read_action()
                name = action["Action"]
                self.answer(action, "Success", *OWN_ACCORD.get(name, ()))
                if name in LISTS:
                    self.event(LISTS[name], ActionID=action["ActionID"], EventList="Complete")

    def is_told(self, client, before=None):
        """A call is told to the client, with nothing between; `before` is done while it rings."""
        self.calls += 1
        ids = self.call(f"5.{self.calls}")
        rung = client.read_until("<Ringing ")
        if before:
            before()
        self.event("Hangup", **ids, Cause="16")
        ended = client.read_until("<Ended ")
        assert len(rung) == 1 and len(ended) == 1, f"told besides: {rung} {ended}"


class Place:
    """One database. Those who inherit say name, element(more) and sql(statements), and make it anew by empty()."""

    def __init__(self, programs):
        self.programs = programs
        self.is_server = True

    def ctl(self, *words, given=None, more="", element=None):
        """astctictl: its status and all it said."""
        with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
            file.write(f'<astcti xmlns="urn:astcti:config:1">{element or self.element(more)}</astcti>')
            file.flush()
            done = subprocess.run([self.programs["astctictl"], "--config", file.name, *words], text=True, input=given,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
        return done.returncode, done.stdout

    def add(self, name, extension=""):
        words = ("--ext", extension) if extension else ()
        code, told = self.ctl("user", "add", name, *words, "--password-fd", "0", given=PASSWORD + "\n")
        assert code == 0, told

    def fresh(self):
        """With its tables, 201 at PJSIP/201 and anna at PJSIP/202."""
        self.empty()
        code, told = self.ctl("db", "migrate")
        assert code == 0, told
        self.add("201", "PJSIP/201")
        self.add("anna", "PJSIP/202")

    def row(self, name, secret, extension=None, host=None):
        """As another program would write it."""
        values = ", ".join("NULL" if each is None else "'" + each.replace("'", "''") + "'"
                           for each in (name, secret, host, extension))
        self.sql(f"INSERT INTO cti (USERNAME, SECRET, HOST, EXT) VALUES ({values})")


class FilePlace(Place):
    kind = "sqlite"
    name = f"SQLite {sqlite3.sqlite_version}"

    def __init__(self, programs, directory):
        super().__init__(programs)
        self.is_server = False
        self.directory = directory
        self.file = os.path.join(directory, "astcti.db")

    def element(self, more="", file=None):
        return f'<database driver="sqlite" file="{file or self.file}" {more}/>'

    def sql(self, statements):
        with contextlib.closing(sqlite3.connect(self.file)) as database, database:
            if ";" in statements:
                return database.executescript(statements).fetchall()
            return ["\t".join(str(each) for each in row) for row in database.execute(statements)]

    def empty(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.file)


class ServerPlace(Place):
    def __init__(self, programs, server):
        super().__init__(programs)
        self.server = server
        self.kind, self.name = server.kind, server.name

    def element(self, more="", port=None):
        return self.server.element(port, more)

    def sql(self, statements):
        return self.server.tables_sql(statements)

    def empty(self):
        self.server.empty()


class Scene:
    """A daemon at a place, and somebody (201) who is logged in, unless the accounts cannot be read."""

    def __init__(self, place, element=None, log_in=True):
        self.place = place
        self.pbx = Pbx()
        self.daemon = Astctid(place.programs, self.pbx.port, database=element or place.element())
        self.client = None
        if log_in:
            # The call that a row makes is for an Asterisk that is there.
            self.daemon.wait_for("channels are there")
            self.client = self.daemon.log_in()

    def is_told(self):
        """Whoever is logged in notices nothing of the database: the next line that comes is the call's."""
        self.pbx.is_told(self.client)

    def native(self, user="anna", password=PASSWORD):
        client, answer = self.daemon.log_in_by(user, password)
        client.quit()
        return answer[:3]

    def original(self, user="anna", password=PASSWORD):
        return self.daemon.log_in_as_the_original(user, md5(password))[:3]

    def expect(self, native, original, user="anna", password=PASSWORD):
        found = self.native(user, password), self.original(user, password)
        assert found == (native, original), f"{user}: {found} and not {(native, original)}"

    def nobody_can(self, user="anna"):
        """To log in: not now, which is no word about the password."""
        self.expect(LATER, ORIGINAL_ERROR, user)
        self.expect(LATER, ORIGINAL_ERROR, user, "a wrong one")

    def all_is_well(self, user="anna"):
        self.expect(LOGGED_IN, LOGGED_IN, user)
        self.expect(REFUSED, ORIGINAL_ERROR, user, "a wrong one")

    def comes_back(self, user="anna"):
        """By itself; until then nobody is told that a password is wrong."""
        answers = []

        def is_in():
            answers.append(self.native(user))
            return answers[-1] == LOGGED_IN
        until(is_in, "logins")
        assert set(answers) <= {LATER, LOGGED_IN}, answers
        self.all_is_well(user)

    def close(self):
        code = self.daemon.stop()
        self.pbx.close()
        assert code == 0, f"astctid ended with {code}"


@contextlib.contextmanager
def scene(place, element=None, log_in=True, fresh=True):
    if fresh:
        place.fresh()
    made = Scene(place, element, log_in)
    try:
        yield made
    finally:
        made.close()
