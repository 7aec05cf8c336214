# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# More phones made of sipp: they do what the script tells them, when it tells them. Needs
# demo/lib/phones.sh and what that needs; phone-do.sh (which is part of this) has how to tell them.
#
#   phone_on NAME PHONE [at-once]        PHONE (201) registers and takes any number of calls: each rings
#                                        (at-once: is answered at once) until the script says what to
#                                        do. Twice with one PHONE and two NAMEs: two contacts. Process NAME.
#   phone_refuses NAME PHONE HOW         registers and refuses every call; HOW as in phone-do.sh. Process NAME.
#   phone_dials NAME PHONE NUMBER [name=TEXT]
#                                        PHONE calls NUMBER, as long as the script wants. Process NAME.
#   trunk_dials NAME FROM NUMBER [name=TEXT] [withheld]
#                                        the outside line calls NUMBER; the caller's number is FROM
#                                        (withheld: From is Anonymous, FROM is asserted with Privacy: id)
#   phone_off NAME                       waits until the calls of NAME are over, takes its registration back, and
#                                        fails if one of them did not go as a call should. (stop NAME of
#                                        process.sh pulls the plug.) chan_sip knows one registration of a phone,
#                                        and so forgets that of another NAME too.
#
#   phones_prepare_trunk                 before asterisk_start: the outside line, PJSIP/trunk or SIP/trunk, known
#                                        by its address; its calls come into context astctidemo
#   phones_prepare_contacts PHONE N      before asterisk_start: PHONE may register N times (chan_pjsip only, where
#                                        Dial(${PJSIP_DIAL_CONTACTS(201)}) rings all, Dial(PJSIP/201) one)
#
# $log_dir/NAME.calls has the events, $log_dir/NAME.messages all that was sent and received.

phones_told_lib=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
phones_told_sipp=$phones_told_lib/../sipp
# shellcheck source=tests/system/lib/phone-do.sh
. "$phones_told_lib/phone-do.sh"
phones_trunk_address=127.0.0.2
# Any number of calls, and no phone outlives a test that has been forgotten.
phones_told_limits=(-timeout 300 -timeout_error)
declare -A phone_told_port=() phone_told_address=() phone_told_registered=()

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
    # One second of it, again and again.
    [[ -e $log_dir/silence.ulaw ]] || head -c 8000 /dev/zero | tr '\0' '\377' >"$log_dir/silence.ulaw"
    awk -v silence="$log_dir/silence.ulaw" -v talk="$phones_told_sipp/talk.xml" '
        /<!-- talk.xml -->/ {
            while ((getline line <talk) > 0) {
                sub("SILENCE", silence, line)
                if (inside(line)) print line
            }
            next
        }
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
    # free_ports might give the very port that the phone has just left: the one after it was found free with it.
    [[ -z ${phone_told_registered[$1]:-} ]] ||
        phone_registers_at "$1-unregisters" "${phone_told_registered[$1]}" 0 "${phone_told_port[$1]}" $((phone_told_port[$1] + 1))
}
