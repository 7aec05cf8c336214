#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every XML file is well-formed, and what has a schema of ours is valid: check_xml.py ROOT [XMLLINT]."""
import re
import subprocess
import xml.etree.ElementTree

import tree

# The first pattern that fits a path names its schema.
SCHEMAS = [
    (r"xml/examples/rules.*\.xml", "xml/rules.xsd"),
    (r"xml/examples/astcti.*\.xml", "xml/astcti.xsd"),
    (r"xml/examples/.*\.xml", "xml/astcti-events.xsd"),
    (r"(.*/)?astcti[^/]*\.xml", "xml/astcti.xsd"),
    (r"(.*/)?rules[^/]*\.xml", "xml/rules.xsd"),
]
# Elements of two schemas that one piece of code reads. No <include>: the programs have each schema compiled in.
SHARED = [("numbers", "xml/astcti.xsd", "xml/rules.xsd")]


def schema_of(path):
    return next((schema for pattern, schema in SCHEMAS if re.fullmatch(pattern, path)), None)


def declaration(file, name):
    """An element's declaration in a schema, without where and how often it may stand."""
    for element in xml.etree.ElementTree.parse(file).iter("{http://www.w3.org/2001/XMLSchema}element"):
        if element.get("name") == name:
            for occurs in ("minOccurs", "maxOccurs"):
                element.attrib.pop(occurs, None)
            element.tail = None
            return xml.etree.ElementTree.canonicalize(
                xml.etree.ElementTree.tostring(element, encoding="unicode"), strip_text=True
            )
    return None


def differing(root):
    for name, *schemas in SHARED:
        found = {declaration(root / schema, name) for schema in schemas if (root / schema).is_file()}
        if len(found) > 1:
            yield f"<{name}> is not the same in {' and '.join(schemas)}"


def problems(root, program="xmllint"):
    valid = 0
    for file in tree.files(root, (".xml", ".xsd", ".svg")):
        path = file.relative_to(root).as_posix()
        if path.startswith("tests/data/"):
            continue  # may be wrong on purpose
        command = [program, "--noout", "--nonet"]
        if schema := schema_of(path):
            command += ["--schema", root / schema]
            valid += 1
        checked = subprocess.run([*command, file], stderr=subprocess.PIPE, text=True, check=False)
        if checked.returncode != 0:
            yield f"{path}: {checked.stderr.strip()}"
    yield from differing(root)
    if not valid:
        yield f"{root}: nothing was checked against a schema"


if __name__ == "__main__":
    tree.run(problems)
