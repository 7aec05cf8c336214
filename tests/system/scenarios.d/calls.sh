# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# One caller, one number: how a call to one phone or to several can go.

scenario_direct() {
    record
    phone_answers 201 201
    phone_calls 202 202 201
    done_with 202 201
}

scenario_ivr() {
    record
    phone_answers 201 201
    phone_calls 202 202 300 digits=12345 listen=500 talk=4000
    done_with 202 201
}

# 201 and 203 ring, 203 answers.
scenario_fork() {
    record
    phone_rings 201 201
    phone_answers 203 203
    phone_calls 202 202 330 digits=12345 listen=500 talk=4000
    done_with 202 203 201
}

scenario_unanswered() {
    record
    phone_rings 201 201
    phone_calls_in_vain 202 202 4201
    done_with 202 201
}

# 201 is registered at two places: both ring, the second one answers.
prepare_two_contacts() {
    sed -i 's/^max_contacts = .*/max_contacts = 2/; s/^remove_existing = .*/remove_existing = no/' "$run_dir/asterisk/etc/pjsip.conf"
}
scenario_two_contacts() {
    record
    phone_rings 201-home 201
    phone_answers 201 201
    phone_calls 202 202 331 digits=12345 listen=500 talk=4000
    done_with 202 201 201-home
}

# The person at 201 has a second phone, 211, and answers there.
scenario_two_devices() {
    record
    phone_rings 201 201
    phone_answers 211 211
    phone_calls 202 202 332 digits=12345 listen=500 talk=4000
    done_with 202 211 201
}

# Two Local channels, as Follow-Me makes them; both optimize themselves away. 203 answers.
scenario_local_forward() {
    record
    phone_rings 201 201
    phone_answers 203 203
    phone_calls 202 202 333 digits=12345 listen=500 talk=4000
    done_with 202 203 201
}
