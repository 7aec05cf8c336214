#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands for an application that the agent starts: record.py FILE [ARGUMENT…] appends its arguments to the file."""
import json
import os
import sys

line = (json.dumps(sys.argv[2:]) + "\n").encode()
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
os.write(file, line)
