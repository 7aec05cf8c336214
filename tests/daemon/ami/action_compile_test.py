#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not compile: a raw string as the value of an action, another action or another header than
those that daemon/ami/action.hpp has; and that no other source writes one. Each wrong line stands beside a good one that differs in just that.
Usage: action_compile_test.py SOURCE_DIR COMPILER [ARGUMENT...]"""
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE_DIR, COMPILER = "", []
PRELUDE = """#include "daemon/ami/action.hpp"
#include "daemon/ami/session.hpp"
using namespace astcti::ami;
void use(const ActionValue& id, const Originate& call, const char* raw, const std::string& text,
         std::string_view view, Session& session, Action action) {
"""
EPILOGUE = "\n(void)raw; (void)text; (void)view; (void)session; (void)action; (void)id; (void)call; }\n"
PING = "static_cast<void>(ping_action(id));"
NEED_VALUE = [f"static_cast<void>({call});" for call in (
    "challenge_action({})", "login_action({}, id, id)", "login_action(id, {}, id)", "login_action(id, id, {})",
    "ping_action({})", "logoff_action({})", "core_show_channels_action({})", "bridge_list_action({})",
    "queue_status_action({})", "status_action({})", "list_commands_action({})", "originate_action({}, call)",
    "originate_action(id, Originate{{{}, id, id, id, id}})", "originate_action(id, Originate{{id, {}, id, id, id}})",
    "originate_action(id, Originate{{id, id, {}, id, id}})", "originate_action(id, Originate{{id, id, id, {}, id}})",
    "originate_action(id, Originate{{id, id, id, id, {}}})")]
RAW = ["raw", "text", "view", '"x"', "std::string()", "{raw}", "ActionValue(view)", "ActionValue{text}",
       "ActionValue()", "static_cast<ActionValue>(raw)", "ActionValue::from(view)"]
NOT_THERE = [
    "Action made(Action::Name::ping, id);", "Action made(text);", "Action made{text};", "Action made = text;",
    "Action made;", "action.bytes_ += text;", 'action.bytes() += "Variable: x=y";', "action.line(view, view);",
    "std::move(action).with(Action::Header::exten, id);", "std::move(action).end();",
    "Originate more{id, id, id, id, id, id};", "call.number = id;", "session.send(view);", "session.send(action);",
    "session.originate(text, Time());",
]


def compiles(line):
    done = subprocess.run([*COMPILER, "-std=c++20", "-fsyntax-only", f"-I{SOURCE_DIR}", "-x", "c++", "-"],
                          input=PRELUDE + line + EPILOGUE, text=True, capture_output=True, check=False)
    return done.returncode == 0, done.stderr


def all_in_one(lines):
    """One run of the compiler for many: it names each line that is wrong."""
    source = PRELUDE + "\n".join(lines) + EPILOGUE
    # GCC tells all errors, clang the first twenty.
    all_errors = ["-ferror-limit=0"] if any("clang" in word for word in COMPILER) else []
    done = subprocess.run([*COMPILER, "-std=c++20", "-fsyntax-only", *all_errors, f"-I{SOURCE_DIR}", "-x", "c++", "-"],
                          input=source, text=True, capture_output=True, check=False)
    first = PRELUDE.count("\n") + 1
    return [line for number, line in enumerate(lines, first) if f"<stdin>:{number}:" not in done.stderr]


class CompileTest(unittest.TestCase):
    def test_the_good_variants_compile(self):
        good = [line.format("id").replace("{{", "{").replace("}}", "}") for line in NEED_VALUE]
        good += ["static_cast<void>(*ActionValue::from(view));", "static_cast<void>(action.bytes().size());",
                 "Originate same{id, id, id, id, id}; (void)same;",
                 "static_cast<void>(session.originate(call, Time()));"]
        compiled, errors = compiles("\n".join(good))
        self.assertTrue(compiled, errors)

    def test_a_raw_string_is_no_value(self):
        lines = [line.format(raw) for line in NEED_VALUE for raw in RAW]
        self.assertEqual(all_in_one(lines), [], "these compile")
        self.assertFalse(compiles(PING.replace("id", "text"))[0])

    def test_there_is_no_further_action_and_no_further_header(self):
        self.assertEqual(all_in_one(NOT_THERE), [], "these compile")
        self.assertTrue(compiles(PING)[0])

    def test_no_other_source_writes_an_action(self):
        written = re.compile(r'"[^"]*\bAction(ID)?: |"Action"|Action\(Action::Name')
        sources = {path.relative_to(SOURCE_DIR).as_posix(): path.read_text(encoding="utf-8")
                   for path in pathlib.Path(SOURCE_DIR, "daemon").rglob("*.[ch]pp")}
        self.assertEqual([name for name, text in sources.items() if written.search(text)], ["daemon/ami/action.cpp"])

    def test_the_actions_are_these(self):
        source = pathlib.Path(SOURCE_DIR, "daemon/ami/action.cpp").read_text(encoding="utf-8")
        texts = re.findall(r'return "(\w+)";', source)
        self.assertEqual(texts, ["Challenge", "Login", "Ping", "Logoff", "CoreShowChannels", "BridgeList",
                                 "QueueStatus", "Status", "ListCommands", "Originate",
                                 "AuthType", "Username", "Key", "Channel", "Context", "Exten", "Priority",
                                 "CallerID", "ChannelId", "Async", "MD5", "1", "true"])


if __name__ == "__main__":
    SOURCE_DIR, COMPILER = sys.argv[1], sys.argv[2:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
