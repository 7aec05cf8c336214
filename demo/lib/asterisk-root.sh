# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# A root directory with Asterisk 22 (chan_pjsip), or 16 (chan_sip). No Debian that is supported has
# Asterisk: unstable has 22, Debian 11 has 16. Needs say.sh; brings debian-root.sh.
#
#   make_asterisk_root [22|16]     builds it where it is missing; its path is in $asterisk_root

# shellcheck source-path=SCRIPTDIR source=debian-root.sh
. "${BASH_SOURCE[0]%/*}/debian-root.sh"

asterisk_root=
# Where Debian has it.
declare -A asterisk_release=([22]=sid [16]=bullseye)
# What is in a root: a new number makes everybody build a new one.
asterisk_root_version=1

make_asterisk_root() {
    local version=${1:-22} release
    release=${asterisk_release[$version]:-}
    [[ -n $release ]] || fail "no Asterisk root" "there is no Asterisk $version here" "make_asterisk_root 22 or 16"
    make_debian_root "asterisk-$version-$release-$asterisk_root_version" "$release" \
        asterisk,asterisk-core-sounds-en-gsm usr/sbin/asterisk "110 MB"
    # shellcheck disable=SC2034 # the caller's, not ours
    asterisk_root=$debian_root
}
