// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/recording_summary.hpp"

#include <algorithm>
#include <charconv>

namespace astcti::ami {
namespace {

constexpr std::string_view banner_start = "Asterisk Call Manager/";
constexpr std::string_view timestamp = "Timestamp: ";

} // namespace

RecordingSummary summary_of(std::string_view recording) {
    RecordingSummary summary;
    summary.is_whole = recording.starts_with(banner_start);
    bool in_packet = false;
    while (!recording.empty()) {
        auto line = recording.substr(0, recording.find('\n'));
        recording.remove_prefix(std::min(line.size() + 1, recording.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty()) {
            summary.packets += in_packet ? 1 : 0;
            in_packet = false;
        } else if (in_packet || !line.starts_with(banner_start)) {
            in_packet = true;
        }
        if (!line.starts_with(timestamp))
            continue;
        std::int64_t seconds = 0;
        line.remove_prefix(timestamp.size());
        std::from_chars(line.data(), line.data() + line.size(), seconds);
        if (summary.first == 0)
            summary.first = seconds;
        summary.last = seconds;
    }
    return summary;
}

} // namespace astcti::ami
