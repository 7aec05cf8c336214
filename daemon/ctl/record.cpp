// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/record.hpp"

#include "daemon/ami/anonymous.hpp"
#include "daemon/ami/recording_summary.hpp"
#include "daemon/base/system_error.hpp"
#include "daemon/base/unique_fd.hpp"
#include "daemon/ctl/control_client.hpp"
#include "daemon/ctl/usage_error.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <random>
#include <stdexcept>
#include <string_view>
#include <unistd.h>

namespace astcti::ctl {
namespace {

void check(const RecordOptions& options) {
    if (!protocol::is_clean_line(options.pbx))
        throw UsageError("the name of a PBX is one line of UTF-8, as the configuration has it");
    if (options.output.empty() && ::isatty(STDOUT_FILENO) == 1)
        throw UsageError("a recording is not for a terminal; give --output FILE");
}

ami::Pseudonyms::Random random() {
    std::random_device device;
    std::array<std::random_device::result_type, 16> numbers{};
    std::generate(numbers.begin(), numbers.end(), [&] { return device(); });
    std::seed_seq seed(numbers.begin(), numbers.end());
    return ami::Pseudonyms::Random(seed);
}

void write(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            base::throw_errno("the recording cannot be written");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

// A file of its own, that nobody else can read or has put there.
void write_file(const std::string& path, std::string_view bytes) {
    const base::UniqueFd fd(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd && errno == EEXIST)
        throw std::runtime_error(path + " is there already; remove it, or choose another name");
    if (!fd)
        base::throw_errno("cannot make " + path);
    try {
        write(fd.get(), bytes);
    } catch (const std::system_error&) {
        ::unlink(path.c_str());
        throw;
    }
}

std::tm local_time(std::int64_t seconds) {
    return fmt::localtime(static_cast<std::time_t>(seconds));
}

std::string described(const RecordOptions& options, const ami::RecordingSummary& summary) {
    auto text = fmt::format("{} packets from {:%F %T} to {:%T}; ", summary.packets,
                            local_time(summary.first), local_time(summary.last));
    text += options.plain ? "WARNING: the numbers and names of callers are in it as they were\n"
                          : "numbers and names of callers are replaced\n";
    if (!summary.is_whole)
        text += "its beginning is missing, as more came than is kept: calls of then are not told\n";
    return text + fmt::format("to see what an account is told of it:\n"
                              "  astctid --replay {} --account NAME\n",
                              options.output.empty() ? "FILE" : options.output);
}

} // namespace

void record(const RecordOptions& options) {
    check(options);
    auto recording =
        ask_daemon(options.control, options.pbx.empty() ? "record" : "record " + options.pbx);
    const auto summary = ami::summary_of(recording);
    if (!options.plain)
        recording = ami::anonymised(recording, random());
    if (options.output.empty())
        write(STDOUT_FILENO, recording);
    else
        write_file(options.output, recording);
    std::fputs(described(options, summary).c_str(), stderr);
}

} // namespace astcti::ctl
