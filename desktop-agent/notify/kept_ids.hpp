// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::notify {

// The notifications that are on the screen, as they are kept for the next agent should this one
// crash: a call that rang for it must not ring there for ever. Numbers mean something only to
// the server that gave them, on the bus where it was. One that the server was asked to show when
// the agent crashed has no number yet: it is known by the id of its call, to servers that know
// tags.
struct KeptIds {
    static constexpr std::size_t max_ids = 1000; // and as many calls; more are not ours

    std::string bus;   // its GUID
    std::string owner; // the server's unique name
    std::vector<std::uint32_t> ids;
    std::vector<std::string> calls; // whose number is not known; without line breaks

    bool operator==(const KeptIds&) const = default;
};

// What is in the file. Anything else than to_file() wrote gives no ids.
std::string to_file(const KeptIds& kept);
KeptIds kept_ids_from(std::string_view file);

} // namespace astcti::notify
