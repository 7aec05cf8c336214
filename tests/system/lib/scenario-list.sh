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
    direct ivr ivr-agent-ends user-event trunk-in withheld withheld-told anonymous fork two-contacts two-devices local-forward
    unanswered busy rejected give-up forward auto-answer outbound
    queue-one queue-ringall queue-rejected queue-abandon queue-rrmemory queue-leastrecent
    queue-local queue-local-optimized queue-transfer queue-local-transfer queue-local-attended queue-pickup agent-pool
    blind-transfer blind-transfer-refer blind-transfer-dtmf blind-transfer-unanswered
    attended-transfer attended-transfer-early attended-transfer-recall attended-transfer-dtmf attended-transfer-refer
    attended-transfer-back attended-transfer-cancelled attended-transfer-busy
    bridge redirect park park-dtmf park-back
    pickup hold conference two-calls call-waiting
    originate originate-no-answer originate-busy originate-fail originate-callee-busy originate-local
    mid-call mid-ring mid-consultation reconnect reload restart
)
