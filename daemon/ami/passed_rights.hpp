// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/byte_marks.hpp"
#include "daemon/ami/right.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace astcti::ami {

// Which rights the events prove that nobody needs, and which come in great numbers: nearly all of
// them need only be compared with what was seen a moment ago.
class PassedRights {
public:
    // Of an event as it came; mostly nothing if the same was told lately.
    std::optional<Right> proved_by(std::string_view packet) noexcept {
        const auto line = second_line(packet);
        for (const auto& seen : seen_)
            if (((seen[0] ^ line[0]) | (seen[1] ^ line[1]) | (seen[2] ^ line[2])) == 0)
                return std::nullopt;
        seen_[oldest_] = line;
        oldest_ = (oldest_ + 1) % seen_.size();
        return right_of_event(privilege_in(packet));
    }

private:
    // How a second line begins, with the line end before it: "\nPrivilege: " and twelve letters, by
    // which all rights differ.
    using Line = std::array<std::uint64_t, 3>;

    static Line second_line(std::string_view packet) noexcept {
        Line line{};
        packet.remove_prefix(std::min(first_line_end(packet), packet.size()));
        if (packet.size() >= sizeof line)
            std::memcpy(line.data(), packet.data(), sizeof line);
        else
            packet.copy(reinterpret_cast<char*>(line.data()), sizeof line);
        return line;
    }

    std::array<Line, 4> seen_{};
    std::size_t oldest_ = 0;
};

} // namespace astcti::ami
