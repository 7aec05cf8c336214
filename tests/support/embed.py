#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a C++ header that holds a text file: embed.py INPUT OUTPUT NAMESPACE NAME."""
import sys

source, target, namespace, name = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    text = file.read()

# A raw string literal may be at most 65,536 characters long, so it is written in pieces.
pieces = [text[i : i + 8000] for i in range(0, len(text), 8000)] or [""]
literal = "\n".join(f'R"~~~({piece})~~~"' for piece in pieces)
with open(target, "w", encoding="utf-8") as file:
    file.write(
        f"#pragma once\n#include <string_view>\nnamespace {namespace} {{\n"
        f"inline constexpr std::string_view {name} =\n{literal};\n}}\n"
    )
