# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# A bare Debian 12 with systemd, and what astctid needs at run time. Built once in the cache folder,
# never changed afterwards. Needs demo/lib/say.sh and asterisk-root.sh; as root.
#
#   make_boot_root     builds it where it is missing; its path is in $boot_root

boot_root=
# What is in the root: a new number makes everybody build a new one.
boot_root_version=2
# The libraries of astctid and astctictl, and python3 for the checks that run inside.
boot_packages=systemd,systemd-sysv,python3,libstdc++6,libsystemd0,libxml2,libsqlite3-0,libmariadb3,libfmt9,libssl3,libcrypt1

make_boot_root() {
    local log
    boot_root=$(astcti_cache)/boot-bookworm-$boot_root_version
    [[ ! -e $boot_root/.complete ]] || return 0

    mkdir -p "$(dirname "$boot_root")"
    log=$boot_root.log
    # Two runs at once: the second one waits for the first and then finds the root.
    exec {boot_root_lock}>"$boot_root.lock"
    flock "$boot_root_lock"
    if [[ ! -e $boot_root/.complete ]]; then
        rm -rf "$boot_root.new" "$boot_root"
        export -f unpack_boot_root
        long "making a root with Debian 12 and systemd (about 100 MB from $(debian_mirror))" "$log" \
            bash -c 'unpack_boot_root "$@"' _ "$(debian_mirror)" "$boot_packages" "$boot_root.new" ||
            boot_root_failed "$log"
        mv "$boot_root.new" "$boot_root"
    fi
    exec {boot_root_lock}>&-
}

# Runs in a bash of its own, for long.
unpack_boot_root() {
    set -euo pipefail
    local mirror=$1 packages=$2 root=$3
    mmdebstrap --variant=minbase --include="$packages" \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        bookworm "$root" "$mirror"
    # Without an id the first boot counts as the first of a new machine, and systemd enables
    # every unit it finds.
    tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
    [[ -x $root/lib/systemd/systemd ]]
    touch "$root/.complete"
}

boot_root_failed() {
    local log=$1 todo="see the log; is the mirror reachable? ASTCTI_MIRROR=http://deb.debian.org/debian names another one"
    last_lines "$log"
    if grep -q 'No space left' "$log"; then
        todo="free 500 MB there, or set ASTCTI_CACHE to a folder with room"
    fi
    fail "cannot make the Debian root $boot_root" "mmdebstrap failed, see above" "$todo"
}
