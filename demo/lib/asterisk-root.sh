# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# A root directory with Asterisk 22 (chan_pjsip), or 16 (chan_sip). No Debian that is supported has
# Asterisk: unstable has 22, Debian 11 has 16. Built once in the cache folder, never changed
# afterwards. Needs say.sh; packages mmdebstrap, debian-archive-keyring.
#
#   asterisk_cache                 the cache folder (ASTCTI_CACHE, else ~/.cache/astcti)
#   debian_mirror                  the mirror this machine installs from (ASTCTI_MIRROR overrides)
#   make_asterisk_root [22|16]     builds it where it is missing; its path is in $asterisk_root
#
# As root it is unpacked as it is; a normal user gets it through a user namespace (mmdebstrap
# --mode=unshare, which wants /etc/subuid), everything in it then belongs to that user.

asterisk_root=
# Where Debian has it.
declare -A asterisk_release=([22]=sid [16]=bullseye)
# What is in a root: a new number makes everybody build a new one.
asterisk_root_version=1
asterisk_packages=asterisk,asterisk-core-sounds-en-gsm

asterisk_cache() { printf '%s\n' "${ASTCTI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/astcti}"; }

debian_mirror() {
    local release uri format="\$(REPO_URI) \$(RELEASE) \$(COMPONENT)"
    if [[ -n ${ASTCTI_MIRROR:-} ]]; then
        printf '%s\n' "$ASTCTI_MIRROR"
        return
    fi
    release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    uri=$(apt-get indextargets --format "$format" 'Identifier: Packages' 2>/dev/null |
        awk -v release="$release" '$2 == release && $3 == "main" && $1 ~ /^https?:.*debian\/?$/ { print $1; exit }')
    printf '%s\n' "${uri:-http://deb.debian.org/debian}"
}

make_asterisk_root() {
    local version=${1:-22} release log mode=root
    release=${asterisk_release[$version]:-}
    [[ -n $release ]] || fail "no Asterisk root" "there is no Asterisk $version here" "make_asterisk_root 22 or 16"
    asterisk_root=$(asterisk_cache)/asterisk-$version-$release-$asterisk_root_version
    [[ ! -e $asterisk_root/.complete ]] || return 0
    [[ $EUID == 0 ]] || mode=unshare

    mkdir -p "$(dirname "$asterisk_root")"
    log=$asterisk_root.log
    # Two runs at once: the second one waits for the first and then finds the root.
    exec {asterisk_root_lock}>"$asterisk_root.lock"
    if ! flock --nonblock "$asterisk_root_lock"; then
        say "another run is making the Asterisk root: waiting for it"
        flock "$asterisk_root_lock"
    fi
    if [[ ! -e $asterisk_root/.complete ]]; then
        rm -rf "$asterisk_root.new" "$asterisk_root"
        export -f unpack_asterisk_root
        long "making a root with Asterisk $version (Debian $release, about 110 MB from $(debian_mirror))" "$log" \
            bash -c 'unpack_asterisk_root "$@"' _ "$mode" "$(debian_mirror)" "$release" "$asterisk_packages" "$asterisk_root.new" ||
            asterisk_root_failed "$log" "$mode" "$release"
        mv "$asterisk_root.new" "$asterisk_root"
    fi
    exec {asterisk_root_lock}>&-
}

# Runs in a bash of its own, for long. Device nodes are left out: a normal user cannot make them,
# and asterisk.sh mounts the machine's.
unpack_asterisk_root() {
    set -euo pipefail
    local mode=$1 mirror=$2 release=$3 packages=$4 root=$5
    mkdir -p "$root"
    # The end of the demo must be the end of mmdebstrap too: bash hears signals only while it waits.
    trap 'trap - TERM && kill -TERM 0' TERM
    {
        mmdebstrap --mode="$mode" --variant=minbase --format=tar --include="$packages" \
            --aptopt='APT::Install-Recommends "false"' \
            --aptopt='Acquire::Check-Valid-Until "false"' \
            --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
            --dpkgopt='path-exclude=/usr/share/locale/*' \
            "$release" - "$mirror" | tar -C "$root" -x --exclude='./dev/*'
    } &
    wait $!
    # Where asterisk-contained mounts the state, the prompts and the host names of a run.
    mkdir -p "$root/run/astcti" "$root/usr/share/asterisk/sounds/astctidemo"
    rm -f "$root/etc/resolv.conf" "$root/etc/hosts"
    touch "$root/etc/hosts"
    [[ -x $root/usr/sbin/asterisk ]]
    touch "$root/.complete"
}

asterisk_root_failed() {
    local log=$1 mode=$2 release=$3 todo="see the log; is the mirror reachable? ASTCTI_MIRROR=http://deb.debian.org/debian names another one"
    last_lines "$log"
    if grep -qE 'NO_PUBKEY|EXPKEYSIG|not signed' "$log"; then
        todo="apt-get install debian-archive-keyring: $release is signed with keys that this machine does not have"
    elif [[ $release == bullseye ]] && grep -qE '404|does not have a Release file' "$log"; then
        todo="this mirror no longer has Debian 11: ASTCTI_MIRROR=http://archive.debian.org/debian has"
    elif grep -q 'No space left' "$log"; then
        todo="free 600 MB there, or set ASTCTI_CACHE to a folder with room"
    elif [[ $mode == unshare ]] && grep -qiE 'subuid|unshare|newuidmap' "$log"; then
        todo="this user may not have user namespaces (package uidmap, a line in /etc/subuid): run once as root with ASTCTI_CACHE=$(asterisk_cache)"
    fi
    fail "cannot make the Asterisk root $asterisk_root" "mmdebstrap failed, see above" "$todo"
}
