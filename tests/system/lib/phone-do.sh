# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# Tells the phones of phones.sh what to do, and waits for what happens to them. A command is a datagram
# that looks like a request of the call; a phone writes what it sees to $log_dir/NAME.calls.
#
#   phone_await NAME EVENT [call=N] [within=SECONDS]
#                                        waits (20 s) until EVENT was seen in NAME's call N, by
#                                        default the last that has begun: called or calls, ringing,
#                                        answered, refused, cancelled, over; in a call: sendonly or
#                                        sendrecv (held, resumed), typed, accepted or not-accepted
#                                        (a REFER). Fails if not.
#   phone_do NAME ACTION [ARGUMENT] [call=N]
#                                        tells NAME what to do and returns when it is done:
#       answer           refuse HOW      what rings. HOW: busy (486), decline (603), or a number to
#                                        forward to (302)
#       hang-up          gives up if it is not answered yet
#       hold   resume    by re-INVITE
#       type DIGITS      by SIP INFO, any of 0-9 A-D * #
#       transfer NUMBER  blind, by REFER; returns when Asterisk has accepted it. The phone hangs up
#                        by itself a second later, whatever became of it
#       connect OTHER    attended: REFER with Replaces; OTHER is a NAME, and that one's last call is
#                        the one that is replaced

phone_told_commands=0

phone_await() {
    local name=$1 event=$2 option call='' seconds=20
    shift 2
    for option in "$@"; do
        case $option in
            call=*) call=${option#*=} ;;
            within=*) seconds=${option#*=} ;;
            *) fail "phone_await: $option" "no such option" "see tests/system/lib/phone-do.sh" ;;
        esac
    done
    wait_until "$seconds" phone_saw_or_ended "$name" "$call" "$event" || true
    phone_saw "$name" "$call" "$event" || phone_failed "$name" "$event was not seen in call ${call:-(last)}"
}

phone_do() {
    local name=$1 action=$2 argument='' call='' i
    shift 2
    [[ ${!#} != call=* ]] || call=${!##call=}
    [[ ${1:-call=} == call=* ]] || argument=$1
    # From here on it is that call, whatever begins meanwhile.
    [[ -n $call ]] || call=$(phone_calls_seen "$name")
    case $action in
        answer) phone_tell "$name" "$call" answered ANSWER ;;
        refuse)
            case $argument in
                busy | decline) phone_tell "$name" "$call" refused "${argument^^}" ;;
                *) phone_tell "$name" "$call" refused FORWARD "Target: <$(phone_uri "$argument")>" ;;
            esac
            ;;
        hang-up) phone_tell "$name" "$call" over HANGUP ;;
        hold) phone_tell "$name" "$call" sendonly DIRECT 'Direction: sendonly' ;;
        resume) phone_tell "$name" "$call" sendrecv DIRECT 'Direction: sendrecv' ;;
        type)
            for ((i = 0; i < ${#argument}; i++)); do
                phone_tell "$name" "$call" typed TYPE "Digit: ${argument:i:1}"
            done
            ;;
        transfer) phone_tell "$name" "$call" accepted TRANSFER "Target: <$(phone_uri "$argument")>" ;;
        connect) phone_tell "$name" "$call" accepted TRANSFER "Target: <$(phone_replaces "$argument")>" ;;
        *) fail "phone_do $name $action" "no such action" "see tests/system/lib/phone-do.sh" ;;
    esac
}

# The one call that replaces another: as RFC 3891 has it, the tags as the REFER's receiver sees them.
phone_replaces() {
    local id me them
    id=$(phone_call_id "$1" '')
    read -r me them < <(awk -v id="$id" '$1 == id && $2 == "answered"' "$log_dir/$1.calls" |
        sed -E 's/.*[;]tag=([^ ;>]+).*[;]tag=([^ ;>]+).*/\1 \2/') || true
    [[ -n ${them:-} ]] || phone_failed "$1" "it talks to nobody, so it cannot be connected"
    printf 'sip:%s:%s?Replaces=%s%%3Bto-tag%%3D%s%%3Bfrom-tag%%3D%s\n' "$sip_address" "$sip_port" \
        "$(percent_encoded "$id")" "$(percent_encoded "$them")" "$(percent_encoded "$me")"
}

percent_encoded() {
    local text=$1 i
    for ((i = 0; i < ${#text}; i++)); do
        case ${text:i:1} in
            [A-Za-z0-9._-]) printf '%s' "${text:i:1}" ;;
            *) printf '%%%02X' "'${text:i:1}" ;;
        esac
    done
}

# phone_tell NAME CALL EVENT METHOD [HEADER...]: sends the command, returns when EVENT is seen again.
phone_tell() {
    local name=$1 call=$2 event=$3 method=$4 id before message
    shift 4
    id=$(phone_call_id "$name" "$call")
    [[ -n $id ]] || phone_failed "$name" "it was told to $method, and it has no call ${call:-yet}"
    ! phone_saw "$name" "$call" over || phone_failed "$name" "it was told to $method, and its call $call is over"
    before=$(phone_count "$name" "$call" "$event")
    phone_told_commands=$((phone_told_commands + 1))
    # Commands differ, else sipp takes the second one for the first one sent again.
    printf -v message '%s\r\n' "$method sip:phone SIP/2.0" "Via: SIP/2.0/UDP script;branch=z9hG4bK$phone_told_commands" \
        'From: <sip:script>' 'To: <sip:phone>' "Call-ID: $id" "CSeq: 0 $method" "$@" 'Content-Length: 0' ''
    # cat sends one datagram; printf would send one for each line.
    cat <<<"$message" >"/dev/udp/${phone_told_address[$name]:-$sip_address}/${phone_told_port[$name]}"
    wait_until 10 phone_saw_or_ended "$name" "$call" "$event" "$before" || true
    phone_saw "$name" "$call" "$event" "$before" || phone_failed "$name" "it was told to $method, and $event was not seen"
}

phone_saw() { (($(phone_count "$1" "$2" "$3") > ${4:-0})); }
phone_saw_or_ended() { phone_saw "$@" || ! alive "$1"; }

phone_count() {
    awk -v id="$(phone_call_id "$1" "$2")" -v event="$3" '$1 == id && $2 == event { count++ } END { print count + 0 }' \
        "$log_dir/$1.calls"
}

# The Call-ID of call N, by default the last; empty if there is none yet.
phone_call_id() {
    awk -v call="$2" '!($1 in seen) { seen[$1] = 1; id[++count] = $1 } END { print id[call == "" ? count : call + 0] }' \
        "$log_dir/$1.calls"
}

phone_calls_seen() { awk '!seen[$1]++ { count++ } END { print count + 0 }' "$log_dir/$1.calls"; }

phone_failed() {
    last_lines "$log_dir/$1.calls"
    last_lines "$log_dir/$1.errors"
    fail "the phone $1 did not get what it expected" "$2" "$log_dir/$1.messages has what was sent; $asterisk_log what Asterisk thought of it"
}
