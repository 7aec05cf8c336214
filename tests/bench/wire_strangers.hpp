// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/wire_socket.hpp"

#include <sys/types.h>

namespace astcti::bench {

// Processes that trouble a server from many addresses until they are ended, and give way to those
// who are measured.

// Guesses passwords of user1, a hundred at once.
pid_t guess_passwords(std::uint16_t port);
// Begins TLS handshakes, each of which costs the server a signature, and goes on with none: 500 at
// any time, anew as soon as the server has closed one.
pid_t begin_handshakes(std::uint16_t port);

void end(pid_t stranger);

} // namespace astcti::bench
