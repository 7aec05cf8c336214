# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# AstCTI itself: built from this clone, started with files of its own in a directory of the run.
# Needs say.sh, process.sh, desktop.sh (bus_name_within) and, for the manager, asterisk.sh.
#
#   astcti_build SOURCE BUILD LOG        builds the programs (a build directory that exists is used as it is)
#                                        into $astctid $astctictl $astcti_agent
#   astctid_configure DIR                DIR/astcti.xml: SQLite, the manager of asterisk.sh, a socket in DIR,
#                                        this Unix user is account 201. Change it before the next step if need be.
#   astctid_add_account DIR NAME EXT PASSWORD
#   astctid_start DIR                    returns when it listens; process "astctid"
#   astctid_await_pbx                    returns when it has reached AMI; its line is in $found_line
#   agent_rules FILE URL                 a rules file: a call in context astctidemo opens URL's page when answered
#   agent_refuse_second                  fails if an agent runs on this session bus already
#   agent_start DIR RULES                returns when its name is on the bus; process "agent"
#   listener_start                       writes down what the session bus carries from the agent, without asking
#                                        the agent: process "listener", JSON lines in $log_dir/listener.log
#   monitor_start                        astcti-agent --monitor: its lines are in $log_dir/monitor.log
#   await_call_signal SECONDS STATE CALLDATA
#                                        waits for CallAdded or CallChanged with both; a line about it for a
#                                        person is in $call_signal

astctid='' astctictl='' astcti_agent='' call_signal=''

astcti_build() {
    local source=$1 build=$2 log=$3
    if [[ ! -e $build/build.ninja ]]; then
        long "configuring the build in $build" "$log" \
            meson setup --buildtype=release -Dtests=false "$build" "$source" || astcti_build_failed "$log" "meson setup"
    fi
    # ninja and not "meson compile": a target that is new since the last configure is found.
    long "building AstCTI" "$log" ninja -C "$build" daemon/astctid daemon/ctl/astctictl desktop-agent/astcti-agent ||
        astcti_build_failed "$log" "ninja"
    # The caller's, not ours.
    # shellcheck disable=SC2034
    astctid=$build/daemon/astctid astctictl=$build/daemon/ctl/astctictl astcti_agent=$build/desktop-agent/astcti-agent
}

astcti_build_failed() {
    last_lines "$1" 25
    fail "cannot build AstCTI" "$2 failed, see above" "if the build directory is from another machine or compiler: remove it, or name another one by --build-dir"
}

astctid_configure() {
    local dir=$1
    mkdir -m 700 "$dir" "$dir/credentials"
    printf '%s' "$ami_secret" >"$dir/credentials/astcti.ami"
    cat >"$dir/astcti.xml" <<EOF
<?xml version="1.0" encoding="UTF-8"?>
<astcti xmlns="urn:astcti:config:1">
  <database driver="sqlite" file="$dir/astcti.db"/>
  <manager name="pbx1" host="127.0.0.1" port="$ami_port" user="ctimanager" secret-credential="astcti.ami"/>
  <ctiserver>
    <listen path="$dir/astcti.socket"/>
    <local-users map="same-name"><user name="$(id -un)" account="201"/></local-users>
    <outbound context="astctidemo" numbers="_2XX"/>
  </ctiserver>
</astcti>
EOF
    chmod 600 "$dir/astcti.xml" "$dir/credentials/astcti.ami"
}

astctid_add_account() {
    "$astctictl" --config "$1/astcti.xml" user add "$2" --ext "$3" --password-fd 3 >"$log_dir/astctictl.log" 2>&1 3<<<"$4" && return
    last_lines "$log_dir/astctictl.log"
    fail "cannot add the account $2" "astctictl failed, see above" "this is a mistake in AstCTI or in the demo: please report it"
}

astctid_start() {
    start astctid "$astctid" --config "$1/astcti.xml" --credentials-dir "$1/credentials" --log-level debug
    wait_for_line 15 "$log_dir/astctid.log" 'ready: listening on' astctid || astcti_failed astctid "astctid does not listen"
}

astctid_await_pbx() {
    wait_for_line 20 "$log_dir/astctid.log" 'pbx pbx1: AMI connected to ' astctid || astcti_failed astctid "astctid did not reach Asterisk"
}

astcti_failed() {
    last_lines "$log_dir/$1.log" 25
    fail "$2" "see its log above" "this is a mistake in AstCTI or in the demo: please report it, with the log"
}

agent_rules() {
    cat >"$1" <<EOF
<?xml version="1.0" encoding="UTF-8"?>
<rules xmlns="urn:astcti:rules:1">
  <rule name="Demo page" context="astctidemo" when="answered">
    <open url="$2?callerid={CALLERID}&amp;callername={CALLERNAME}&amp;calldata={CALLDATA}&amp;channel={CHANNEL}&amp;uniqueid={UNIQUEID}"/>
  </rule>
</rules>
EOF
}

agent_refuse_second() {
    local name owned
    for name in org.astcti.Agent org.astcti.Agent1; do
        owned=$(gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
            --method org.freedesktop.DBus.NameHasOwner "$name" 2>&1) ||
            fail "there is no session bus" "$owned" "run this in your desktop session as yourself, or demo/run --headless"
        [[ $owned != *true* ]] ||
            fail "your session has an AstCTI agent already" "the demo's own agent would take its place, and your calls would not be shown" \
                "demo/run --headless, which has a session of its own; or astcti-agent --quit first"
    done
}

agent_start() {
    start agent "$astcti_agent" --server "unix:$1/astcti.socket" --rules "$2"
    wait_until 15 agent_on_bus_or_ended
    alive agent || astcti_failed agent "the agent ended at once"
    bus_name_within 1 org.astcti.Agent1 || astcti_failed agent "the agent does not come onto the session bus"
}

agent_on_bus_or_ended() { ! alive agent || bus_name_within 1 org.astcti.Agent1; }

listener_start() {
    start listener busctl --user --json=short monitor --match="type='signal',interface='org.astcti.Agent1'"
    wait_for_line 10 "$log_dir/listener.log" '^Monitoring' listener || astcti_failed listener "busctl cannot listen to the session bus"
}

await_call_signal() {
    local line=
    wait_until "$1" call_signal_seen "$2" "$3" || return 1
    line=$(call_signals "$2" "$3" | head -n 1)
    # shellcheck disable=SC2034 # the caller's
    call_signal=$(/usr/bin/python3 -c '
import json, sys
signal = json.loads(sys.argv[1])
call = {name: value["data"] for name, value in signal["payload"]["data"][-1].items()}
name = json.dumps(call["PeerName"], ensure_ascii=False)
print("D-Bus", signal["member"], call["State"] + ":", call["PeerNumber"], name, "calldata", call["CallData"])
' "$line")
}

call_signal_seen() { [[ -n $(call_signals "$@") ]]; }

# The properties of a call come in any order.
call_signals() {
    grep -aE '"member":"Call(Added|Changed)"' "$log_dir/listener.log" |
        grep -F "\"State\":{\"type\":\"s\",\"data\":\"$1\"}" |
        grep -F "\"CallData\":{\"type\":\"s\",\"data\":\"$2\"}" || true
}

monitor_start() { start monitor "$astcti_agent" --monitor; }
