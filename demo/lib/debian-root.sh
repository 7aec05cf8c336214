# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Root directories with programs of another Debian. Built once in the cache folder, never changed
# afterwards. Needs say.sh; packages mmdebstrap, debian-archive-keyring.
#
#   astcti_cache                   the cache folder (ASTCTI_CACHE, else ~/.cache/astcti)
#   debian_mirror                  the mirror this machine installs from (ASTCTI_MIRROR overrides)
#   make_debian_root NAME RELEASE PACKAGES PROGRAM SIZE
#                                  builds it where it is missing; its path is in $debian_root. NAME is
#                                  its folder, with what tells one of other contents apart; PROGRAM
#                                  is a path that a good one has; SIZE is what will be loaded
#
# As root it is unpacked as it is; a normal user gets it through a user namespace (mmdebstrap
# --mode=unshare, which wants /etc/subuid), everything in it then belongs to that user.

debian_root=

astcti_cache() { printf '%s\n' "${ASTCTI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/astcti}"; }

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

make_debian_root() {
    local name=$1 release=$2 packages=$3 program=$4 size=$5 log mode=root
    debian_root=$(astcti_cache)/$name
    [[ ! -e $debian_root/.complete ]] || return 0
    [[ $EUID == 0 ]] || mode=unshare

    mkdir -p "$(dirname "$debian_root")"
    log=$debian_root.log
    # Two runs at once: the second one waits for the first and then finds the root.
    exec {debian_root_lock}>"$debian_root.lock"
    if ! flock --nonblock "$debian_root_lock"; then
        say "another run is making $name: waiting for it"
        flock "$debian_root_lock"
    fi
    if [[ ! -e $debian_root/.complete ]]; then
        rm -rf "$debian_root.new" "$debian_root"
        export -f unpack_debian_root
        long "making a root with ${packages%%,*} (Debian $release, about $size from $(debian_mirror))" "$log" \
            bash -c 'unpack_debian_root "$@"' _ "$mode" "$(debian_mirror)" "$release" "$packages" "$program" "$debian_root.new" ||
            debian_root_failed "$log" "$mode" "$release"
        mv "$debian_root.new" "$debian_root"
    fi
    exec {debian_root_lock}>&-
}

# Runs in a bash of its own, for long. Device nodes are left out: a normal user cannot make them, and
# whoever uses the root mounts the machine's.
unpack_debian_root() {
    set -euo pipefail
    local mode=$1 mirror=$2 release=$3 packages=$4 program=$5 root=$6
    mkdir -p "$root"
    # The end of the run must be the end of mmdebstrap too: bash hears signals only while it waits.
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
    [[ -x $root/$program ]]
    touch "$root/.complete"
}

debian_root_failed() {
    local log=$1 mode=$2 release=$3 todo="see the log; is the mirror reachable? ASTCTI_MIRROR=http://deb.debian.org/debian names another one"
    last_lines "$log"
    if grep -qE 'NO_PUBKEY|EXPKEYSIG|not signed' "$log"; then
        todo="apt-get install debian-archive-keyring: $release is signed with keys that this machine does not have"
    elif [[ $release == bullseye ]] && grep -qE '404|does not have a Release file' "$log"; then
        todo="this mirror no longer has Debian 11: ASTCTI_MIRROR=http://archive.debian.org/debian has"
    elif grep -q 'No space left' "$log"; then
        todo="free 600 MB there, or set ASTCTI_CACHE to a folder with room"
    elif [[ $mode == unshare ]] && grep -qiE 'subuid|unshare|newuidmap' "$log"; then
        todo="this user may not have user namespaces (package uidmap, a line in /etc/subuid): run once as root with ASTCTI_CACHE=$(astcti_cache)"
    fi
    fail "cannot make the root $debian_root" "mmdebstrap failed, see above" "$todo"
}
