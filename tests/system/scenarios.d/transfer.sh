# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# A customer goes from desk to desk. 202 types 12345, 201 answers; 200 gets the customer.

# 202 and 201 talk. Their channels are in $customer and $agent; 200 is there.
talk_first() {
    phone_on 200 200
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    channel_of 202
    customer=$channel
    channel_of 201
    agent=$channel
}
# 202 and 200 talk, and 202 hangs up.
talk_last() {
    talk_again 202 200
    hang_up 202
}
customer='' agent=''

scenario_blind_transfer() {
    record
    talk_first
    ami 'Action: BlindTransfer' "Channel: $agent" 'Context: astctidemo' 'Exten: 200'
    answers 200
    talk_last
}

scenario_blind_transfer_refer() {
    record
    talk_first
    phone_do 201 transfer 200
    answers 200
    talk_last
}

# 201 types #1, then 200.
scenario_blind_transfer_dtmf() {
    record
    talk_first
    phone_do 201 type '#1'
    await 'Event: MusicOnHoldStart' "Channel: $customer"
    phone_do 201 type 200
    answers 200
    talk_last
}

# Nobody answers at 200 and the customer is told so.
scenario_blind_transfer_unanswered() {
    record
    talk_first
    ami 'Action: BlindTransfer' "Channel: $agent" 'Context: astctidemo' 'Exten: 5200'
    rings 200
    phone_await 202 over
}

# 201 asks 200 first, while the customer waits, then hangs up.
scenario_attended_transfer() {
    record
    talk_first
    ami 'Action: Atxfer' "Channel: $agent" 'Context: astctidemo' 'Exten: 200'
    answers 200
    await 'Event: BridgeEnter' "Channel: $tech/200-*"
    await -n 2 'Event: BridgeEnter' "Channel: $agent"
    phone_do 201 hang-up
    await 'Event: AttendedTransfer'
    talk_last
}

# 201 hangs up while 200 still rings. Asterisk keeps her channel until it knows what became of it.
scenario_attended_transfer_early() {
    record
    talk_first
    ami 'Action: Atxfer' "Channel: $agent" 'Context: astctidemo' 'Exten: 200'
    rings 200
    await -n 2 'Event: BridgeEnter' "Channel: $agent"
    phone_do 201 hang-up
    await 'Event: AttendedTransfer'
    phone_do 200 answer
    talk_last
}

# The same, but nobody answers at 200: 201 rings again, and has 202 again.
prepare_attended_transfer_recall() {
    sed -i 's/^atxfernoanswertimeout = .*/atxfernoanswertimeout = 8/' "$run_dir/asterisk/etc/features.conf"
}
scenario_attended_transfer_recall() {
    record
    talk_first
    ami 'Action: Atxfer' "Channel: $agent" 'Context: astctidemo' 'Exten: 200'
    rings 200
    await -n 2 'Event: BridgeEnter' "Channel: $agent"
    phone_do 201 hang-up
    await 'Event: AttendedTransfer'
    rings 201 2
    phone_do 201 answer
    talk_again 202 201
    hang_up 202
}

# As attended_transfer, by a feature code.
scenario_attended_transfer_dtmf() {
    record
    talk_first
    phone_do 201 type '*2'
    await 'Event: MusicOnHoldStart' "Channel: $customer"
    phone_do 201 type 200
    answers 200
    await 'Event: BridgeEnter' "Channel: $tech/200-*"
    await -n 2 'Event: BridgeEnter' "Channel: $agent"
    phone_do 201 hang-up
    await 'Event: AttendedTransfer'
    talk_last
}

# The phone does it: it holds 202, calls 200 by a second call of its own, and connects both.
prepare_attended_transfer_refer() { phones_prepare_trunk; }
scenario_attended_transfer_refer() {
    record
    phone_on 200 200
    phone_on 201 201
    trunk_dials trunk +390612345678 300 name=ACME
    type_into_ivr trunk 12345
    answers 201
    talk trunk 201
    phone_do 201 hold
    phone_dials 201-asks 201 200
    answers 200
    await 'Event: BridgeEnter' "Channel: $tech/200-*"
    phone_do 201 connect 201-asks
    await 'Event: AttendedTransfer'
    talk_again trunk 200
    hang_up trunk
}

# 200 answers, but will not have the customer: 201 has him again when 200 hangs up.
scenario_attended_transfer_back() {
    record
    talk_first
    ami 'Action: Atxfer' "Channel: $agent" 'Context: astctidemo' 'Exten: 200'
    answers 200
    await 'Event: BridgeEnter' "Channel: $tech/200-*"
    await -n 2 'Event: BridgeEnter' "Channel: $agent"
    phone_do 200 hang-up
    await -n 3 'Event: BridgeEnter' "Channel: $agent"
    hang_up 202
}

# 201 changes her mind while 200 rings.
scenario_attended_transfer_cancelled() {
    record
    talk_first
    ami 'Action: Atxfer' "Channel: $agent" 'Context: astctidemo' 'Exten: 200'
    rings 200
    await -n 2 'Event: BridgeEnter' "Channel: $agent"
    ami 'Action: CancelAtxfer' "Channel: $agent"
    await -n 3 'Event: BridgeEnter' "Channel: $agent"
    phone_await 200 cancelled
    hang_up 202
}

# 200 is busy.
scenario_attended_transfer_busy() {
    record
    phone_refuses 200 200 busy
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    channel_of 201
    ami 'Action: Atxfer' "Channel: $channel" 'Context: astctidemo' 'Exten: 200'
    await -n 2 'Event: BridgeEnter' "Channel: $channel"
    hang_up 202
}

# The phone 201 has two calls, and the desktop puts the two others together.
scenario_bridge() {
    record
    talk_first
    phone_do 201 hold
    phone_dials 201-asks 201 200
    answers 200
    talk 200
    channel_of 200
    ami 'Action: Bridge' "Channel1: $customer" "Channel2: $channel" 'Tone: no'
    talk_last
}

scenario_redirect() {
    record
    talk_first
    ami 'Action: Redirect' "Channel: $customer" 'Context: astctidemo' 'Exten: 200' 'Priority: 1'
    answers 200
    talk_last
}

# 201 parks 202 and hangs up, 200 dials the number of the space.
scenario_park() {
    record
    talk_first
    ami 'Action: Park' "Channel: $customer" "TimeoutChannel: $agent" 'Timeout: 30000'
    await 'Event: ParkedCall' 'ParkingSpace: 701'
    phone_do 201 hang-up
    await 'Event: Hangup' "Channel: $agent"
    phone_dials 200-calls 200 701
    await 'Event: UnParkedCall'
    talk_last
}

# The same by a feature code; Asterisk tells 201 the number and hangs up.
scenario_park_dtmf() {
    record
    talk_first
    phone_do 201 type '#72'
    await 'Event: ParkedCall'
    phone_await 201 over
    phone_dials 200-calls 200 701
    await 'Event: UnParkedCall'
    talk_last
}

# Nobody fetches the customer: he comes back to 201.
scenario_park_back() {
    record
    talk_first
    ami 'Action: Park' "Channel: $customer" "TimeoutChannel: $agent" 'Timeout: 2000'
    await 'Event: ParkedCall'
    phone_do 201 hang-up
    await 'Event: ParkedCallTimeOut'
    rings 201 2
    phone_do 201 answer
    talk_again 202 201
    hang_up 202
}
