# SPDX-License-Identifier: GPL-3.0-or-later
"""A database server that is not who it should be. Rows as in account_faults.py."""
import os
import shutil

from account_scene import scene
from certificates import Certificates
from switch import Switch


class Identities:
    """Certificates that the server shows, one at a time."""

    def __init__(self, server):
        self.server = server
        self.folder = os.path.join(server.directory, "certificates")
        os.makedirs(self.folder, exist_ok=True)
        self.made = Certificates(self.folder)
        self.made.make("right")
        self.made.make("of-another-name", "IP:127.0.0.2,DNS:db.example.com")
        self.made.make("expired", days=-1)
        good = self.made.ca
        self.made.ca, key = self.made.make_authority("other-ca"), self.made.path("ca.key")
        os.rename(key, key + ".good")
        shutil.copy(self.made.path("other-ca.key"), key)
        self.made.make("of-another-authority")
        self.made.ca = good

    def options(self, name):
        folder = "/run/astcti/certificates" if self.server.kind == "mysql" else self.folder
        for kind in (".pem", ".key"):
            shutil.copy(self.made.path(name + kind), self.made.path("shown" + kind))
            shutil.chown(self.made.path("shown" + kind), "mysql")
        return [f"--ssl-cert={folder}/shown.pem", f"--ssl-key={folder}/shown.key"]


def certificates(place):
    """T44 a server without the right certificate is not believed, and not told who we are; with it people log in"""
    identities = Identities(place.server)
    place.fresh()
    no_tls = ["--tls-version="] if place.kind == "mysql" else ["--skip-ssl"]
    cases = {name: identities.options for name in ("of-another-name", "expired", "of-another-authority")}
    more = f'tls="yes" ca-file="{identities.made.ca}"'
    switch = Switch(place.server.port)
    element = place.element(more, switch.port)
    try:
        for name, options in [*cases.items(), ("no TLS at all", lambda _: no_tls)]:
            place.server.restart(*options(name))
            switch.sent = b""
            with scene(place, element, log_in=False, fresh=False) as made:
                told = made.daemon.wait_for("nobody can log in")
                assert "certificate" in told and "nothing was sent" in told, f"{name}: {told}"
                made.nobody_can()
            code, told = place.ctl("db", "status", element=element)
            assert code != 0 and "certificate" in told, f"{name}: {told}"
            assert place.server.USER.encode() not in switch.sent, f"{name}: {switch.sent}"
        place.server.restart(*identities.options("right"))
        switch.sent = b""
        with scene(place, element, fresh=False) as made:
            made.all_is_well()
            made.is_told()
        assert switch.sent and place.server.USER.encode() not in switch.sent, "in clear"
        # Without ca-file: the authorities that this machine trusts, of which ours is none.
        with scene(place, place.element('tls="yes"', switch.port), log_in=False, fresh=False) as made:
            made.nobody_can()
    finally:
        switch.close()
        place.server.restart()
    return f"{len(cases) + 2} wrong ones refused before a name was sent; the right one works"


ROWS = (certificates,)
