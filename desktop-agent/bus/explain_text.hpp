// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace astcti::bus {

// A note as org.astcti.Agent1.Explain gives it: time, part, result, text.
using ExplainedNote = std::tuple<std::uint64_t, std::string, std::string, std::string>;

// What `astcti-agent --explain` prints of a call: its id, then a line for each note, in local time.
std::string explain_text(const std::string& call, const std::vector<ExplainedNote>& notes);

// What it prints of the agent: a call that the agent never heard of cannot pop.
std::string explain_agent(const std::map<std::string, std::string>& words,
                          const std::map<std::string, std::string>& pbxs, bool popups_muted);

} // namespace astcti::bus
