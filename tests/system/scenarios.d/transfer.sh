# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# A customer goes from desk to desk. 202 types 12345, 201 answers; 200 gets the customer.

# 202 and 201 talk. Their channels are in $customer and $agent.
talk_first() {
    phone_answers 201 201 500
    phone_calls 202 202 300 digits=12345 listen=500 talk=8000
    await 'Event: BridgeEnter' "Channel: $tech/202-*"
    customer=${event[channel]}
    await 'Event: BridgeEnter' "Channel: $tech/201-*"
    agent=${event[channel]}
}
customer='' agent=''

scenario_blind_transfer() {
    record
    phone_answers 200 200
    talk_first
    ami 'Action: BlindTransfer' "Channel: $agent" 'Context: astctidemo' 'Exten: 200'
    done_with 201 202 200
}

scenario_redirect() {
    record
    phone_answers 200 200
    talk_first
    ami 'Action: Redirect' "Channel: $customer" 'Context: astctidemo' 'Exten: 200' 'Priority: 1'
    done_with 201 202 200
}
