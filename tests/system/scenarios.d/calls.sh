# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# One caller, one number: how a call to one phone or to several can go.

scenario_direct() {
    record
    phone_on 201 201
    phone_dials 202 202 201
    answers 201
    talk 202 201
    hang_up 202
}

scenario_ivr() {
    record
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    hang_up 202
}

# The agent hangs up first.
scenario_ivr_agent_ends() {
    record
    phone_on 201 201
    customer_calls 300
    answers 201
    talk 202 201
    hang_up 201
}

# No variable is configured in manager.conf: what the caller typed comes as UserEvent(AstCTI).
prepare_user_event() { sed -i '/^channelvars = /d' "$run_dir/asterisk/etc/manager.conf"; }
scenario_user_event() {
    record
    phone_on 201 201
    customer_calls 310
    answers 201
    talk 202 201
    hang_up 202
}

# A customer from outside whose name has what must be quoted.
prepare_trunk_in() { phones_prepare_trunk; }
scenario_trunk_in() {
    record
    phone_on 201 201
    trunk_dials trunk +390612345678 300 'name=ACME "Best" \ Co'
    type_into_ivr trunk 12345
    answers 201
    talk trunk 201
    hang_up trunk
}

# Who calls is known, but shall not be shown: From is Anonymous, and the number asserted with
# Privacy: id. AMI shows the number, and does not say that it is withheld.
prepare_withheld() { phones_prepare_trunk; }
scenario_withheld() {
    record
    phone_on 201 201
    trunk_dials trunk +390612345678 300 name=ACME withheld
    type_into_ivr trunk 12345
    answers 201
    talk trunk 201
    hang_up trunk
}

# The same where manager.conf has a function among its variables, which does say it.
prepare_withheld_told() {
    phones_prepare_trunk
    sed -i 's/^channelvars = calldata,customer$/&,CALLERID(pres)/' "$run_dir/asterisk/etc/manager.conf"
}
scenario_withheld_told() { scenario_withheld; }

# Nobody knows who calls.
prepare_anonymous() { phones_prepare_trunk; }
scenario_anonymous() {
    record
    phone_on 201 201
    trunk_dials trunk anonymous 300 name=Anonymous
    type_into_ivr trunk 12345
    answers 201
    talk trunk 201
    hang_up trunk
}

# 201 and 203 ring, 203 answers.
scenario_fork() {
    record
    phone_on 201 201
    phone_on 203 203
    customer_calls 330
    rings 201
    answers 203
    talk 202 203
    hang_up 202
}

# 201 is registered at two places: both ring, the second one answers.
prepare_two_contacts() { phones_prepare_contacts 201 2; }
scenario_two_contacts() {
    record
    phone_on 201-home 201
    phone_on 201-desk 201
    customer_calls 331
    await -n 2 'Event: Newstate' "Channel: $tech/201-*" 'ChannelStateDesc: Ringing'
    phone_do 201-desk answer
    talk 202 201
    hang_up 202
}

# The person at 201 has a second phone, 211, and answers there.
scenario_two_devices() {
    record
    phone_on 201 201
    phone_on 211 211
    customer_calls 332
    rings 201
    answers 211
    talk 202 211
    hang_up 202
}

# Two Local channels, as Follow-Me makes them; both optimize themselves away. 203 answers.
scenario_local_forward() {
    record
    phone_on 201 201
    phone_on 203 203
    customer_calls 333
    rings 201
    answers 203
    await 'Event: LocalOptimizationEnd'
    talk 202 203
    hang_up 202
}

scenario_unanswered() {
    record
    phone_on 201 201
    phone_dials 202 202 5201
    rings 201
    phone_await 202 refused
}

scenario_busy() {
    record
    phone_refuses 201 201 busy
    phone_dials 202 202 4201
    phone_await 202 refused
}

# It rings, and 201 does not want it.
scenario_rejected() {
    record
    phone_on 201 201
    phone_dials 202 202 4201
    rings 201
    phone_do 201 refuse decline
    phone_await 202 refused
}

# 202 hangs up while it rings.
scenario_give_up() {
    record
    phone_on 201 201
    phone_dials 202 202 201
    rings 201
    hang_up 202
    phone_await 201 cancelled
}

# 201 sends the call on to 200.
scenario_forward() {
    record
    phone_on 201 201
    phone_on 200 200
    customer_calls 300
    rings 201
    phone_do 201 refuse 200
    answers 200
    talk 202 200
    hang_up 202
}

# 200 OK at once: it never rings.
scenario_auto_answer() {
    record
    phone_on 201 201 at-once
    customer_calls 300
    talk 202 201
    hang_up 202
}

# 201 calls somebody outside, and sends him on to 200.
scenario_outbound() {
    record
    phone_on outside outside
    phone_on 200 200
    phone_dials 201 201 0390612345678
    answers outside
    talk 201 outside
    phone_do 201 transfer 200
    answers 200
    talk_again outside 200
    hang_up outside
}
