#!/usr/bin/gjs
// SPDX-License-Identifier: MIT
// Prints what happens, the state and the number for each event of this person's calls, as
// org.astcti.Agent1 tells them on the session bus. In an extension of GNOME Shell the
// subscription is the same.
const { Gio, GLib } = imports.gi;

function told(_bus, _sender, _path, _interface, signal, values) {
    // Each of the signals ends with all properties of the call.
    const call = values.recursiveUnpack().pop();
    print(`${signal} ${call.State} ${call.PeerNumber}`);
}

Gio.DBus.session.signal_subscribe(
    'org.astcti.Agent1', 'org.astcti.Agent1', null, '/org/astcti/Agent1', null,
    Gio.DBusSignalFlags.NONE, told);
new GLib.MainLoop(null, false).run();
