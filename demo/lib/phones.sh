# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# Phones made of sipp: they register at the Asterisk of asterisk.sh, ring, answer, call, type.
# Needs say.sh, process.sh, ports.sh, asterisk.sh; package sip-tester.
#
#   phone_answers NAME PHONE [RING_MS]   PHONE (201) registers, then rings RING_MS (1500) and answers
#                                        one call, until the other side hangs up. Process NAME.
#   phone_answers_always NAME PHONE [RING_MS]
#                                        the same for any number of calls, until it is stopped
#   phone_rings NAME PHONE               the same, but nobody answers
#   phone_calls NAME PHONE NUMBER [OPTION=VALUE...]
#                                        PHONE (202) calls NUMBER in the background. Process NAME.
#       digits=12345   typed five digits, none by default    listen=MS  before them (3000)
#       talk=MS        after them, until it hangs up (3000)  name=TEXT  its caller name; Asterisk
#                      believes it only if [PHONE](+) trust_id_inbound=yes was added to pjsip.conf
#   phone_calls_in_vain NAME PHONE NUMBER [name=TEXT]
#                                        the same; success is that nobody answered
#   phone_done NAME                      waits for its end; fails with sipp's own words if it failed
#
# Everything sipp received and sent is in $log_dir/NAME.messages.

phones_sipp=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../sipp
# One call, and no phone lives longer than a minute.
phones_limits=(-m 1 -timeout 60 -timeout_error)

phone_answers() { phone_waits "$1" "$2" answer.xml -set ring "${3:-1500}"; }
phone_answers_always() {
    phone_registers "$1" "$2"
    local phones_limits=()
    phone_listens "$1" "$2" answer.xml -set ring "${3:-1500}"
}
phone_rings() { phone_waits "$1" "$2" no-answer.xml; }

phone_waits() {
    phone_registers "$1" "$2"
    phone_listens "$@"
}

# Leaves the ports in $phone_port and $phone_media: what answers must listen where it registered.
phone_registers() {
    read -r phone_port phone_media <<<"$(free_ports 2)"
    phone_registers_at "$1-registers" "$2" 3600 "$phone_port" "$phone_media"
}

phone_registers_at() {
    sipp_phone "$1" "$2" register.xml "$4" "$5" -key expires "$3"
    phone_done "$1"
}

phone_listens() {
    local name=$1 phone=$2 scenario=$3
    shift 3
    sipp_phone "$name" "$phone" "$scenario" "$phone_port" "$phone_media" "$@"
    if ! wait_until 10 udp_bound "$phone_port"; then
        last_lines "$log_dir/$name.errors"
        fail "phone $phone does not listen on UDP port $phone_port" "sipp ended, or the port was taken" "try again"
    fi
}

phone_calls() {
    local name=$1 phone=$2 number=$3 digits='' listen=3000 talk=3000 display option port media more=()
    display="Demo $phone"
    shift 3
    for option in "$@"; do
        case $option in
            digits=?????) digits=${option#*=} ;;
            listen=*) listen=${option#*=} ;;
            talk=*) talk=${option#*=} ;;
            name=*) display=${option#*=} ;;
            *) fail "phone_calls: $option" "no such option, or not five digits" "see phones.sh" ;;
        esac
    done
    [[ -n $digits ]] || more=(-set silent yes)
    read -r port media <<<"$(free_ports 2)"
    sipp_phone "$name" "$phone" caller.xml "$port" "$media" -s "$number" -key name "$(sip_quoted "$display")" \
        -set listen "$listen" -set talk "$talk" "${more[@]}" \
        -key d1 "${digits:0:1}" -key d2 "${digits:1:1}" -key d3 "${digits:2:1}" -key d4 "${digits:3:1}" -key d5 "${digits:4:1}"
}

phone_calls_in_vain() {
    local display="Demo $2" port media
    [[ $# == 3 ]] || display=${4#name=}
    read -r port media <<<"$(free_ports 2)"
    sipp_phone "$1" "$2" caller-refused.xml "$port" "$media" -s "$3" -key name "$(sip_quoted "$display")"
}

# A display name as RFC 3261 quotes it: backslash before backslash and quote.
sip_quoted() {
    local text=${1//\\/\\\\}
    printf '%s' "${text//\"/\\\"}"
}

sipp_phone() {
    local name=$1 phone=$2 scenario=$3 port=$4 media=$5
    shift 5
    [[ $scenario == /* ]] || scenario=$phones_sipp/$scenario
    start "$name" sipp -sf "$scenario" -nostdin "${phones_limits[@]}" \
        -i "$sip_address" -p "$port" -mp "$media" -key phone "$phone" -au "$phone" -ap "${phone_password[$phone]:-}" "$@" \
        -trace_err -error_file "$log_dir/$name.errors" -trace_msg -message_file "$log_dir/$name.messages" \
        "$sip_address:$sip_port"
}

phone_done() {
    local status=0
    exit_status "$1" || status=$?
    ((status != 0)) || return 0
    last_lines "$log_dir/$1.errors"
    fail "the phone $1 did not get what it expected" "sipp ended with status $status, see above" \
        "$log_dir/$1.messages has what was sent; $asterisk_log what Asterisk thought of it"
}
