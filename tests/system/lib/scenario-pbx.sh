# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153,SC2154
# The Asterisk of a scenario, and the steps that most scenarios have. Needs recorder.sh, phones.sh.
#
#   pbx_prepare VERSION    prepares Asterisk 22 (chan_pjsip) or 16 (chan_sip) with the configuration of
#                          ../asterisk added to the demo's; $tech is PJSIP or SIP
#   record                 begins the recording: the first step of most scenarios
#   watch                  a recorder beside it, for what happens before
#   done_with NAME...      these phones have ended, and got what they expected
#   channel_of PHONE       leaves the name of the phone's (last) channel in $channel
#
# Phones: 200 carl, 201 anna (and 211, her second one), 202 bert, 203 dora, 204 erik, trunk.

tech='' channel=''

pbx_prepare() {
    local phone file
    case $1 in
        22) tech=PJSIP ;;
        16) tech=SIP ;;
        *) fail "scenario: version $1" "there is no such version" "16 or 22" ;;
    esac
    make_asterisk_root "$1"
    asterisk_prepare "$asterisk_root" "$run_dir/asterisk"
    for phone in 203 204 211 trunk; do
        phone_password["$phone"]=$(random_secret)
        setting[PASSWORD_${phone^^}]=${phone_password["$phone"]}
    done
    setting[TECH]=$tech
    if [[ $tech == PJSIP ]]; then
        setting[CONTACTS_201]='${PJSIP_DIAL_CONTACTS(201)}' setting[TRUNK_BEFORE]=PJSIP/ setting[TRUNK_AFTER]=@trunk
    else
        setting[CONTACTS_201]=SIP/201 setting[TRUNK_BEFORE]=SIP/trunk/ setting[TRUNK_AFTER]=
    fi
    for file in "$here"/asterisk/*.conf; do
        case ${file##*/} in
            pjsip.conf) [[ $tech == PJSIP ]] || continue ;;
            sip.conf) [[ $tech == SIP ]] || continue ;;
            modules-*) continue ;;
        esac
        fill_template "$file" | asterisk_add "${file##*/}"
    done
    [[ ! -e $here/asterisk/modules-$1.conf ]] || asterisk_add modules.conf <"$here/asterisk/modules-$1.conf"
    make_prompt "$run_dir/asterisk/sounds"
}

record() { recorder_start main "$run_dir/main.txt"; }
watch() { recorder_start watch "$run_dir/watch.txt"; }

done_with() {
    local phone
    for phone in "$@"; do phone_done "$phone"; done
}

channel_of() {
    await "Event: Newchannel" "Channel: $tech/$1-*"
    channel=${event[channel]}
}
