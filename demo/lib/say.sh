# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the person reads, and the long steps they wait for.
#
#   say TEXT                    one line on stdout: seconds since the start, then the text
#   fail WHAT WHY TODO          three lines on stderr, then exit 1
#   long TEXT LOG COMMAND...    runs a long command (a program, not a function), its output in LOG;
#                               says so at the start, every ten seconds with the log's last line,
#                               and at the end. Returns the command's status; the caller says what
#                               a failure means.
#   stop_long                   ends the command that runs, if any: for a trap
#   last_lines FILE [COUNT]     the end of a log on stderr, indented

demo_start=$EPOCHREALTIME
long_pid=
# Whom stop_long signals: "group" is the command with its children, "process" it alone (apt-get,
# whose dpkg must not be cut off in the middle of a package).
long_interrupt=group

say() {
    local us=$((${EPOCHREALTIME/[.,]/} - ${demo_start/[.,]/}))
    printf '[%3d.%d s] %s\n' $((us / 1000000)) $((us / 100000 % 10)) "$1"
}

fail() {
    printf 'error: %s\n  why:        %s\n  what to do: %s\n' "$1" "$2" "$3" >&2
    exit 1
}

long() {
    local text=$1 log=$2 began=$SECONDS next=10 status=0
    shift 2
    say "$text ..."
    set -m # a process group of its own, for stop_long
    setpriv --pdeathsig TERM -- "$@" >"$log" 2>&1 </dev/null &
    long_pid=$!
    set +m
    while kill -0 "$long_pid" 2>/dev/null; do
        sleep 0.2
        if ((SECONDS - began >= next)); then
            say "  $((SECONDS - began)) s: $(tail -c 400 "$log" | tr '\r' '\n' | awk 'NF { line = $0 } END { print substr(line, 1, 100) }')"
            next=$((next + 10))
        fi
    done
    wait "$long_pid" || status=$?
    long_pid=
    ((status != 0)) || say "$text: done in $((SECONDS - began)) s"
    return "$status"
}

stop_long() {
    [[ -n $long_pid ]] || return 0
    if [[ $long_interrupt == group ]]; then
        kill -TERM -- "-$long_pid" 2>/dev/null || true
    else
        kill -TERM "$long_pid" 2>/dev/null || true
    fi
    wait "$long_pid" 2>/dev/null || true
    long_pid=
}

last_lines() {
    printf '  the last lines of %s:\n' "$1" >&2
    tail -n "${2:-15}" "$1" 2>/dev/null | awk '{ print "    | " $0 }' >&2 || true
}
