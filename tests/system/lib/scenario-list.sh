# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The scenarios, in the order in which they are run.
#
#   scenario_names VERSION    one a line

# chan_sip has no second contact.
scenarios_without_16=(two-contacts)

scenario_names() {
    local name
    for name in "${scenarios[@]}"; do
        [[ $1 != 16 || " ${scenarios_without_16[*]} " != *" $name "* ]] || continue
        printf '%s\n' "$name"
    done
}

scenarios=(
    direct ivr fork unanswered two-contacts two-devices local-forward
    queue-one queue-ringall queue-rrmemory queue-leastrecent queue-local queue-local-optimized
    blind-transfer redirect
    originate originate-no-answer originate-fail originate-local
    mid-call mid-ring
)
