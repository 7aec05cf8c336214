#!/bin/bash
# SPDX-License-Identifier: MIT
# Prints what happens, the state and the number for each event of this person's calls, as
# org.astcti.Agent1 tells them on the session bus. Properties come in the order of their names.
set -euo pipefail

gdbus monitor --session --dest org.astcti.Agent1 --object-path /org/astcti/Agent1 |
    sed -un "s/^[^ ]* org\.astcti\.Agent1\.\(Call[A-Za-z]*\) .*'PeerNumber': <'\([^']*\)'>, 'PeerUniqueId'.*\
'StartTime': <uint64 [0-9]*>, 'State': <'\([a-z]*\)'>.*/\1 \3 \2/p"
