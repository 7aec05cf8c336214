# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The Debian packages the project needs, by purpose, and how missing ones get installed. The one
# place with these lists. Needs say.sh.
#
#   install_missing WHY LOG PACKAGE...   installs those that are not there; says which, and why. Root
#                                        is needed for this alone: sudo is used if there is one.
#   missing_packages PACKAGE...          prints those that are not installed
#
# "a|b" means the first of them that this Debian has.

# The caller's, not ours.
# shellcheck disable=SC2034
packages_build=(
    g++ meson ninja-build pkgconf
    libsystemd-dev 'systemd-dev|systemd' libxml2-dev libxml2-utils libsqlite3-dev libmariadb-dev-compat libssl-dev libcrypt-dev
    libcli11-dev libfmt-dev libglibmm-2.68-dev libglib2.0-dev-bin libsecret-1-dev scdoc
)
# mmdebstrap, keyring, mount: the Asterisk root; sip-tester: the phones; systemd: busctl
# shellcheck disable=SC2034
packages_demo=(
    python3 mmdebstrap debian-archive-keyring uidmap mount
    sip-tester espeak-ng sox systemd libglib2.0-bin
)
# A desktop without a screen: X server, session bus, notification server, its font and icons.
# shellcheck disable=SC2034
packages_headless=(
    dbus-daemon 'dbus-x11|dbus-user-session' xvfb xauth dunst fonts-dejavu-core librsvg2-common adwaita-icon-theme
)
# shellcheck disable=SC2034
packages_screenshot=(imagemagick)
# shellcheck disable=SC2034
packages_test=(
    catch2 clang clang-format clang-tidy 'libclang-rt-14-dev|libclang-rt-dev'
    gjs mariadb-server openssl python3-dbusmock systemd-container shellcheck mandoc desktop-file-utils iproute2 nftables
    dbus-user-session strace glib-networking ca-certificates gnome-keyring libsecret-tools dconf-cli dconf-gsettings-backend
)

missing_packages() {
    local choice
    for choice in "$@"; do
        any_installed "$choice" || printf '%s\n' "$choice"
    done
}

any_installed() {
    local name
    for name in ${1//|/ }; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) != installed ]] || return 0
    done
    return 1
}

install_missing() {
    local why=$1 log=$2 missing=() names=() choice as_root=()
    shift 2
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} > 0)) || return 0

    say "missing packages ($why): ${missing[*]%%|*}"
    if [[ $EUID != 0 ]]; then
        if ! command -v sudo >/dev/null; then
            fail "cannot install packages" "only root may, and there is no sudo" \
                "as root: apt-get install --no-install-recommends $(printf '%s ' "${missing[@]%%|*}")"
        fi
        say "sudo is needed to install them, and for nothing else"
        sudo -v || fail "cannot install packages" "sudo refused" "as root: apt-get install --no-install-recommends $(printf '%s ' "${missing[@]%%|*}")"
        as_root=(sudo -n)
    fi

    # A package manager that is cut off leaves a half-installed system.
    long_interrupt=process
    long "reading the package lists" "$log" "${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=60 update || apt_failed "$log" "apt-get update"
    for choice in "${missing[@]}"; do names+=("$(first_available "$choice")"); done
    long "installing ${#names[@]} packages" "$log" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -o DPkg::Lock::Timeout=60 install -y --no-install-recommends "${names[@]}" || apt_failed "$log" "apt-get install ${names[*]}"
    long_interrupt=group
}

first_available() {
    local name
    for name in ${1//|/ }; do
        if apt-cache show "$name" >/dev/null 2>&1; then
            printf '%s' "$name"
            return
        fi
    done
    printf '%s' "${1%%|*}"
}

apt_failed() {
    last_lines "$1"
    fail "cannot install packages" "$2 failed, see above" "put apt in order (is the network there? does another apt run?), then try again"
}
