// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/secret.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <unistd.h>

using namespace astcti::config;
using astcti::test::TempDir;
using Catch::Matchers::Contains;

namespace {

Manager with_credential() {
    Manager manager;
    manager.name = "pbx1";
    manager.secret_credential = "astcti.ami";
    return manager;
}

std::string error_of(const Manager& manager, const std::string& directory) {
    try {
        return "no error, but " + read_secret(manager, directory);
    } catch (const ConfigError& e) {
        return e.what();
    }
}

} // namespace

TEST_CASE("a secret comes from the credential's file, without its line end", "[config]") {
    const TempDir directory;
    const auto text = GENERATE(as<std::string>{}, "a secret", "a secret\n");
    directory.write("astcti.ami", text);
    CHECK(read_secret(with_credential(), directory.path()) == "a secret");
}

TEST_CASE("a secret in the configuration needs no file", "[config]") {
    Manager manager;
    manager.secret = "in clear";
    CHECK(read_secret(manager, "") == "in clear");
}

TEST_CASE("a credential that is not there is told with its file and how to make it", "[config]") {
    const TempDir directory;
    CHECK_THAT(error_of(with_credential(), directory.path()),
               Contains(directory.path("astcti.ami") + ": ") && Contains("pbx1") &&
                   Contains("does not exist") && Contains("/etc/credstore/astcti.ami") &&
                   Contains("0600"));
    CHECK_THAT(error_of(with_credential(), ""),
               Contains("astcti.ami") && Contains("--credentials-dir"));
}

TEST_CASE("a credential that cannot be a secret is refused and not shown", "[config]") {
    struct Row {
        std::string text;
        unsigned mode;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {"", 0600, "is empty"},
        {"\n", 0600, "is empty"},
        {"canary\r\n", 0600, "line break"},
        {"canary\nAction: Command\n", 0600, "line break"},
        {std::string("canary\0x", 8), 0600, "NUL"},
        {"canary" + std::string(max_secret - 5, 'x'), 0600, "more than 256 bytes"},
        {"canary" + std::string(max_secret - 5, 'x') + "\n", 0600, "more than 256 bytes"},
        {"canary" + std::string(100'000, 'x'), 0600, "more than 256 bytes"},
        {"canary", 0604, "can be read by every user"},
        {"canary", 0644, "can be read by every user"},
    }));
    CAPTURE(row.told);
    const TempDir directory;
    directory.write("astcti.ami", row.text, row.mode);
    const auto error = error_of(with_credential(), directory.path());
    CHECK_THAT(error, Contains(row.told) && Contains(directory.path("astcti.ami")));
    CHECK_THAT(error, !Contains("canary"));
}

TEST_CASE("the longest secret is taken", "[config]") {
    const TempDir directory;
    const std::string secret(max_secret, 'x');
    directory.write("astcti.ami", secret + "\n");
    CHECK(read_secret(with_credential(), directory.path()) == secret);
}

TEST_CASE("a directory in place of a credential is refused", "[config]") {
    const TempDir directory;
    std::filesystem::create_directory(directory.path("astcti.ami"));
    CHECK_THAT(error_of(with_credential(), directory.path()), Contains("cannot be read"));
}

TEST_CASE("a secret comes from the file that the configuration names", "[config]") {
    const TempDir directory;
    Manager manager;
    manager.name = "pbx1";
    manager.secret_file = directory.write("ami", "a secret\n", GENERATE(0600U, 0640U, 0400U));
    CHECK(read_secret(manager, "") == "a secret");
}

TEST_CASE("a secret's file that others than root and astcti may use is refused", "[config]") {
    const TempDir directory;
    Manager manager;
    manager.name = "pbx1";
    const auto mode = GENERATE(0644U, 0604U, 0602U, 0601U, 0666U);
    manager.secret_file = directory.write("ami", "canary", mode);
    const auto error = error_of(manager, "");
    CHECK_THAT(error, Contains(manager.secret_file + ": ") && Contains("pbx1") &&
                          Contains("chmod") && !Contains("canary"));
}

TEST_CASE("a secret's file of another user or group is refused", "[config]") {
    const TempDir directory;
    Manager manager;
    manager.name = "pbx1";
    manager.secret_file = directory.write("ami", "canary", 0640);
    const uid_t nobody = 65534;
    const bool by_group = GENERATE(true, false);
    // Only root may give a file away.
    const bool given = ::chown(manager.secret_file.c_str(), by_group ? ::geteuid() : nobody,
                               by_group ? nobody : ::getegid()) == 0;
    if (::geteuid() == 0)
        REQUIRE(given);
    const auto error = error_of(manager, "");
    CHECK_THAT(error, Contains(given ? "by others than root and astcti" : "canary"));
}

TEST_CASE("a secret's file that is not there is told with how to make it", "[config]") {
    Manager manager;
    manager.name = "pbx1";
    manager.secret_file = "/nonexistent/ami";
    CHECK_THAT(error_of(manager, ""), Contains("/nonexistent/ami: ") &&
                                          Contains("does not exist") && Contains("install -m"));
}
