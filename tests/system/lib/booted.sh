# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Checks that run inside a Debian with systemd, booted in a container with the build installed in it.
# Needs demo/lib/say.sh and debian-root.sh.
#
#   need_root PROGRAM ARGUMENT...         as another user: starts it again, by sudo
#   writable_root SOURCE WORK             the root SOURCE as WORK/root, to be written to; SOURCE stays as it is
#   drop_root WORK                        removes WORK
#   install_build BUILD ROOT LOG PROGRAM...
#                                         installs the build, and sees that these programs can start there
#   run_booted ROOT WORK SECONDS PROGRAM [ARGUMENT...]
#                                         boots it, runs PROGRAM of inside/ as root, and prints what that
#                                         said; fails if it did not come to its end, or has a "not ok"

system_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

need_root() {
    [[ $EUID != 0 ]] || return 0
    command -v sudo >/dev/null || fail "this test needs root" "it boots a Debian in a container" "as root: $*"
    say "root is needed to install into a Debian and to boot it: using sudo"
    # Not for ever: without a terminal nobody can answer.
    [[ -t 0 ]] || exec sudo --non-interactive --preserve-env=ASTCTI_CACHE,ASTCTI_MIRROR "$@"
    exec sudo --preserve-env=ASTCTI_CACHE,ASTCTI_MIRROR "$@"
}

writable_root() {
    local source=$1 work=$2
    mkdir "$work"/{root,upper,overlay}
    # A copy of a gigabyte takes longer than the checks; but not everywhere may one mount.
    mount -t overlay overlay -o "lowerdir=$source,upperdir=$work/upper,workdir=$work/overlay" "$work/root" 2>/dev/null ||
        cp -a --reflink=auto "$source/." "$work/root"
}

drop_root() {
    # Lazily: what ran in it may need a moment to end.
    ! mountpoint -q "$1/root" || umount --lazy "$1/root"
    rm -rf "$1"
}

install_build() {
    local build=$1 root=$2 log=$3 program missing
    shift 3
    DESTDIR=$root meson install -C "$build" --no-rebuild >"$log" ||
        { last_lines "$log"; fail "cannot install the build" "see above" "build it first: ninja -C $build"; }
    for program; do
        [[ -x $root$program ]] ||
            fail "$program is not in the build" "it is installed elsewhere, or not at all" "configure with --prefix=/usr"
        # A script has no libraries, and an exit status of its own.
        missing=$(chroot "$root" ldd "$program" 2>&1 | grep 'not found' || true)
        [[ -z $missing ]] ||
            fail "$program cannot start in the root" "$missing" \
                "build it on Debian 12; if it has a new library, add that to the packages of the root"
    done
}

run_booted() {
    local root=$1 work=$2 seconds=$3 status=0
    shift 3
    install -d "$root/root/test" "$root/etc/systemd/system/graphical.target.wants"
    cp "$system_tests"/inside/*.py "$system_tests"/lib/*.py "$root/root/test/"
    cat >"$root/etc/systemd/system/astcti-test.service" <<UNIT
[Unit]
Description=Checks of AstCTI
After=multi-user.target
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/usr/bin/python3 /root/test/$*
StandardOutput=file:/root/test/out
StandardError=file:/root/test/err
UNIT
    ln -s ../astcti-test.service "$root/etc/systemd/system/graphical.target.wants/"

    # --register and --keep-unit: there may be no systemd on this side to speak to.
    long "booting it" "$work/console.log" \
        timeout --kill-after=10 "$seconds" \
        systemd-nspawn --quiet --register=no --keep-unit --private-network --directory="$root" --boot || status=$?

    cat "$root/root/test/out" 2>/dev/null || true
    if ! grep -qx 'all checks ran' "$root/root/test/out" 2>/dev/null; then
        last_lines "$work/console.log" 40
        last_lines "$root/root/test/err" 40
        fail "the checks did not run to their end" "systemd-nspawn ended with $status (124: not within $seconds s)" \
            "the last lines of the console are above"
    fi
    if grep -q '^not ok ' "$root/root/test/out"; then
        last_lines "$root/root/test/journal" 100
        return 1
    fi
}
