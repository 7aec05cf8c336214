// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/options.hpp"

#include <glibmm/optioncontext.h>
#include <glibmm/optionentry.h>
#include <glibmm/optiongroup.h>
#include <stdexcept>

namespace astcti {
namespace {

constexpr const char* description =
    "Without --service the agent runs in the foreground until it is interrupted. There is one in "
    "a\n"
    "session: a second start does nothing.\n"
    "\n"
    "Without --user and --password-file, astctid asks the system who is at the other end of the\n"
    "Unix socket. Otherwise a password is needed: the first line of the password file, else\n"
    "what --keep-password put into the keyring, else it is asked for on the terminal. A server on "
    "another machine is spoken with by TLS only, once its\n"
    "certificate is found to be right: signed by an authority of the system or of --ca-file, for\n"
    "its name; or of the key that --pin tells.\n"
    "\n"
    "Without --rules, ~/.config/astcti/rules.xml and /etc/xdg/astcti/rules.xml are read, and read\n"
    "again when they change. A wrong file given with --rules ends the agent (status 78); a wrong\n"
    "file found there is told, and the agent runs with the rules that it had.\n"
    "\n"
    "Exit status: 0 clean, 1 the session bus went away, 64 wrong options, 77 the password typed "
    "was\n"
    "refused, 78 wrong configuration.";

Glib::OptionEntry entry(const char* name, const char* help, const char* argument = nullptr) {
    Glib::OptionEntry out;
    out.set_long_name(name);
    out.set_description(help);
    if (argument)
        out.set_arg_description(argument);
    return out;
}

} // namespace

Options read_options(int argc, char* argv[]) {
    Options options;
    Glib::ustring server;
    Glib::ustring user;
    Glib::ustring pin;
    Glib::OptionGroup group("main", "main options");
    group.add_entry(
        entry("server", "server (default: unix:/run/astcti.socket)", "unix:PATH|tls://HOST[:PORT]"),
        server);
    group.add_entry(entry("pin", "the server has this key, as astctictl tls tells it", "SHA256"),
                    pin);
    group.add_entry_filename(
        entry("ca-file", "authorities that sign for the server, instead of the system's", "FILE"),
        options.ca_file);
    group.add_entry(entry("allow-plain", "with tcp://HOST: unencrypted also to another machine"),
                    options.allow_plain);
    group.add_entry(entry("user", "name of the account", "NAME"), user);
    group.add_entry_filename(
        entry("password-file", "file whose first line is the password", "FILE"),
        options.password_file);
    group.add_entry_filename(entry("rules", "what to open for a call, and when", "FILE"),
                             options.rules);
    group.add_entry(entry("service", "run as a service of the session"), options.service);
    group.add_entry(entry("monitor", "print a line for each call event of the running agent"),
                    options.monitor);
    group.add_entry(entry("json", "with --monitor: each line a JSON object"), options.json);
    group.add_entry(
        entry("explain", "tell why the last call, CALL, or each of \"all\" popped up or not"),
        options.explain);
    group.add_entry(entry("demo", "play calls that are made up, without a server"), options.demo);
    group.add_entry(entry("autostart", "have the session start the agent, and end"),
                    options.autostart);
    group.add_entry(entry("keep-password", "ask for the password, keep it in the keyring, and end"),
                    options.keep_password);
    group.add_entry(entry("quit", "end the running agent"), options.quit);
    group.add_entry(entry("debug", "log more, callers' numbers included"), options.debug);
    group.add_entry(entry("version", "print the version"), options.version);

    Glib::OptionContext context("[CALL] — tell the desktop of telephone calls");
    context.set_description(description);
    context.set_main_group(group);
    context.parse(argc, argv);
    const int expected = options.explain ? 2 : 1;
    if (argc > expected)
        throw std::invalid_argument(std::string("no argument is expected: ") + argv[expected]);
    if (argc == 2)
        options.explained = argv[1];
    if (options.monitor + options.quit + options.service + options.explain + options.autostart +
            options.keep_password >
        1)
        throw std::invalid_argument("--service, --autostart, --monitor, --explain, --keep-password "
                                    "and --quit exclude each other");
    if (options.json && !options.monitor)
        throw std::invalid_argument("--json needs --monitor");
    options.server = server.raw();
    options.user = user.raw();
    options.pin = pin.raw();
    return options;
}

} // namespace astcti
