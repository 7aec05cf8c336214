// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace astcti::ami {

// Undoes the C escaping (a backslash before a quote, a backslash, n, r, t …) that Asterisk
// 13 and newer do in CallerIDName, ConnectedLineName, VarSet's Value and ChanVariable, and
// nowhere else (main/utils.c ast_escape_c). Exactly once: what comes out is what was sent.
std::string unescape(std::string_view text);

// Fit to be kept and shown: protocol::cleaned(), without the angle brackets of a number
// that is missing ("<unknown>" becomes "").
std::string clean_text(std::string_view text);

} // namespace astcti::ami
