// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace astcti::protocol {

inline constexpr std::size_t max_line_before_login = 512;
inline constexpr std::size_t max_line_after_login = 4096;
inline constexpr std::size_t max_tag = 32;

// One line from a client: `[@tag ]VERB[ arguments]`. Refers to the line.
struct Command {
    std::string_view tag; // without the @; empty if there is none
    std::string verb;     // in upper case
    std::string_view arguments;
};

// Nothing if the line is not clean UTF-8, is empty, or its tag is not a tag. With
// `tags` off (the original's dialect) an @ has no meaning.
std::optional<Command> read_command(std::string_view line, bool tags);

// `number|context|priority`, the arguments of ORIG. Further fields are ignored, as they
// always were; an empty context is "default", an empty priority "1".
struct OriginateArguments {
    std::string number;
    std::string context;
    std::string priority;

    bool operator==(const OriginateArguments&) const = default;
};

std::optional<OriginateArguments> read_originate(std::string_view arguments);

} // namespace astcti::protocol
