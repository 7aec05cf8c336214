# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The processes of a run: all of them children of the shell that sources this, all of them ended
# with it. Needs say.sh. Set log_dir before the first start.
#
#   start NAME COMMAND...           in the background, output in $log_dir/NAME.log. The kernel ends
#                                   it when this shell dies, even by kill -9. Not from a subshell.
#   start_contained NAME COMMAND... the same for a command that may not get the kernel's SIGTERM
#                                   (unshare blocks it): SIGKILL
#   alive NAME                      is it running?
#   stop NAME                       SIGTERM, five seconds, SIGKILL; no error if it has ended
#   stop_all                        everything that was started, last first
#   exit_status NAME                waits for its end, returns its status
#   wait_until SECONDS COMMAND...   runs COMMAND ten times a second until it succeeds; 1 if it never did
#   wait_for_line SECONDS FILE REGEX [NAME]
#                                   waits for a line (extended regex) in FILE, which need not exist
#                                   yet; the line is in $found_line. Gives up when NAME has ended.

log_dir=${log_dir:-}
declare -A process_pid=() process_signal_pid=()
process_order=()
found_line=

start() { start_process TERM "$@"; }
start_contained() { start_process KILL "$@"; }

start_process() {
    local death=$1 name=$2
    shift 2
    setpriv --pdeathsig "$death" -- "$@" >"$log_dir/$name.log" 2>&1 </dev/null &
    process_pid[$name]=$!
    process_order+=("$name")
}

alive() {
    local pid=${process_pid[$1]:-}
    [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null
}

stop() {
    local name=$1 pid=${process_pid[$1]:-}
    [[ -n $pid ]] || return 0
    # What is in a pid namespace hears of it through its first process, see asterisk.sh.
    kill -TERM "${process_signal_pid[$name]:-$pid}" 2>/dev/null || true
    wait_until 5 process_gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    unset "process_pid[$name]" "process_signal_pid[$name]"
}

process_gone() { ! kill -0 "$1" 2>/dev/null; }

stop_all() {
    local i
    for ((i = ${#process_order[@]} - 1; i >= 0; i--)); do stop "${process_order[i]}"; done
    process_order=()
}

exit_status() {
    local status=0
    wait "${process_pid[$1]}" || status=$?
    unset "process_pid[$1]"
    return "$status"
}

wait_until() {
    local deadline=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
    shift
    until "$@"; do
        ((${EPOCHREALTIME/[.,]/} < deadline)) || return 1
        sleep 0.1
    done
}

wait_for_line() {
    local seconds=$1 file=$2 regex=$3 name=${4:-}
    wait_until "$seconds" line_or_end "$file" "$regex" "$name" && [[ -n $found_line ]]
}

# True when the line is there or can no longer come.
line_or_end() {
    local ended=
    [[ -z $3 ]] || alive "$3" || ended=yes # asked first: what it wrote before its end still counts
    found_line=$(grep -aEm 1 -- "$2" "$1" 2>/dev/null) || found_line=
    [[ -n $found_line || -n $ended ]]
}
