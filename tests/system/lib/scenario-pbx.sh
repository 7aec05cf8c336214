# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2153,SC2154
# The Asterisk of a scenario. Needs asterisk-root.sh, asterisk.sh, template.sh, prompt.sh.
#
#   pbx_prepare VERSION    prepares Asterisk 22 (chan_pjsip) or 16 (chan_sip) with the configuration of
#                          ../asterisk added to the demo's; $tech is PJSIP or SIP
#   pbx_kill               ends it as a power cut does; asterisk_start starts it anew
#
# Phones: 200 carl, 201 anna (and 211, her second one), 202 bert, 203 dora, 204 erik; outside, which has the
# number that is dialled through the trunk.

tech=''

pbx_prepare() {
    local phone file
    make_asterisk_root "$1"
    asterisk_prepare "$asterisk_root" "$run_dir/asterisk"
    for phone in 203 204 211 outside; do
        phone_password["$phone"]=$(random_secret)
        setting[PASSWORD_${phone^^}]=${phone_password["$phone"]}
    done
    tech=$sip_technology
    setting[TECH]=$tech
    if [[ $tech == PJSIP ]]; then
        setting[CONTACTS_201]='${PJSIP_DIAL_CONTACTS(201)}' setting[TRUNK_BEFORE]=PJSIP/ setting[TRUNK_AFTER]=@outside
    else
        setting[CONTACTS_201]=SIP/201 setting[TRUNK_BEFORE]=SIP/outside/ setting[TRUNK_AFTER]=
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

# No goodbye to anybody: the kernel ends all that is in its namespace.
pbx_kill() {
    kill -KILL "${process_signal_pid[asterisk]}"
    exit_status asterisk || true
    mv "$asterisk_log" "$asterisk_log.before"
}
