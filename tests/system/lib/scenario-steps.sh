# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# The steps that most scenarios have. Each waits until it has happened, as Asterisk tells the
# recorder. Needs recorder.sh, phones.sh; a phone's NAME is its number here.
#
#   record                           begins the recording: the first step of most scenarios
#   watch                            a recorder beside it, for what happens before
#   customer_calls NUMBER [DIGITS] [NAME]
#                                    202 calls NUMBER, hears the IVR and types DIGITS (12345)
#   type_into_ivr NAME DIGITS        NAME, who called the IVR, types
#   rings PHONE [COUNT]              PHONE rings (for the COUNTth time)
#   answers PHONE                    PHONE rings, then answers
#   talk PHONE...                    each is in a bridge
#   talk_again PHONE PHONE           both are in the same bridge, and no longer in another one
#   hang_up NAME                     NAME hangs up
#   channel_of PHONE                 leaves the name of PHONE's first channel in $channel
#   phones_off                       all phones go, and fail if a call of theirs went wrong

channel=''
ivr_calls=0

record() { recorder_start main "$run_dir/main.txt"; }
watch() { recorder_start watch "$run_dir/watch.txt"; }

customer_calls() {
    local name=${3:-202}
    phone_dials "$name" 202 "$1"
    type_into_ivr "$name" "${2:-12345}"
}

type_into_ivr() {
    ivr_calls=$((ivr_calls + 1))
    await -n "$ivr_calls" 'Event: Newexten' 'Application: Read'
    phone_await "$1" answered
    phone_do "$1" type "$2"
}

rings() { await -n "${2:-1}" 'Event: Newstate' "Channel: $tech/$1-*" 'ChannelStateDesc: Ringing'; }

answers() {
    rings "$1"
    phone_do "$1" answer
}

talk() {
    local phone
    for phone in "$@"; do await 'Event: BridgeEnter' "Channel: $tech/$phone-*"; done
}

talk_again() { ask_recorder event "waiting until $1 talks with $2" "talk $recorder_seconds" "$tech/$1" "$tech/$2"; }

hang_up() { phone_do "$1" hang-up; }

channel_of() {
    await "Event: Newchannel" "Channel: $tech/$1-*"
    channel=${event[channel]}
}

phones_off() {
    local name
    for name in "${process_order[@]}"; do
        [[ $name != @(asterisk|recorder-*|*-registers) && -n ${process_pid[$name]:-} ]] || continue
        phone_off "$name"
    done
}
