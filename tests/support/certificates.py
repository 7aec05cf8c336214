# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and certificates for tests, made by openssl(1) in a directory."""
import base64
import hashlib
import os
import ssl
import subprocess


def openssl(*arguments, stdin=None):
    return subprocess.run(["openssl", *arguments], input=stdin, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


class Certificates:
    def __init__(self, directory):
        self.directory = directory
        self.ca = self.make_authority("ca")

    def path(self, name):
        return os.path.join(self.directory, name)

    def _key(self, name):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-out", self.path(name + ".key"))

    def make_authority(self, name):
        self._key(name)
        openssl("req", "-x509", "-new", "-key", self.path(name + ".key"), "-days", "2",
                "-subj", "/CN=AstCTI test authority " + name, "-out", self.path(name + ".pem"))
        return self.path(name + ".pem")

    def make(self, name, names="IP:127.0.0.1", days=2):
        """A key and a certificate of the authority "ca", days from now (or before now)."""
        self._key(name)
        request = openssl("req", "-new", "-key", self.path(name + ".key"), "-subj", "/CN=" + name)
        extension = self.path(name + ".ext")
        with open(extension, "w", encoding="utf-8") as file:
            file.write("subjectAltName=" + names + "\n")
        openssl("x509", "-req", "-CA", self.ca, "-CAkey", self.path("ca.key"), "-set_serial", "1",
                "-days", str(days), "-extfile", extension, "-out", self.path(name + ".pem"),
                stdin=request)
        return name

    def pin(self, name):
        der = openssl("pkey", "-in", self.path(name + ".key"), "-pubout", "-outform", "DER")
        return base64.b64encode(hashlib.sha256(der).digest()).decode()

    def server(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(name + ".pem"), self.path(name + ".key"))
        return context
