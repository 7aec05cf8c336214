# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# Calls that wait in a queue. 202 types 12345 first.

# The demo's queue: 201 is its one agent.
scenario_queue_one() {
    record
    phone_answers 201 201
    phone_calls 202 202 101 digits=12345 listen=500 talk=4000
    done_with 202 201
}

# 201, 203 and 204 ring, 203 answers.
scenario_queue_ringall() {
    record
    phone_rings 201 201
    phone_answers 203 203
    phone_rings 204 204
    phone_calls 202 202 320 digits=12345 listen=500 talk=4000
    done_with 202 203 201 204
}

# The first call rings at 201, who does not answer, then at 203, who does; the next one begins after
# the one who was rung last.
scenario_queue_rrmemory() {
    record
    phone_rings 201 201
    phone_answers 203 203 500
    phone_calls 202 202 321 digits=12345 listen=500 talk=7000
    done_with 202 201 203
    phone_answers 201-again 201 500
    phone_answers 203-again 203 500
    phone_calls 202-again 202 321 digits=54321 listen=500 talk=4000
    done_with 202-again 201-again
}

# Two calls: each goes to the one whose last call is longer ago.
scenario_queue_leastrecent() {
    record
    phone_answers 201 201 500
    phone_answers 203 203 500
    phone_calls 202 202 322 digits=12345 listen=500 talk=3000
    phone_done 202
    phone_calls 202-again 202 322 digits=54321 listen=500 talk=3000
    done_with 202-again 201 203
}

# The members are Local channels that stay, as FreePBX has them: Local/201@from-queue/n.
scenario_queue_local() {
    record
    phone_answers 201 201
    phone_rings 203 203
    phone_calls 202 202 323 digits=12345 listen=500 talk=4000
    done_with 202 201 203
}

# The same without /n: the Local channels go when the agent has answered.
scenario_queue_local_optimized() {
    record
    phone_answers 201 201
    phone_rings 203 203
    phone_calls 202 202 324 digits=12345 listen=500 talk=4000
    done_with 202 201 203
}
