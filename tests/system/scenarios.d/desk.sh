# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# What people do at their phones besides answering.

# It rings at 201; 203 takes it with *8.
scenario_pickup() {
    record
    phone_on 201 201
    customer_calls 300
    rings 201
    phone_dials 203 203 '*8'
    talk 202 203
    phone_await 201 cancelled
    hang_up 202
}

scenario_hold() {
    record
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    phone_do 201 hold
    await 'Event: Hold' "Channel: $tech/201-*"
    phone_do 201 resume
    await 'Event: Unhold' "Channel: $tech/201-*"
    hang_up 202
}

# Three phones dial the conference; they leave one after the other.
scenario_conference() {
    local phone
    record
    for phone in 202 201 203; do
        phone_dials "$phone" "$phone" 440
        await 'Event: ConfbridgeJoin' "Channel: $tech/$phone-*"
    done
    for phone in 202 203 201; do
        phone_do "$phone" hang-up
        await 'Event: ConfbridgeLeave' "Channel: $tech/$phone-*"
    done
}

# 201 talks with 202; 204 calls too: 202 is held, 204 answered. 204 ends, 202 goes on.
scenario_two_calls() {
    record
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    phone_dials 204 204 201
    rings 201 2
    phone_do 201 hold call=1
    await 'Event: Hold' "Channel: $tech/201-*"
    phone_do 201 answer call=2
    talk 204
    await -n 2 'Event: BridgeEnter' "Channel: $tech/201-*"
    phone_do 204 hang-up
    await 'Event: Hangup' "Channel: $tech/204-*"
    phone_do 201 resume call=1
    await 'Event: Unhold' "Channel: $tech/201-*"
    hang_up 202
}

# 201 talks with 202; 204 calls too, and gives up.
scenario_call_waiting() {
    record
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    phone_dials 204 204 201
    rings 201 2
    phone_do 204 hang-up
    await 'Event: Hangup' "Channel: $tech/204-*"
    hang_up 202
}
