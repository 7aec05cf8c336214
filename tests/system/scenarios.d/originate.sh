# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# 201 dials from her desktop, as astctid asks Asterisk to: her phone rings first, then it dials.

# originate CHANNEL NUMBER [CONTEXT]
originate() {
    ami 'Action: Originate' 'ActionID: astcti-1' "Channel: $1" "Exten: $2" "Context: ${3:-astctidemo}" 'Priority: 1' \
        'CallerID: 201' 'Timeout: 5000' 'Async: true' 'ChannelId: astcti-1795406905.1'
}

scenario_originate() {
    record
    phone_answers 201 201
    phone_answers 200 200
    originate "$tech/201" 200
    await 'Event: OriginateResponse' 'Response: Success'
    await 'Event: BridgeEnter' "Channel: $tech/200-*"
    await 'Event: BridgeEnter' "Channel: $tech/201-*"
    ami 'Action: Hangup' "Channel: ${event[channel]}"
    done_with 201 200
}

scenario_originate_no_answer() {
    record
    phone_rings 201 201
    originate "$tech/201" 200
    await 'Event: OriginateResponse' 'Response: Failure'
    done_with 201
}

# A phone that is not there: registered nowhere, then unknown.
scenario_originate_fail() {
    record
    originate "$tech/201" 200
    await 'Event: OriginateResponse' 'Response: Failure'
    originate "$tech/299" 200
    await -n 2 'Event: OriginateResponse' 'Response: Failure'
}

# As FreePBX wants it.
scenario_originate_local() {
    record
    phone_answers 201 201
    phone_answers 200 200
    originate Local/201@from-internal 200 from-internal
    await 'Event: BridgeEnter' "Channel: $tech/200-*"
    await 'Event: OriginateResponse' 'Response: Success'
    await 'Event: DialEnd' "DestChannel: $tech/200-*" 'DialStatus: ANSWER'
    await 'Event: BridgeEnter' "Channel: $tech/201-*"
    ami 'Action: Hangup' "Channel: ${event[channel]}"
    done_with 201 200
}
