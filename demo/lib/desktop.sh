# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# A desktop without a screen: Xvfb, a session bus, the notification server dunst, and a browser that
# opens what it is told. Needs say.sh, process.sh; packages_headless of packages.sh.
#
#   desktop_start DIR [COMMAND...]
#                              starts it, its files in DIR (which must not exist), and exports DISPLAY,
#                              DBUS_SESSION_BUS_ADDRESS and XDG_*: nothing of the person's own session
#                              or settings is seen or touched by what is started afterwards. COMMAND is
#                              the notification server, process "notifications": dunst by default
#   desktop_browser DIR        makes a program of our own the one that opens http: it loads the page with
#                              Chromium if there is one, else with Python. What it is: $browser_kind; what
#                              Chromium showed: DIR/browser/page.html
#   desktop_screenshot FILE    waits until a notification is drawn, then writes the screen as PNG
#   desktop_sweep DIR          ends what the programs on this desktop started and left

browser_kind=
desktop_lib=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
desktop_size=760x240

desktop_start() {
    local dir=$1 cookie server
    shift
    server=("$@")
    ((${#server[@]} > 0)) || server=(dunst -config "$desktop_lib/dunstrc")
    mkdir -m 700 "$dir" "$dir"/{runtime,config,data,cache,state,browser}
    unset WAYLAND_DISPLAY XDG_CURRENT_DESKTOP DESKTOP_SESSION
    export XDG_RUNTIME_DIR=$dir/runtime XDG_CONFIG_HOME=$dir/config XDG_DATA_HOME=$dir/data
    export XDG_CACHE_HOME=$dir/cache XDG_STATE_HOME=$dir/state GSETTINGS_BACKEND=memory NO_AT_BRIDGE=1
    # desktop_sweep finds by this what belongs to the run.
    export ASTCTI_DESKTOP=$dir

    export XAUTHORITY=$dir/xauthority
    cookie=$(mcookie)
    xauth -q -f "$XAUTHORITY" add :0 . "$cookie" 2>/dev/null
    start xvfb Xvfb -displayfd 1 -screen 0 "${desktop_size}x24" -dpi 96 -nolisten tcp -auth "$XAUTHORITY"
    wait_for_line 15 "$log_dir/xvfb.log" '^[0-9]+$' xvfb || desktop_failed xvfb "the X server"
    export DISPLAY=:$found_line
    xauth -q -f "$XAUTHORITY" add "$DISPLAY" . "$cookie"
    # Only to look at: a screenshot should not be black.
    if command -v display >/dev/null; then
        convert -size "$desktop_size" 'gradient:#3c6aa0-#1b3350' ppm:- | display -window root - >"$log_dir/paint.log" 2>&1 || true
    fi

    export DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
    start session-bus dbus-daemon --session --nofork --nopidfile --address="$DBUS_SESSION_BUS_ADDRESS" --print-address=1
    wait_for_line 10 "$log_dir/session-bus.log" '^unix:' session-bus || desktop_failed session-bus "the session bus"

    start notifications "${server[@]}"
    bus_name_within 10 org.freedesktop.Notifications || desktop_failed notifications "the notification server ${server[0]}"
}

# Returns as soon as somebody owns the name on the session bus.
bus_name_within() { gdbus wait --session --timeout "$1" "$2" >/dev/null 2>&1; }

desktop_failed() {
    last_lines "$log_dir/$1.log"
    fail "cannot start $2" "see above" "apt-get install xvfb xauth dbus-daemon dunst; is /tmp writable?"
}

desktop_browser() {
    local dir=$1/browser
    browser_kind=Python
    if command -v chromium >/dev/null; then browser_kind=Chromium; fi
    mkdir -p "$XDG_DATA_HOME/applications"
    cat >"$XDG_DATA_HOME/applications/astcti-demo-browser.desktop" <<EOF
[Desktop Entry]
Type=Application
Name=AstCTI demo browser
Exec=$desktop_lib/demo-browser $browser_kind $dir %u
NoDisplay=true
MimeType=x-scheme-handler/http;x-scheme-handler/https;
EOF
    cat >"$XDG_CONFIG_HOME/mimeapps.list" <<EOF
[Default Applications]
x-scheme-handler/http=astcti-demo-browser.desktop
x-scheme-handler/https=astcti-demo-browser.desktop
EOF
}

desktop_screenshot() {
    if ! wait_until 10 notification_shown; then
        printf 'no notification was on screen within 10 s: no screenshot\n' >&2
        return 1
    fi
    # Shown is not yet drawn: it is when two pictures in a row are the same.
    wait_until 5 screen_at_rest || true
    import -window root "$1"
}

notification_shown() { [[ $(dunstctl count displayed 2>/dev/null) =~ [1-9] ]]; }
screen_at_rest() { [[ $(screen_digest) == "$(screen_digest)" ]]; }
screen_digest() { import -window root ppm:- | sha256sum; }

desktop_sweep() {
    local entry
    for entry in /proc/[0-9]*/environ; do
        if [[ $entry != "/proc/$$/environ" ]] && grep -qszx -- "ASTCTI_DESKTOP=$1" "$entry"; then
            entry=${entry#/proc/}
            kill -KILL "${entry%/environ}" 2>/dev/null || true
        fi
    done
}
