// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/astctictl.hpp"

int main(int argc, char* argv[]) {
    return astcti::ctl::run(argc, argv);
}
