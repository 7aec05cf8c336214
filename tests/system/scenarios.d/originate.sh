# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# 201 dials from her desktop, as astctid asks Asterisk to: her phone rings first, then it dials.

# originate CHANNEL NUMBER [CONTEXT [TIMEOUT]]
originate() {
    ami 'Action: Originate' 'ActionID: astcti-1' "Channel: $1" "Exten: $2" "Context: ${3:-astctidemo}" 'Priority: 1' \
        'CallerID: 201' "Timeout: ${4:-50000}" 'Async: true' 'ChannelId: astcti-1795406905.1'
}

scenario_originate() {
    record
    phone_on 201 201
    phone_on 200 200
    originate "$tech/201" 200
    answers 201
    await 'Event: OriginateResponse' 'Response: Success'
    answers 200
    talk 200 201
    hang_up 201
}

scenario_originate_no_answer() {
    record
    phone_on 201 201
    originate "$tech/201" 200 astctidemo 4000
    await 'Event: OriginateResponse' 'Response: Failure'
}

scenario_originate_busy() {
    record
    phone_refuses 201 201 busy
    originate "$tech/201" 200
    await 'Event: OriginateResponse' 'Response: Failure'
}

# Her phone is registered nowhere; then one that nobody has.
scenario_originate_fail() {
    record
    originate "$tech/201" 200
    await 'Event: OriginateResponse' 'Response: Failure'
    originate "$tech/299" 200
    await -n 2 'Event: OriginateResponse' 'Response: Failure'
}

# She answers, but 200 is busy.
scenario_originate_callee_busy() {
    record
    phone_on 201 201
    phone_refuses 200 200 busy
    originate "$tech/201" 4200
    answers 201
    await 'Event: DialEnd' 'DialStatus: BUSY'
    phone_await 201 over
}

# As FreePBX wants it.
scenario_originate_local() {
    record
    phone_on 201 201
    phone_on 200 200
    originate Local/201@from-internal 200 from-internal
    answers 201
    answers 200
    talk 200 201
    await 'Event: LocalOptimizationEnd'
    hang_up 201
}
