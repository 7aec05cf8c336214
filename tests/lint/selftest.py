#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each check of this folder refuses what it is there to refuse: a check that cannot fail is a defect."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import check_files
import check_format
import check_layers
import check_man
import check_scripts
import check_secrets
import check_units
import check_xml

LICENCE = "// SPDX-License-Identifier: GPL-3.0-or-later\n"
BUILT = {"protocol/meson.build": "# SPDX-License-Identifier: GPL-3.0-or-later\n'a.cpp'\n"}


class Check(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, files):
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def check(self, problems, files, *expected):
        """Exactly one problem for each expected text, in this order."""
        self.write(files)
        found = list(problems(self.root))
        self.assertEqual(len(found), len(expected), found)
        for problem, text in zip(found, expected):
            self.assertIn(text, problem)


class Secrets(Check):
    GOOD = {
        "daemon/base/digest.cpp": "bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {\n"
                                  "    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;\n}\n",
        **{path: "    equal_in_constant_time(a, b)\n" * count for path, count in check_secrets.PLACES.items()},
    }

    def test_constant_time_is_right(self):
        self.check(check_secrets.problems, self.GOOD)

    def test_another_comparison_is_refused(self):
        for line in ("if (computed == expected)", "return mac_of(key, body) == mac;", "if (x != stored)",
                     "std::memcmp(mark.data(), asked.data(), 32)", "return presented.compare(secret) == 0;"):
            with self.subTest(line=line):
                self.check(check_secrets.problems, {**self.GOOD, "daemon/x.cpp": line + "\n"}, "daemon/x.cpp:1: a secret")
        self.check(check_secrets.problems, {**self.GOOD, "daemon/x.cpp": "if (kind == SecretKind::native)\n"})

    def test_one_that_is_gone_or_is_not_what_it_says_is_refused(self):
        self.check(check_secrets.problems, {**self.GOOD, "daemon/accounts/secret.cpp": "equal_in_constant_time(a, b)\n"},
                   "daemon/accounts/secret.cpp:1: compares 1 times")
        self.check(check_secrets.problems, {**self.GOOD, "daemon/base/digest.cpp": self.GOOD["daemon/base/digest.cpp"].replace(
            "CRYPTO_memcmp", "std::memcmp")}, "daemon/base/digest.cpp:1: equal_in_constant_time is not")


class Layers(Check):
    def includes(self, path, *headers):
        # What is included exists, so that only the rule can be the reason.
        for header in headers:
            if header.startswith('"') and "/" in header:
                self.write({header.strip('"'): "#pragma once\n"})
        return {path: "".join(f"#include {header}\n" for header in headers)}

    def test_a_room_may_include_what_its_row_says(self):
        self.check(
            check_layers.problems,
            self.includes(
                "daemon/ami/client.cpp",
                '"daemon/ami/client.hpp"',
                '"daemon/net/stream.hpp"',
                '"protocol/utf8.hpp"',
                "<vector>",
                "<sys/socket.h>",
                "<fmt/format.h>",
            ),
        )

    def test_every_wrong_direction_is_refused(self):
        wrong = [
            ("protocol/a.cpp", '"daemon/base/log.hpp"'),
            ("daemon/base/a.cpp", '"daemon/event/loop.hpp"'),
            ("daemon/ami/a.cpp", '"protocol/reply.hpp"'),
            ("daemon/calls/a.cpp", '"daemon/ami/client.hpp"'),
            ("daemon/routing/a.cpp", '"daemon/clients/session.hpp"'),
            ("daemon/clients/a.cpp", '"daemon/accounts/sqlite_store.hpp"'),
            ("daemon/clients/a.cpp", '"daemon/ami/packet.hpp"'),
            ("daemon/config/a.cpp", '"protocol/utf8.hpp"'),
            ("daemon/ctl/a.cpp", '"daemon/clients/session.hpp"'),
            ("daemon/ctl/a.cpp", '"protocol/command.hpp"'),
            ("daemon/daemon.cpp", '"desktop-agent/agent.hpp"'),
            ("desktop-agent/calls/a.cpp", '"desktop-agent/link/server_link.hpp"'),
            ("desktop-agent/agent.cpp", '"daemon/base/log.hpp"'),
            ("desktop-agent/rules/a.cpp", '"desktop-agent/launch/launcher.hpp"'),
        ]
        for path, header in wrong:
            with self.subTest(path=path, header=header):
                self.setUp()
                self.check(check_layers.problems, self.includes(path, header), "may not include")

    def test_a_foreign_library_is_known_to_its_rooms_only(self):
        right = [
            ("daemon/accounts/sqlite.cpp", "<sqlite3.h>"),
            ("daemon/base/digest.cpp", "<openssl/evp.h>"),
            ("daemon/event/loop.cpp", "<systemd/sd-event.h>"),
            ("desktop-agent/agent.cpp", "<giomm/application.h>"),
            ("protocol/rules/rules.cpp", "<libxml/parser.h>"),
            ("tests/daemon/a.cpp", "<sqlite3.h>"),
        ]
        wrong = [
            ("daemon/accounts/login.cpp", "<sqlite3.h>"),
            ("daemon/clients/a.cpp", "<openssl/evp.h>"),
            ("daemon/ami/a.cpp", "<systemd/sd-event.h>"),
            ("daemon/daemon.cpp", "<systemd/sd-bus.h>"),
            ("daemon/accounts/mysql_store.cpp", "<mysql.h>"),
            ("desktop-agent/calls/a.cpp", "<glibmm/ustring.h>"),
            ("desktop-agent/rules/a.cpp", "<giomm.h>"),
            ("daemon/base/a.cpp", "<glib.h>"),
            ("daemon/net/a.cpp", "<libxml/parser.h>"),
            ("protocol/a.cpp", "<sys/socket.h>"),
            ("daemon/calls/a.cpp", "<thread>"),
        ]
        for path, header in right:
            with self.subTest(path=path, header=header):
                self.setUp()
                self.check(check_layers.problems, self.includes(path, header))
        for path, header in wrong:
            with self.subTest(path=path, header=header):
                self.setUp()
                self.check(check_layers.problems, self.includes(path, header), header)

    def test_a_new_room_needs_a_row(self):
        self.check(check_layers.problems, {"daemon/new/a.cpp": ""}, "no row for this folder")

    def test_includes_are_written_from_the_top(self):
        self.check(
            check_layers.problems,
            {"protocol/a.hpp": "", "protocol/a.cpp": '#include "a.hpp"\n'},
            "written from there",
        )

    def test_a_generated_header_has_its_rooms(self):
        self.check(
            check_layers.problems,
            self.includes("daemon/config/a.cpp", '"astcti_xsd.hpp"')
            | self.includes("daemon/net/a.cpp", '"astcti_xsd.hpp"'),
            "daemon/net/ may not include the generated",
        )

    def test_an_empty_tree_is_no_success(self):
        self.check(check_layers.problems, {}, "no C++ files")


class Files(Check):
    def test_a_good_file_passes(self):
        self.check(check_files.problems, BUILT | {"protocol/a.cpp": LICENCE + "int sleeper();\n"})

    def test_no_licence(self):
        self.check(check_files.problems, BUILT | {"protocol/a.cpp": "int a;\n" + LICENCE}, "SPDX")

    def test_too_long(self):
        self.check(check_files.problems, BUILT | {"protocol/a.cpp": LICENCE + "//\n" * 400}, "401")

    def test_left_undone(self):
        self.check(check_files.problems, BUILT | {"protocol/a.cpp": LICENCE + "// TO" "DO: more\n"}, "left undone")

    def test_sleeping(self):
        self.check(
            check_files.problems,
            BUILT
            | {
                "protocol/a.cpp": LICENCE + "void f() { std::this_thread::sle" "ep_for(1s); }\n",
                "tests/a.sh": "# SPDX-License-Identifier: GPL-3.0-or-later\nstart; sleep 1\n",
                "tests/b.py": "# SPDX-License-Identifier: GPL-3.0-or-later\ntime.sle" "ep(1)\n",
            },
            "protocol/a.cpp:2: sleeps",
            "tests/a.sh:2: sleeps",
            "tests/b.py:2: sleeps",
        )

    def test_a_name_that_no_one_chose(self):
        self.check(check_files.problems, BUILT | {"protocol/a\x01.txt": ""}, "a\\x01.txt':1: no name")

    def test_a_test_that_nobody_builds(self):
        self.check(check_files.problems, BUILT | {"protocol/b_test.cpp": LICENCE}, "no meson.build names it")


class Format(Check):
    def test_unformatted_code_is_refused_and_formatted_code_is_not(self):
        style = {".clang-format": "BasedOnStyle: LLVM\n"}
        self.check(check_format.problems, style | {"a.cpp": "int  a ;\n", "b.cpp": "int b;\n"}, "a.cpp:1: not formatted")

    def test_a_broken_style_is_an_error(self):
        self.check(check_format.problems, {".clang-format": "NoSuchKey: 1\n", "a.cpp": "int a;\n"}, "failed")


class Scripts(Check):
    def script(self, name, text, mode=0o755):
        self.write({name: text})
        (self.root / name).chmod(mode)

    def test_what_shellcheck_says_is_refused(self):
        self.script("good", "#!/bin/bash\nset -euo pipefail\necho hello\n")
        self.script("bad", "#!/bin/bash\nset -euo pipefail\nx=1\nrm -rf $x/$undefined\n")
        found = list(check_scripts.problems(self.root))
        self.assertTrue(found)
        self.assertTrue(all("/bad:" in problem for problem in found), found)

    def test_a_script_stops_at_errors_and_can_be_run(self):
        self.script("loose", "#!/bin/bash\necho hello\n")
        self.script("stuck", "#!/bin/bash\nset -euo pipefail\necho hello\n", 0o644)
        self.check(check_scripts.problems, {}, "loose:1: no set -euo pipefail", "stuck:1: not executable")


class Xml(Check):
    SCHEMA = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:element name="astcti" type="xs:integer"/></xs:schema>'
    )

    def test_not_well_formed_and_not_valid(self):
        self.check(
            check_xml.problems,
            {
                "xml/astcti.xsd": self.SCHEMA,
                "xml/astcti.xml": "<astcti>1</astcti>",
                "demo/astcti-bad.xml": "<astcti>one</astcti>",
                "demo/cut.xml": "<a>",
            },
            "demo/astcti-bad.xml",
            "demo/cut.xml",
        )

    def test_an_element_that_is_not_the_same_in_two_schemas(self):
        def schema(root, inside, indent=""):
            return (
                f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{indent}<xs:element name="{root}">'
                f"<xs:complexType>{indent}<xs:sequence>{inside}</xs:sequence></xs:complexType></xs:element></xs:schema>"
            )

        numbers = '<xs:element name="numbers" minOccurs="%s" type="xs:%s"/>'
        files = {
            "xml/astcti.xsd": schema("astcti", numbers % (1, "integer")),
            "xml/astcti.xml": "<astcti><numbers>1</numbers></astcti>",
        }
        self.check(check_xml.problems, files | {"xml/rules.xsd": schema("rules", numbers % (0, "integer"), "\n")})
        self.check(
            check_xml.problems,
            files | {"xml/rules.xsd": schema("rules", numbers % (1, "string"))},
            "<numbers> is not the same in xml/astcti.xsd and xml/rules.xsd",
        )

    def test_nothing_valid_is_no_success(self):
        self.check(check_xml.problems, {"a.xml": "<a/>"}, "nothing was checked")


class Units(Check):
    SOURCE = Path(__file__).resolve().parents[2] / "systemd"

    def units(self, old="", new=""):
        service = (self.SOURCE / "astcti.service.in").read_text(encoding="utf-8").replace("@sbindir@", "/usr/sbin")
        service = service.replace("@bindir@", "/usr/bin")
        self.write({"astcti.service": service.replace(old, new)})
        sockets = ["astcti-local.socket", "astcti-tls.socket", "astcti.socket"]
        return list(
            check_units.problems("system", [self.root / "astcti.service", *(self.SOURCE / name for name in sockets)])
        )

    def test_our_units_pass(self):
        self.assertEqual(self.units(), [])

    def test_what_systemd_does_not_know_is_refused(self):
        for old, new, told in [
            ("Restart=on-failure", "Restrat=on-failure", "Restrat"),
            ("Type=notify\n", "Type=notify-reload\n", "notify-reload"),
            ("@system-service", "@no-such-group", "@no-such-group"),
            ("Requires=astcti-local.socket", "Requires=nowhere.socket", "nowhere.socket"),
            ("ExecStart=/usr/sbin/astctid", "ExecStart=@path@/astctid", "was not filled in"),
        ]:
            with self.subTest(new=new):
                self.assertIn(told, "\n".join(self.units(old, new)))

    def test_a_lax_unit_is_above_the_threshold_of_exposure(self):
        self.units("\nNoNewPrivileges=yes", "")
        told = subprocess.run(
            [
                "systemd-analyze", "security", "--offline=true", "--threshold=13", "--no-pager",
                self.root / "astcti.service",
            ],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        self.assertEqual(told.returncode, 1, told.stdout)


class Man(Check):
    PAGE = '.TH a 1 2026-01-01\n.SH NAME\na \\- b\n.SH OPTIONS\n\\fB\\-\\-%s\\fR\n'

    def check_page(self, page, *expected):
        self.write({"a.1": page, "a": '#!/bin/sh\necho "  -c, --config FILE"\n'})
        (self.root / "a").chmod(0o755)
        found = list(check_man.problems(self.root / "a.1", self.root / "a"))
        self.assertEqual(len(found), len(expected), found)
        for problem, text in zip(found, expected):
            self.assertIn(text, problem)

    def test_the_page_has_the_options_of_the_program(self):
        self.check_page(self.PAGE % "config")

    def test_options_that_differ_are_refused_both_ways(self):
        self.check_page(self.PAGE % "conifg", "--config is in --help", "--conifg is here")

    def test_what_mandoc_says_is_refused(self):
        self.check_page(self.PAGE % "config" + ".NOSUCHMACRO\n", "NOSUCHMACRO")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
