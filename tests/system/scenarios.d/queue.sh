# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# Calls that wait in a queue. The customer types 12345 first.

# The demo's queue: 201 is its one agent.
scenario_queue_one() {
    record
    phone_on 201 201
    customer_calls 101
    answers 201
    talk 202 201
    hang_up 202
}

# 201, 203 and 204 ring, 203 answers. The customer is from outside.
prepare_queue_ringall() { phones_prepare_trunk; }
scenario_queue_ringall() {
    record
    phone_on 201 201
    phone_on 203 203
    phone_on 204 204
    trunk_dials trunk +390612345678 320 name=ACME
    type_into_ivr trunk 12345
    rings 201
    rings 204
    answers 203
    talk trunk 203
    hang_up trunk
}

# 201 and 203 ring, 201 does not want it, 203 answers.
scenario_queue_rejected() {
    record
    phone_on 201 201
    phone_on 203 203
    customer_calls 320
    rings 203
    rings 201
    phone_do 201 refuse decline
    await 'Event: Hangup' "Channel: $tech/201-*"
    phone_do 203 answer
    talk 202 203
    hang_up 202
}

# The customer hangs up while two phones ring.
scenario_queue_abandon() {
    record
    phone_on 201 201
    phone_on 203 203
    customer_calls 320
    rings 201
    rings 203
    hang_up 202
    await 'Event: QueueCallerAbandon'
}

# The first call rings at 201, who does not answer, then at 203, who does; the next one rings at the
# next one, which is 201.
scenario_queue_rrmemory() {
    record
    phone_on 201 201
    phone_on 203 203
    customer_calls 321
    rings 201
    await 'Event: AgentRingNoAnswer'
    answers 203
    talk 202 203
    hang_up 202
    await 'Event: AgentComplete'
    customer_calls 321 54321 202-again
    rings 201 2
    phone_do 201 answer
    await 'Event: BridgeEnter' "Channel: $tech/201-*"
    hang_up 202-again
}

# Two calls: each goes to the one whose last call is longer ago.
scenario_queue_leastrecent() {
    record
    phone_on 201 201
    phone_on 203 203
    customer_calls 322
    answers 201
    talk 202 201
    hang_up 202
    await 'Event: AgentComplete'
    customer_calls 322 54321 202-again
    answers 203
    talk 202 203
    hang_up 202-again
}

# The members are Local channels that stay, as FreePBX has them: Local/201@from-queue/n.
scenario_queue_local() {
    record
    phone_on 201 201
    phone_on 203 203
    customer_calls 323
    rings 203
    answers 201
    talk 202 201
    hang_up 202
}

# The same without /n: the Local channels go when the agent has answered.
scenario_queue_local_optimized() {
    record
    phone_on 201 201
    phone_on 203 203
    customer_calls 324
    rings 203
    answers 201
    await 'Event: LocalOptimizationEnd'
    talk_again 202 201
    hang_up 202
}

# The agent is called from the queue, and sends the customer on to 200.
scenario_queue_transfer() {
    record
    phone_on 201 201
    phone_on 200 200
    customer_calls 101
    answers 201
    talk 202 201
    phone_do 201 transfer 200
    answers 200
    talk_again 202 200
    hang_up 202
}

# The same where the member is a Local channel that stays between them.
scenario_queue_local_transfer() {
    record
    phone_on 201 201
    phone_on 203 203
    phone_on 200 200
    customer_calls 323
    rings 203
    answers 201
    talk 202 201
    phone_do 201 transfer 200
    answers 200
    talk 200
    hang_up 202
}

# 201 asks 200 by a second call of her phone before she connects both.
scenario_queue_local_attended() {
    record
    phone_on 201 201
    phone_on 203 203
    phone_on 200 200
    customer_calls 323
    rings 203
    answers 201
    talk 202 201
    phone_do 201 hold
    phone_dials 201-asks 201 200
    answers 200
    talk 200
    phone_do 201 connect 201-asks
    await 'Event: AttendedTransfer'
    hang_up 202
}

# 203, who is no member of the queue, takes with *8 what rings at 201.
scenario_queue_pickup() {
    record
    phone_on 201 201
    customer_calls 101
    rings 201
    phone_dials 203 203 '*8'
    talk 202 203
    phone_await 201 cancelled
    hang_up 202
}

# 201 has logged in as an agent: her one channel lasts, it never rings. Two customers after each other.
scenario_agent_pool() {
    record
    phone_dials 201 201 450
    await 'Event: AgentLogin'
    customer_calls 325
    await 'Event: AgentConnect'
    talk 202 201
    hang_up 202
    await 'Event: AgentComplete'
    customer_calls 325 54321 202-again
    await -n 2 'Event: AgentConnect'
    talk_again 202 201
    hang_up 202-again
    await -n 2 'Event: AgentComplete'
    hang_up 201
    await 'Event: AgentLogoff'
}
