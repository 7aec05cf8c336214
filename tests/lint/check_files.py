#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every file: its licence, its size, nothing left undone, nobody sleeping, nothing forgotten.

check_files.py ROOT
"""
import re

import tree

MAX_LINES = 400
# Of another name it was written by a program that went wrong.
NAME = re.compile(r"[A-Za-z0-9._/@+-]+")
CODE = (*tree.CPP, ".py", ".sh", ".sql", ".scd", ".in", ".socket", "meson.build", ".xsd")
LICENCE = re.compile(r"SPDX-License-Identifier: (GPL-3\.0-or-later|MIT)\b")
UNDONE = re.compile(r"(//|#|<!--|/\*) *(TO" r"DO|FIX" r"ME|XX" r"X)\b|\b(TO" r"DO|FIX" r"ME) *[:(]")
SLEEPS = {
    "cpp": re.compile(r"\b(u|nano)?sl[e]ep(_for|_until)?\s*\("),
    "py": re.compile(r"\bsleep\s*\("),
    "sh": re.compile(r"(^|[\s;&|(])sleep\s+[0-9$\"]"),
}
# Tests wait for what is to happen. Where that is done for the system tests, with a deadline.
MAY_SLEEP = {"tests/system/lib/waiting.py"}


def kind(file):
    if file.suffix in tree.CPP:
        return "cpp"
    if file.suffix == ".py" or tree.is_text(file) and tree.lines(file)[:1] == ["#!/usr/bin/python3"]:
        return "py"
    return "sh" if tree.is_shell(file) else None


def licence_problem(text, file):
    # Below the "#!" of a script, the title of a manual page, the declaration of an XML file, or the
    # DOCTYPE of two lines of a D-Bus interface.
    first = 4 if file.suffix in (".xml", ".xsd", ".scd") else 2 if text[:1] and text[0].startswith("#!") else 1
    if not any(LICENCE.search(line) for line in text[:first]):
        return "1: no SPDX-License-Identifier at the top"
    return None


def problems(root):
    for file in tree.files(root):
        path = file.relative_to(root).as_posix()
        if not NAME.fullmatch(path):
            yield f"{ascii(path)}:1: no name for a file here"
        language = kind(file)
        if not (language or file.name.endswith(CODE) or path.startswith("dbus/") and file.suffix == ".xml"):
            continue
        text = tree.lines(file)
        if problem := licence_problem(text, file):
            yield f"{path}:{problem}"
        if language and len(text) > MAX_LINES:
            yield f"{path}:{len(text)}: more than {MAX_LINES} lines: where is the second class?"
        for number, line in enumerate(text, 1):
            if UNDONE.search(line):
                yield f"{path}:{number}: left undone: {line.strip()}"
            bound = language == "cpp" or language and path.startswith("tests/") and path not in MAY_SLEEP
            if bound and SLEEPS[language].search(line):
                yield f"{path}:{number}: sleeps; wait for what is to happen, with a deadline"
    yield from forgotten(root)


def forgotten(root):
    """A source file that no meson.build names is not built, and a test not run."""
    for file in tree.files(root, (".cpp",)):
        own = file.parent
        named = ""
        while own != root.parent:
            if (own / "meson.build").is_file():
                named += (own / "meson.build").read_text(encoding="utf-8")
            own = own.parent
        # Tests are often listed without their ending.
        stems = {file.name, file.stem, file.stem.removesuffix("_test")}
        if not any(re.search(rf"['/]{re.escape(stem)}'", named) for stem in stems):
            yield f"{file.relative_to(root)}:1: no meson.build names it"


if __name__ == "__main__":
    tree.run(problems)
