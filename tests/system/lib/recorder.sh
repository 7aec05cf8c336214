# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# The recorder (recorder.py) as scenarios use it. Needs say.sh, process.sh, asterisk.sh.
#
#   recorder_start NAME FILE     logs in and writes to FILE what comes; from now on all of the below
#                                is about this one. Returns when the lists after the login are there.
#   recorder_leave               cuts the connection
#   recorder_ready               until the lists that follow a login are there (after a restart), the
#                                connection made again if it was cut
#   recorder_stop NAME
#   use_recorder NAME            the below is about that one again
#   ami HEADER...                sends an action ("Action: Hangup" "Channel: …"); fails if refused.
#                                What came back is in ${answer[message]} and so on: names in small letters.
#   await [-n COUNT] [-t SECONDS] HEADER...
#                                until COUNT (1) events have come that have all these headers, whose
#                                values are patterns ("Channel: PJSIP/201-*"). The last one is in ${event[…]}.
#   await_gone                   until all channels are hung up and nothing more comes

# The scenarios'.
# shellcheck disable=SC2034
declare -A event=() answer=()
recorder=''
declare -A recorder_commands=() recorder_replies=()
recorder_seconds=60

recorder_start() {
    local name=$1 file=$2 to from fifo=$run_dir/recorder-$1
    mkfifo -m 600 "$fifo.commands" "$fifo.replies"
    start "recorder-$name" /usr/bin/python3 -u "$here/lib/recorder.py" --port "$ami_port" --user scenarios \
        --secret "$ami_secret" --file "$file" --commands "$fifo.commands" --replies "$fifo.replies"
    exec {to}<>"$fifo.commands" {from}<>"$fifo.replies"
    recorder_commands[$name]=$to recorder_replies[$name]=$from
    use_recorder "$name"
    recorder_ready
}

recorder_ready() { ask_recorder event "the lists after the login" "ready $recorder_seconds"; }
recorder_leave() { ask_recorder event "cutting the connection" "leave $recorder_seconds"; }
use_recorder() { recorder=$1; }
recorder_stop() { stop "recorder-$1"; }

ami() { ask_recorder answer "the action ${1#*: }" "action $recorder_seconds" "$@"; }

await() {
    local count=1 seconds=$recorder_seconds
    while [[ $1 == -? ]]; do
        case $1 in
            -n) count=$2 ;;
            -t) seconds=$2 ;;
        esac
        shift 2
    done
    ask_recorder event "waiting for event $count of: $*" "await $seconds $count" "$@"
}

await_gone() { ask_recorder event "waiting for the end of all channels" "gone $recorder_seconds"; }

# ask_recorder RESULT WHAT COMMAND [HEADER...]
ask_recorder() {
    local -n result=$1
    local what=$2 line status=''
    shift 2
    printf '%s\n' "$@" '' >&"${recorder_commands[$recorder]}"
    result=()
    while IFS= read -r -t $((recorder_seconds * 3)) -u "${recorder_replies[$recorder]}" line && [[ -n $line ]]; do
        if [[ -z $status ]]; then status=$line; else result[${line%%: *}]=${line#*: }; fi
    done
    [[ $status == ok ]] || fail "$what" "${status#no: }" "$log_dir has what the phones saw; $asterisk_log what Asterisk did"
}
