// SPDX-License-Identifier: GPL-3.0-or-later
// What real Asterisks sent in each scenario, and exactly what every account is to be told of it:
// tests/data/ami/README.md.
#include "daemon/replay.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

using namespace astcti;
namespace fs = std::filesystem;

namespace {

const fs::path traces = fs::path(ASTCTI_SOURCE_DIR) / "tests/data/ami";

std::vector<fs::path> all_traces() {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(traces))
        if (entry.path().extension() == ".txt")
            paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string text_of(const fs::path& path) {
    return test::source_file(path.lexically_relative(ASTCTI_SOURCE_DIR).string());
}

// Each call's lines, in their order: which of two people, or of one's two calls, is told first
// is Asterisk's.
std::map<std::string, std::string> by_call(const std::string& told) {
    std::map<std::string, std::string> lines;
    std::istringstream stream(told);
    for (std::string line; std::getline(stream, line);)
        if (!line.empty() && line.front() != '#')
            lines[line.substr(0, line.find(' ', line.find(' ') + 1))] += line + "\n";
    return lines;
}

std::string replayed(const fs::path& trace, bool least_rights) {
    const bool is_sip = trace.parent_path().filename() == "asterisk-16";
    const std::string technology = is_sip ? "SIP/" : "PJSIP/";
    Replay replay({.variables = {"customer"}, .least_rights = least_rights, .numbers = {}});
    replay.add_account("anna", {technology + "201", technology + "211"});
    replay.add_account("bert", {technology + "202"});
    replay.add_account("carl", {technology + "200"});
    replay.add_account("dora", {technology + "203"});
    replay.add_account("erik", {technology + "204"});
    replay.add_account("nobody", {technology + "20"}); // a number that begins alike
    std::string told;
    replay.run(text_of(trace), told);
    CHECK(replay.size() == 0); // no call is left behind
    return told;
}

} // namespace

TEST_CASE("in every scenario everybody is told exactly what is written", "[scenarios]") {
    const auto paths = all_traces();
    REQUIRE(paths.size() >= 10);
    for (const auto& trace : paths) {
        CAPTURE(trace.string());
        auto with_all_rights = trace;
        with_all_rights.replace_extension(".all.told");
        auto told = trace;
        told.replace_extension(".told");
        REQUIRE(fs::exists(told));
        CHECK(by_call(replayed(trace, true)) == by_call(text_of(told)));
        CHECK(by_call(replayed(trace, false)) ==
              by_call(text_of(fs::exists(with_all_rights) ? with_all_rights : told)));
    }
}
