// SPDX-License-Identifier: GPL-3.0-or-later
// The real program, as it is called by a person or a script.
#include "daemon/accounts/sqlite_store.hpp"
#include "daemon/base/unique_fd.hpp"
#include "tests/daemon/ctl/machine.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>
#include <vector>

using namespace astcti;
using Catch::Matchers::Contains;
using namespace astcti::test;

namespace {

// The program on a terminal of its own.
class OnTerminal {
public:
    explicit OnTerminal(const Words& words) {
        int master = -1;
        pid_ = ::forkpty(&master, nullptr, nullptr, nullptr);
        if (pid_ == 0)
            execute(words);
        REQUIRE(pid_ > 0);
        master_.reset(master);
    }

    // Everything shown so far, once it has `text` in it.
    std::string wait_until(std::string_view text) {
        while (shown_.find(text) == shown_.npos) {
            pollfd poll{.fd = master_.get(), .events = POLLIN, .revents = 0};
            INFO("shown so far: " << shown_);
            REQUIRE(::poll(&poll, 1, 5000) == 1);
            std::array<char, 256> buffer{};
            const auto size = ::read(master_.get(), buffer.data(), buffer.size());
            REQUIRE(size > 0);
            shown_.append(buffer.data(), static_cast<std::size_t>(size));
        }
        return shown_;
    }

    void type(std::string_view text) const {
        REQUIRE(::write(master_.get(), text.data(), text.size()) ==
                static_cast<ssize_t>(text.size()));
    }

    bool echoes() const {
        termios settings{};
        REQUIRE(::tcgetattr(master_.get(), &settings) == 0);
        return (settings.c_lflag & ECHO) != 0;
    }

    int wait() const { return wait_for(pid_); }
    pid_t pid() const { return pid_; }

private:
    pid_t pid_ = -1;
    base::UniqueFd master_;
    std::string shown_;
};

} // namespace

TEST_CASE("an account that was added logs in, is listed, changed and removed", "[ctl]") {
    const Machine machine;
    const auto added = machine.run(add_anna, "anna's\n");
    CHECK(added.err.empty());
    CHECK(added.code == 0);
    CHECK_THAT(added.out, Contains("anna") && Contains("PJSIP/201"));
    CHECK(machine.lets_in("anna", "anna's"));

    CHECK(machine
              .run({"user", "add", "b", "--ext", "SIP/2", "--host", "192.168.20.0/24",
                    "--native-only", "--password-fd", "3"},
                   "b's")
              .code == 0);
    CHECK(machine.run({"user", "list"}).out ==
          "USER  DEVICES    DIALS BY  HOST             SECRET\n"
          "anna  PJSIP/201  -         anywhere         yescrypt of MD5\n"
          "b     SIP/2      -         192.168.20.0/24  yescrypt, native only\n");

    CHECK(machine.run({"user", "passwd", "anna", "--password-fd", "3"}, "new\n").code == 0);
    CHECK_FALSE(machine.lets_in("anna", "anna's"));
    CHECK(machine.lets_in("anna", "new"));

    CHECK(machine.run({"user", "remove", "anna"}).code == 0);
    CHECK_FALSE(machine.lets_in("anna", "new"));
    CHECK(accounts::SqliteStore(machine.database()).list().size() == 1);
}

TEST_CASE("a new password keeps an account native that was native", "[ctl]") {
    const Machine machine;
    auto words = add_anna;
    words.emplace_back("--native-only");
    REQUIRE(machine.run(words, "anna's\n").code == 0);
    REQUIRE(machine.run({"user", "passwd", "anna", "--password-fd", "3"}, "new\n").code == 0);
    CHECK(accounts::SqliteStore(machine.database()).find("anna")->secret.starts_with("{Y}"));
    CHECK(machine.lets_in("anna", "new"));
}

TEST_CASE("accounts are managed while another program reads and writes them", "[ctl]") {
    const Machine machine;
    accounts::SqliteStore daemon(machine.database());
    daemon.check();
    REQUIRE(machine.run(add_anna, "anna's\n").code == 0);
    CHECK(daemon.find("anna").has_value());
    REQUIRE(machine.run({"user", "remove", "anna"}).code == 0);
    CHECK_FALSE(daemon.find("anna").has_value());
}

TEST_CASE("without accounts the list says how to make one", "[ctl]") {
    const auto ran = Machine().run({"user", "list"});
    CHECK(ran.code == 0);
    CHECK_THAT(ran.out, Contains("no accounts yet") && Contains("user add"));
}

TEST_CASE("wrong arguments are told, and nothing is changed", "[ctl]") {
    struct Row {
        Words arguments;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {{}, "--help"},
        {{"user"}, "--help"},
        {{"usr", "list"}, "--help"},
        {{"user", "add"}, "--help"},
        {{"user", "add", "carla", "--ext"}, "--ext"},
        {{"user", "add", "carla", "--ext", "201"}, "PJSIP/201"},
        {{"user", "add", "carla", "--ext", "PJSIP/201\nAction: x"}, "PJSIP/201"},
        {{"user", "add", "carla", "--ext", "PJSIP/" + std::string(123, 'x')}, "at most 128"},
        {{"user", "add", "carla rossi", "--ext", "SIP/2"}, "A-Z a-z 0-9"},
        {{"user", "add", "", "--ext", "SIP/2"}, "1 to 64"},
        {{"user", "add", std::string(65, 'a'), "--ext", "SIP/2"}, "1 to 64"},
        {{"user", "add", "c\xC3\xA0rla", "--ext", "SIP/2"}, "A-Z a-z 0-9"},
        {{"user", "add", "carla", "--ext", "SIP/2", "--host", "desk-12"}, "192.168.20.0/24"},
        {{"user", "add", "carla", "--ext", "SIP/2", "--password", "canary"}, "--help"},
        {{"user", "add", "carla", "--ext", "SIP/2", "--password-fd", "x"}, "--help"},
        {{"user", "add", "carla", "--ext", "SIP/2", "--password-fd", "-1"}, "--help"},
        {{"user", "add", "carla", "--ext", "SIP/2", "--device", "201"}, "--device is a telephone"},
        {{"user", "add", "carla", "--ext", "SIP/2", "--device", "SIP/3", "SIP/4"}, "--help"},
        {{"user", "device"}, "--help"},
        {{"user", "device", "list"}, "--help"},
        {{"user", "device", "add", "anna"}, "DEVICE"},
        {{"user", "device", "add", "anna", "SIP/2&SIP/3"}, "DEVICE is a telephone"},
        {{"user", "device", "add", "anna", "SIP/2", "SIP/3"}, "--help"},
        {{"user", "remove"}, "NAME"},
        {{"user", "list", "anna"}, "--help"},
    }));
    const Machine machine;
    const auto ran = machine.run(row.arguments, "a password\n");
    CHECK(ran.code == EX_USAGE);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("astctictl: ") && Contains(row.told));
    CHECK(accounts::SqliteStore(machine.database()).list().empty());
}

TEST_CASE("what cannot be done is told with what to do, and nothing is changed", "[ctl]") {
    const Machine machine;
    REQUIRE(machine.run(add_anna, "anna's\n").code == 0);
    const auto before = accounts::SqliteStore(machine.database()).list();
    struct Row {
        Words arguments;
        const char* password;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {add_anna, "other\n", "user passwd"},
        {{"user", "add", "berta", "--ext", "PJSIP/201", "--password-fd", "3"},
         "x\n",
         "an account has the telephone PJSIP/201 already"},
        {{"user", "add", "berta", "--ext", "SIP/2", "--device", "PJSIP/201", "--password-fd", "3"},
         "x\n",
         "an account has the telephone PJSIP/201 already"},
        {{"user", "add", "berta", "--ext", "SIP/2", "--device", "SIP/2", "--password-fd", "3"},
         "x\n",
         "the telephone SIP/2 already"},
        {{"user", "device", "add", "anna", "PJSIP/201"}, "", "the telephone PJSIP/201 already"},
        {{"user", "device", "add", "berta", "SIP/2"}, "", "no account berta"},
        {{"user", "device", "remove", "anna", "PJSIP/201"}, "", "no further telephone PJSIP/201"},
        {{"user", "device", "remove", "berta", "\x1B[2J"}, "", "no further telephone [2J"},
        {{"user", "add", "berta", "--ext", "PJSIP/202", "--password-fd", "3"}, "", "empty"},
        {{"user", "add", "berta", "--ext", "PJSIP/202", "--password-fd", "3"}, "a\tb", "control"},
        {{"user", "add", "berta", "--ext", "PJSIP/202", "--password-fd", "9"}, "x", "descriptor 9"},
        {{"user", "add", "berta", "--ext", "PJSIP/202"}, "x", "--password-fd 3 3<FILE"},
        {{"user", "passwd", "berta", "--password-fd", "3"}, "x\n", "no account berta"},
        {{"user", "passwd", "anna", "--password-fd", "3"}, "\n", "empty"},
        {{"user", "remove", "Anna"}, "", "no account Anna"},
        {{"user", "remove", "' OR '1'='1"}, "", "no account"},
        {{"user", "remove", "\x1B[2J"}, "", "no account [2J"},
    }));
    CAPTURE(row.arguments);
    const auto ran = machine.run(row.arguments, row.password);
    CHECK(ran.code == EXIT_FAILURE);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains(row.told) && !Contains("\x1B"));
    CHECK(accounts::SqliteStore(machine.database()).list() == before);
}

TEST_CASE("a wrong configuration ends with EX_CONFIG and its line", "[ctl]") {
    const Machine machine;
    machine.directory.write("astcti.xml", "<astcti xmlns=\"urn:astcti:config:1\">\n<databse/>\n"
                                          "<database driver=\"x\"/></astcti>");
    const auto ran = machine.run({"user", "list"});
    CHECK(ran.code == EX_CONFIG);
    CHECK_THAT(ran.err, Contains("astcti.xml:2: ") && Contains("did you mean <database>?") &&
                            Contains("astcti.xml:3: "));
    std::filesystem::remove(machine.directory.path("astcti.xml"));
    CHECK(machine.run({"user", "list"}).code == EX_CONFIG);
}

TEST_CASE("a state directory that does not exist is not made, but told", "[ctl]") {
    const Machine machine;
    std::filesystem::remove(machine.directory.path("state"));
    const auto ran = machine.run(add_anna, "anna's\n");
    CHECK(ran.code == EXIT_FAILURE);
    CHECK_THAT(ran.err, Contains("/state, does not exist; systemctl start astcti"));
    CHECK_FALSE(std::filesystem::exists(machine.directory.path("state")));
}

TEST_CASE("root leaves files that the owner of the state directory can use", "[ctl]") {
    const Machine machine;
    const auto owner = ::geteuid() == 0 ? uid_t{65534} : ::geteuid();
    std::filesystem::permissions(machine.directory.path(), std::filesystem::perms(0755));
    REQUIRE(::chown(machine.directory.path("state").c_str(), owner, ::getegid()) == 0);
    const auto ran = machine.run(add_anna, "anna's\n");
    CHECK(ran.err.empty());
    struct stat status {};
    REQUIRE(::stat(machine.database().c_str(), &status) == 0);
    CHECK(status.st_uid == owner);
    CHECK((status.st_mode & 07777U) == 0600U);
}

TEST_CASE("help fits a screen and ends with examples; the version is told", "[ctl]") {
    const Machine machine;
    for (const Words& words :
         {Words{"--help"}, Words{"user", "--help"}, Words{"user", "add", "--help"},
          Words{"seat", "--help"}, Words{"db", "--help"}, Words{"db", "import-legacy", "--help"},
          Words{"record", "--help"}}) {
        const auto ran = machine.run(words);
        CHECK(ran.code == 0);
        CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') <= 24);
        std::istringstream lines(ran.out);
        for (std::string line; std::getline(lines, line);)
            CHECK(line.size() <= 80);
        CHECK(ran.out.find("\nExamples:\n  astctictl ") != ran.out.npos);
    }
    const auto version = machine.run({"--version"});
    CHECK(version.code == 0);
    CHECK_THAT(version.out, Contains("astctictl "));
}

TEST_CASE("a password typed twice is taken and never shown", "[ctl]") {
    const Machine machine;
    OnTerminal terminal(machine.command({"user", "add", "anna", "--ext", "PJSIP/201"}));
    terminal.wait_until("New password of anna: ");
    CHECK_FALSE(terminal.echoes());
    terminal.type("canary\n");
    terminal.wait_until("Once more: ");
    terminal.type("canary\n");
    CHECK_THAT(terminal.wait_until("added anna"), !Contains("canary"));
    CHECK(terminal.wait() == 0);
    CHECK(terminal.echoes());
    CHECK(machine.lets_in("anna", "canary"));
}

TEST_CASE("two passwords that differ change nothing", "[ctl]") {
    const Machine machine;
    OnTerminal terminal(machine.command({"user", "add", "anna", "--ext", "PJSIP/201"}));
    terminal.wait_until("New password");
    terminal.type("one\n");
    terminal.wait_until("Once more");
    terminal.type("two\n");
    terminal.wait_until("differ; nothing was changed");
    CHECK(terminal.wait() == EXIT_FAILURE);
    CHECK(accounts::SqliteStore(machine.database()).list().empty());
}

TEST_CASE("Ctrl-C, Ctrl-D or the end of the session at the question leave the terminal as it was",
          "[ctl]") {
    const Machine machine;
    OnTerminal terminal(machine.command({"user", "add", "anna", "--ext", "PJSIP/201"}));
    REQUIRE(terminal.echoes());
    terminal.wait_until("New password");
    REQUIRE_FALSE(terminal.echoes());
    SECTION("Ctrl-C") {
        terminal.type("half\x03");
        CHECK(terminal.wait() == 1000 + SIGINT);
    }
    SECTION("Ctrl-\\") {
        terminal.type("\x1C");
        CHECK(terminal.wait() == 1000 + SIGQUIT);
    }
    SECTION("a signal from elsewhere") {
        REQUIRE(::kill(terminal.pid(), SIGTERM) == 0);
        CHECK(terminal.wait() == 1000 + SIGTERM);
    }
    SECTION("Ctrl-D") {
        terminal.type("\x04");
        terminal.wait_until("no password was typed");
        CHECK(terminal.wait() == EXIT_FAILURE);
    }
    CHECK(terminal.echoes());
    CHECK(accounts::SqliteStore(machine.database()).list().empty());
}
