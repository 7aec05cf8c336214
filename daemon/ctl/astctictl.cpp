// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/astctictl.hpp"

#include "daemon/accounts/store.hpp"
#include "daemon/config/config.hpp"
#include "daemon/ctl/options.hpp"
#include "daemon/ctl/usage_error.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <sysexits.h>
#include <unistd.h>

namespace astcti::ctl {
namespace {

// As shells tell of a program that Ctrl-C ended.
constexpr int exit_interrupted = 130;

int fail(const char* why, int code, const char* hint = "") {
    std::fprintf(stderr, "astctictl: %s%s\n", why, hint);
    return code;
}

} // namespace

int run(int argc, const char* const* argv) {
    const bool root = ::geteuid() == 0;
    try {
        const auto options = read_options(argc, argv);
        const auto outcome = options.command(options);
        if (std::fputs(outcome.text.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
            return fail("the output cannot be written", EXIT_FAILURE);
        return outcome.code;
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            return EXIT_SUCCESS;
        return fail(error.what(), EX_USAGE, "; see astctictl --help");
    } catch (const Interrupted& stopped) {
        return fail(stopped.what(), exit_interrupted);
    } catch (const UsageError& error) {
        return fail(error.what(), EX_USAGE);
    } catch (const config::ConfigError& error) {
        return fail(error.what(), EX_CONFIG);
    } catch (const accounts::StoreError& error) {
        return fail(error.what(), EXIT_FAILURE, root ? "" : "; only root may manage accounts");
    } catch (const std::exception& error) {
        return fail(error.what(), EXIT_FAILURE);
    }
}

} // namespace astcti::ctl
