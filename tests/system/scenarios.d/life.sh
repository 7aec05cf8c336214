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

# The recording begins while 201 asks 200, and 202 waits.
scenario_mid_consultation() {
    watch
    phone_on 201 201
    phone_on 200 200
    customer_calls 300
    answers 201
    talk 202 201
    channel_of 201
    ami 'Action: Atxfer' "Channel: $channel" 'Context: astctidemo' 'Exten: 200'
    answers 200
    talk 200
    await -n 2 'Event: BridgeEnter' "Channel: $channel"
    record
    phone_do 201 hang-up
    await 'Event: AttendedTransfer'
    talk_again 202 200
    hang_up 202
}

# The connection is lost for a while. Meanwhile 202 hangs up and 204 begins to talk with 203; 211 talks
# with 200 all the time.
scenario_reconnect() {
    record
    watch
    phone_on 201 201
    phone_on 203 203
    phone_on 200 200
    phone_dials 211 211 200
    answers 200
    talk 211 200
    customer_calls 300
    answers 201
    talk 202 201
    use_recorder main
    recorder_leave
    use_recorder watch
    hang_up 202
    await 'Event: Hangup' "Channel: $tech/202-*"
    await 'Event: Hangup' "Channel: $tech/201-*"
    phone_dials 204 204 203
    answers 203
    talk 204 203
    use_recorder main
    recorder_ready
    hang_up 204
    await 'Event: Hangup' "Channel: $tech/204-*"
    hang_up 211
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
