# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# What began before the recording, and what happens to Asterisk.

# The recording begins while 202 and 201 talk.
scenario_mid_call() {
    watch
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    record
    hang_up 202
}

# The recording begins while 201 rings for the queue.
scenario_mid_ring() {
    watch
    phone_on 201 201
    customer_calls 101
    rings 201
    await 'Event: DialState' 'DestChannelStateDesc: Ringing'
    record
    phone_do 201 answer
    talk 202 201
    hang_up 202
}

# Everything is reloaded in mid-call.
scenario_reload() {
    record
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    ami 'Action: Reload'
    await 'Event: Reload' 'Module: All'
    hang_up 202
}

# Asterisk dies in mid-call, and comes again. Its channels then have the names of before.
scenario_restart() {
    record
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    pbx_kill
    # What they would say goes to nobody.
    stop 201
    stop 202
    asterisk_start
    recorder_ready
    phone_on 201-again 201
    customer_calls 300 54321 202-again
    rings 201 2
    phone_do 201-again answer
    await -n 2 'Event: BridgeEnter' "Channel: $tech/201-*"
    await -n 2 'Event: BridgeEnter' "Channel: $tech/202-*"
    hang_up 202-again
}
