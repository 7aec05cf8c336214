# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# A private Asterisk: its own ports, secrets, configuration and state, so that any number run at
# once beside one that is already there. Phones are SIP/201 where it has chan_sip (version 16), else
# PJSIP/201. Needs say.sh, process.sh, ports.sh, template.sh and a root of asterisk-root.sh.
#
#   asterisk_prepare ROOT DIR [SIP_ADDRESS]
#                        chooses ports and secrets, writes the configuration to DIR/etc (DIR must
#                        not exist). Phones are served at SIP_ADDRESS, 127.0.0.1 by default.
#   asterisk_add FILE    appends stdin to DIR/etc/FILE, between prepare and start: what only one
#                        test wants, e.g. load = app_confbridge.so to modules.conf, or [202](+)
#                        trust_id_inbound = yes to pjsip.conf
#   asterisk_add_name NUMBER NAME
#                        adds an extension NUMBER that is 100 with NAME as the caller's name, byte
#                        for byte, line breaks included. Also before start.
#   asterisk_start       starts it as the process "asterisk"; returns when it is up and AMI answers
#   asterisk_stop        ends it; nothing stays mounted
#
# Afterwards: $ami_port $ami_secret (user ctimanager) $sip_address $sip_port $sip_technology (SIP or
# PJSIP) ${phone_password[201]} and $asterisk_log.

# The caller's, not ours.
# shellcheck disable=SC2034
ami_port='' ami_secret='' sip_address='' sip_port='' sip_technology='' asterisk_log=''
declare -A phone_password=()
asterisk_dir=''
asterisk_used_root=''
asterisk_lib=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
asterisk_seconds_to_start=60

asterisk_prepare() {
    local phone file modules
    asterisk_used_root=$1 asterisk_dir=$2 sip_address=${3:-127.0.0.1}
    asterisk_log=$asterisk_dir/log/full
    read -r ami_port sip_port <<<"$(free_ports 2)"
    ami_secret=$(random_secret)
    modules=$(cd "$asterisk_used_root" && find usr/lib -path '*/asterisk/modules' -print -quit)
    sip_technology=PJSIP
    [[ ! -e $asterisk_used_root/$modules/chan_sip.so ]] || sip_technology=SIP

    setting=(
        [AMI_PORT]=$ami_port [AMI_SECRET]=$ami_secret
        [SIP_ADDRESS]=$sip_address [SIP_PORT]=$sip_port
        # Below what free_ports gives, or Asterisk might take a phone's port before the phone does.
        [RTP_START]=10000 [RTP_END]=19999
        [STATE]=/run/astcti [MODULES]=/$modules
    )
    for phone in 200 201 202; do
        phone_password[$phone]=$(random_secret)
        setting[PASSWORD_$phone]=${phone_password[$phone]}
    done

    mkdir -m 700 "$asterisk_dir"
    mkdir "$asterisk_dir"/{etc,lib,cache,spool,run,log,sounds}
    for file in "$asterisk_lib"/../asterisk/{common,"${sip_technology,,}"}/*.conf; do
        fill_template "$file" >"$asterisk_dir/etc/${file##*/}"
    done
    printf '127.0.0.1 localhost %s\n' "$(uname -n)" >"$asterisk_dir/etc/hosts"
}

asterisk_add() { cat >>"$asterisk_dir/etc/$1"; }

# Asterisk would send the name to the phone as it is, and a line break in it breaks the INVITE: the
# phone is told that it is withheld. (Over SIP no line break comes in, and backslashes stay.)
asterisk_add_name() {
    asterisk_add extensions.conf <<EOF

[astctidemo](+)
exten => $1,1,Answer()
 same => n,Set(CALLERID(name)=\${BASE64_DECODE($(printf '%s' "$2" | base64 -w 0))})
 same => n,Read(cdata,astctidemo/enter_five_digits,5,,1,8)
 same => n,Set(calldata=\${cdata})
 same => n,Dial($sip_technology/201,20,b(name-$1^s^1))
 same => n,Hangup()
[name-$1]
exten => s,1,Set(CONNECTEDLINE(pres,i)=prohib)
 same => n,Return()
EOF
}

asterisk_start() {
    local why=() user=()
    if [[ $EUID != 0 ]]; then
        user=(--user --map-root-user)
        unshare "${user[@]}" --mount --pid --fork true 2>/dev/null ||
            fail "cannot start Asterisk" "it runs in namespaces of its own, and this user may not make any" \
                "run as root, or: sudo sysctl kernel.unprivileged_userns_clone=1"
    fi
    start_contained asterisk unshare "${user[@]}" --mount --pid --fork --kill-child \
        "$asterisk_lib/asterisk-contained" "$asterisk_used_root" "$asterisk_dir"

    wait_until "$asterisk_seconds_to_start" asterisk_up_or_ended
    if ! asterisk_up; then
        why=("it was not up within $asterisk_seconds_to_start s")
        alive asterisk || why=("it ended at once")
        last_lines "$log_dir/asterisk.log"
        last_lines "$asterisk_log" 25
        fail "cannot start Asterisk" "${why[*]}" "see the logs above"
    fi
    # unshare does not hand signals on: what stop signals is the first process inside.
    process_signal_pid["asterisk"]=$(tr -d ' ' <"/proc/${process_pid[asterisk]}/task/${process_pid[asterisk]}/children")
}

asterisk_up_or_ended() { asterisk_up || ! alive asterisk; }

# "Asterisk Ready." is the last thing it says at its start, and AMI must say hello.
asterisk_up() {
    grep -aqs 'Asterisk Ready' "$asterisk_log" && [[ $(ami_banner) == "Asterisk Call Manager/"* ]]
}

ami_banner() {
    local banner=
    { exec {ami_fd}<>"/dev/tcp/127.0.0.1/$ami_port"; } 2>/dev/null || return 0
    read -r -t 2 -u "$ami_fd" banner || true
    exec {ami_fd}>&-
    printf '%s' "$banner"
}

asterisk_stop() { stop asterisk; }
