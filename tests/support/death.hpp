// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace astcti::test {

// What became of a process that did what must not be done.
struct Death {
    int status = 0;   // of waitpid(); 0: nobody noticed
    std::string said; // to standard error
};

// Does it in a child.
template <typename Work>
Death death_of(Work&& work) {
    int ends[2] = {};
    if (::pipe(ends) != 0)
        return {};
    const auto child = ::fork();
    if (child == 0) {
        // Catch2 would report the signal as a failed test.
        for (const int signal : {SIGABRT, SIGSEGV})
            std::signal(signal, SIG_DFL);
        const rlimit no_core{0, 0};
        ::setrlimit(RLIMIT_CORE, &no_core);
        ::dup2(ends[1], STDERR_FILENO);
        work();
        ::_exit(0);
    }
    ::close(ends[1]);
    Death death;
    char bytes[4096];
    for (;;) {
        const auto count = ::read(ends[0], bytes, sizeof bytes);
        if (count <= 0)
            break;
        death.said.append(bytes, static_cast<std::size_t>(count));
    }
    ::close(ends[0]);
    ::waitpid(child, &death.status, 0);
    return death;
}

} // namespace astcti::test
