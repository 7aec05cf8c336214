# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# What began before the recording, and what happens to the connection.

scenario_mid_call() {
    watch
    phone_answers 201 201
    phone_calls 202 202 300 digits=12345 listen=500 talk=5000
    await 'Event: BridgeEnter' "Channel: $tech/201-*"
    await 'Event: BridgeEnter' "Channel: $tech/202-*"
    record
    done_with 202 201
}

scenario_mid_ring() {
    watch
    phone_answers 201 201 4000
    phone_calls 202 202 101 digits=12345 listen=500 talk=8000
    await 'Event: Newstate' "Channel: $tech/201-*" 'ChannelStateDesc: Ringing'
    record
    done_with 202 201
}
