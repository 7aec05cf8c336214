// SPDX-License-Identifier: MIT
// Prints what happens, the state and the number for each event of this person's calls, as
// org.astcti.Agent1 tells them on the session bus.
// c++ -std=c++17 listen.cpp -o listen $(pkg-config --cflags --libs giomm-2.68)
#include <giomm.h>
#include <iostream>

using Properties = std::map<Glib::ustring, Glib::VariantBase>;

int main() {
    Gio::init();
    const auto bus = Gio::DBus::Connection::get_sync(Gio::DBus::BusType::SESSION);
    bus->signal_subscribe(
        [](const auto&, const auto&, const auto&, const auto&, const Glib::ustring& signal,
           const Glib::VariantContainerBase& values) {
            // Each of the signals ends with all properties of the call.
            Glib::Variant<Properties> last;
            values.get_child(last, values.get_n_children() - 1);
            const auto text = [call = last.get()](const char* name) {
                using Text = Glib::Variant<Glib::ustring>;
                return Glib::VariantBase::cast_dynamic<Text>(call.at(name)).get();
            };
            std::cout << signal.raw() << ' ' << text("State").raw() << ' '
                      << text("PeerNumber").raw() << std::endl;
        },
        "org.astcti.Agent1", "org.astcti.Agent1", {}, "/org/astcti/Agent1");
    Glib::MainLoop::create()->run();
}
