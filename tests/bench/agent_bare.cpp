// SPDX-License-Identifier: GPL-3.0-or-later
// What the agent's memory is compared with: a Gio::Application on the session bus that does
// nothing, until a signal ends it.
#include <clocale>
#include <giomm/application.h>

int main() {
    std::setlocale(LC_ALL, "");
    const auto application =
        Gio::Application::create("org.astcti.Bare", Gio::Application::Flags::IS_SERVICE);
    application->hold();
    return application->run(0, nullptr);
}
