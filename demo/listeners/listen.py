#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Prints what happens, the state and the number for each event of this person's calls, as
org.astcti.Agent1 tells them on the session bus. Needs python3-gi."""
from gi.repository import Gio, GLib


def told(_bus, _sender, _path, _interface, signal, values):
    # Each of the signals ends with all properties of the call.
    properties = values.unpack()[-1]
    print(signal, properties["State"], properties["PeerNumber"], flush=True)


bus = Gio.bus_get_sync(Gio.BusType.SESSION)
bus.signal_subscribe("org.astcti.Agent1", "org.astcti.Agent1", None, "/org/astcti/Agent1", None,
                     Gio.DBusSignalFlags.NONE, told)
GLib.MainLoop().run()
