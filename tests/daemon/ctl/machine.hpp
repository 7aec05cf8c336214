// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/login.hpp"
#include "daemon/accounts/sqlite_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace astcti::test {

using Words = std::vector<std::string>;

[[noreturn]] inline void execute(const Words& words) {
    // A shell has what it starts in the background ignore these, for good: whoever runs the
    // tests may have been started so.
    for (const int number : {SIGINT, SIGQUIT})
        ::signal(number, SIG_DFL);
    std::vector<char*> argv;
    for (const auto& word : words)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
}

inline int wait_for(pid_t pid) {
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

struct Ran {
    int code = 0;
    std::string out;
    std::string err;
};

// A configuration, a database and the program.
class Machine {
public:
    Machine() {
        config_ = directory.write("astcti.xml", "<astcti xmlns=\"urn:astcti:config:1\"><database "
                                                "driver=\"sqlite\" file=\"" +
                                                    database() + "\"/></astcti>");
    }

    std::string database() const { return directory.path("state/astcti.db"); }

    Words command(const Words& arguments) const {
        Words words{std::getenv("ASTCTICTL"), "--config", config_};
        words.insert(words.end(), arguments.begin(), arguments.end());
        return words;
    }

    // The password is on descriptor 3.
    Ran run(const Words& arguments, const std::string& password = "") const {
        const auto in = directory.write("password", password);
        const auto out = directory.write("out", "");
        const auto err = directory.write("err", "");
        const auto words = command(arguments);
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::setsid(); // no terminal
            const auto open_as = [](const std::string& path, int flags, int fd) {
                ::dup2(::open(path.c_str(), flags), fd);
            };
            open_as("/dev/null", O_RDONLY, 0);
            open_as(out, O_WRONLY, 1);
            open_as(err, O_WRONLY, 2);
            open_as(in, O_RDONLY, 3);
            execute(words);
        }
        const int code = wait_for(pid);
        return {code, text_of(out), text_of(err)};
    }

    accounts::LoginOutcome log_in(const std::string& user, const std::string& password) const {
        accounts::SqliteStore store(database());
        accounts::Verified verified;
        return accounts::log_in(store, verified, accounts::PasswordLogin{user, password},
                                "127.0.0.1", {.enforce_host = true});
    }

    bool lets_in(const std::string& user, const std::string& password) const {
        return log_in(user, password).result == accounts::LoginOutcome::Result::accepted;
    }

    TempDir directory;

private:
    static std::string text_of(const std::string& path) {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    }

    std::string config_;
    bool made_ = std::filesystem::create_directory(directory.path("state"));
};

inline const Words add_anna{"user", "add", "anna", "--ext", "PJSIP/201", "--password-fd", "3"};

} // namespace astcti::test
