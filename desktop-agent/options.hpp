// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace astcti {

// The command line as it was written; what was left out is empty.
struct Options {
    std::string server;
    std::string user;
    std::string password_file;
    std::string pin;
    std::string ca_file;
    bool allow_plain = false;
    std::string rules;
    bool service = false;
    bool monitor = false;
    bool json = false;
    bool explain = false;
    std::string explained; // the argument of --explain
    bool demo = false;
    bool autostart = false;
    bool quit = false;
    bool keep_password = false;
    bool version = false;
    bool debug = false;
};

// Prints the help and exits if that is asked for. Throws Glib::Error or
// std::invalid_argument with a sentence for the person if something is wrong.
Options read_options(int argc, char* argv[]);

} // namespace astcti
