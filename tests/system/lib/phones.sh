# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# More phones made of sipp: they do what the script tells them, when it tells them. Needs
# demo/lib/phones.sh and what that needs.
#
#   phone_on NAME PHONE [at-once]        PHONE (201) registers and takes any number of calls: each rings
#                                        (at-once: is answered at once) until the script says what to
#                                        do. Twice with one PHONE and two NAMEs: two contacts. Process NAME.
#   phone_refuses NAME PHONE HOW         registers and refuses every call; HOW as below. Process NAME.
#   phone_dials NAME PHONE NUMBER [name=TEXT]
#                                        PHONE calls NUMBER, as long as the script wants. Process NAME.
#   trunk_dials NAME FROM NUMBER [name=TEXT] [withheld]
#                                        the outside line calls NUMBER; the caller's number is FROM
#                                        (withheld: From is Anonymous, FROM is asserted with Privacy: id)
#   phone_off NAME                       waits until the calls of NAME are over, takes its registration back, and
#                                        fails if one of them did not go as a call should. (stop NAME of
#                                        process.sh pulls the plug.)
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
#
#   phones_prepare_trunk                 before asterisk_start: the outside line, PJSIP/trunk or SIP/trunk, known
#                                        by its address; its calls come into context astctidemo
#   phones_prepare_contacts PHONE N      before asterisk_start: PHONE may register N times (chan_pjsip only, where
#                                        Dial(${PJSIP_DIAL_CONTACTS(201)}) rings all, Dial(PJSIP/201) one)
#
# $log_dir/NAME.calls has the events, $log_dir/NAME.messages all that was sent and received.

phones_told_sipp=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../sipp
phones_trunk_address=127.0.0.2
# Any number of calls, and no phone outlives a test that has been forgotten.
phones_told_limits=(-timeout 300 -timeout_error)
declare -A phone_told_port=() phone_told_address=() phone_told_registered=()
phone_told_commands=0

phone_on() {
    local options=()
    [[ ${3:-} != at-once ]] || options=(-set at_once yes)
    phone_takes_calls "$1" "$2" "${options[@]}"
}

phone_refuses() {
    case $3 in
        busy | decline) phone_takes_calls "$1" "$2" -set "$3" yes ;;
        *) phone_takes_calls "$1" "$2" -set forward yes -set target "<$(phone_uri "$3")>" ;;
    esac
}

phone_takes_calls() {
    local name=$1 phone=$2
    shift 2
    phone_registers "$name" "$phone"
    local phones_limits=("${phones_told_limits[@]}")
    phone_listens "$name" "$phone" "$(phone_told_scenario "$name" called.xml)" "$@" "${phones_told_options[@]}" -log_file "$log_dir/$name.calls"
    phone_told_port[$name]=$phone_port phone_told_registered[$name]=$phone
}

phone_uri() { printf 'sip:%s@%s:%s' "$1" "$sip_address" "$sip_port"; }

phone_dials() {
    local name=$1 phone=$2 number=$3 display="Demo $2" port media who
    [[ $# == 3 ]] || display=${4#name=}
    who="\"$(sip_quoted "$display")\" <sip:$phone@$sip_address>"
    read -r port media <<<"$(free_ports 2)"
    phone_told_dials "$name" "$phone" "$number" "$port" "$media" "$who" "$who" none
}

trunk_dials() {
    local name=$1 from=$2 number=$3 display='' privacy=none option port media who asserted
    shift 3
    for option in "$@"; do
        case $option in
            name=*) display=${option#*=} ;;
            withheld) privacy=id ;;
            *) fail "trunk_dials: $option" "no such option" "see tests/system/lib/phones.sh" ;;
        esac
    done
    asserted="\"$(sip_quoted "$display")\" <sip:$from@$phones_trunk_address>"
    who=$asserted
    [[ $privacy == none ]] || who='"Anonymous" <sip:anonymous@anonymous.invalid>'
    read -r port media <<<"$(free_ports 2)"
    phone_told_dials "$name" trunk "$number" "$port" "$media" "$who" "$asserted" "$privacy" -i "$phones_trunk_address"
}

phones_prepare_trunk() {
    if [[ $sip_technology == PJSIP ]]; then
        asterisk_add modules.conf <<<'load = res_pjsip_endpoint_identifier_ip.so'
        asterisk_add pjsip.conf <<EOF

[trunk](phone)
trust_id_inbound = yes
[trunk]
type = identify
endpoint = trunk
match = $phones_trunk_address
EOF
    else
        asterisk_add sip.conf <<EOF

[trunk](phone)
type = peer
host = $phones_trunk_address
insecure = port,invite
trustrpid = yes
EOF
    fi
}

phones_prepare_contacts() {
    asterisk_add pjsip.conf <<<"
[$1](+type=aor)
max_contacts = $2"
}

phone_told_dials() {
    local name=$1 phone=$2 number=$3 port=$4 media=$5 who=$6 asserted=$7 privacy=$8
    # shellcheck disable=SC2034 # sipp_phone's
    local phones_limits=(-m 1 "${phones_told_limits[@]}")
    shift 8
    unset "phone_told_registered[$name]"
    sipp_phone "$name" "$phone" "$(phone_told_scenario "$name" calling.xml)" "$port" "$media" -s "$number" \
        -key from "$who" -key asserted "$asserted" -key privacy "$privacy" \
        "${phones_told_options[@]}" -log_file "$log_dir/$name.calls" "$@"
    phone_told_port[$name]=$port
    [[ $phone != trunk ]] || phone_told_address[$name]=$phones_trunk_address
    phone_await "$name" calls
}

# NOTIFY, OPTIONS, UPDATE are answered by sipp itself.
phones_told_options=(-aa -trace_logs)

# sipp cannot include a file. What begins a call and what happens in it make one scenario.
phone_told_scenario() {
    local file=$log_dir/$1.xml
    : >"$log_dir/$1.calls" # nothing of an earlier phone of that name
    awk -v talk="$phones_told_sipp/talk.xml" '
        /<!-- talk.xml -->/ { while ((getline line <talk) > 0) if (inside(line)) print line; next }
        { print }
        function inside(line) {
            if (line ~ /<scenario/) { within = 1; return 0 }
            if (line ~ /<\/scenario/) within = 0
            return within
        }' "$phones_told_sipp/$2" >"$file"
    printf '%s\n' "$file"
}

phone_off() {
    local status=0
    kill -USR1 "${process_pid[$1]}" 2>/dev/null || true
    wait_until 20 process_gone "${process_pid[$1]}" || phone_failed "$1" "it is to be put away, and its calls are not over within 20 s"
    exit_status "$1" || status=$?
    # 99: there was no call at all.
    if ((status != 0 && status != 99)); then
        last_lines "$log_dir/$1.errors"
        fail "a call of the phone $1 did not go as it should" "sipp ended with status $status, see above" "see $log_dir/$1.messages"
    fi
    [[ -z ${phone_told_registered[$1]:-} ]] ||
        phone_registers_at "$1-unregisters" "${phone_told_registered[$1]}" 0 "${phone_told_port[$1]}" "$(free_ports 1)"
}

phone_await() {
    local name=$1 event=$2 option call='' seconds=20
    shift 2
    for option in "$@"; do
        case $option in
            call=*) call=${option#*=} ;;
            within=*) seconds=${option#*=} ;;
            *) fail "phone_await: $option" "no such option" "see tests/system/lib/phones.sh" ;;
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
                # Fingers: a feature code needs its time until Asterisk listens for what follows it.
                sleep 0.2
            done
            ;;
        transfer) phone_tell "$name" "$call" accepted TRANSFER "Target: <$(phone_uri "$argument")>" ;;
        connect) phone_tell "$name" "$call" accepted TRANSFER "Target: <$(phone_replaces "$argument")>" ;;
        *) fail "phone_do $name $action" "no such action" "see tests/system/lib/phones.sh" ;;
    esac
}

# The one call that replaces another: as RFC 3891 has it, the tags as the REFER's receiver sees them.
phone_replaces() {
    local id me them
    id=$(phone_call_id "$1" '')
    read -r me them < <(awk -v id="$id" '$1 == id && $2 == "answered"' "$log_dir/$1.calls" |
        sed -E 's/.*[;]tag=([^ ;>]+).*[;]tag=([^ ;>]+).*/\1 \2/')
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
