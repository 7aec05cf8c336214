// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace astcti::ami {

// One AMI packet: "Key: Value" lines in the order Asterisk sent them. Keys may repeat
// (Variable, ChanVariable). Refers to the parser's buffer: valid until the next feed() or
// next(). Cannot be copied, so that nobody keeps one.
class Packet {
public:
    struct Header {
        std::string_view key;
        std::string_view value;
    };

    Packet() = default;
    Packet(const Packet&) = delete;
    Packet& operator=(const Packet&) = delete;

    // The first value of a key, compared without regard to case as AMI does; their spelling
    // varies with Asterisk's version (Uniqueid, UniqueID).
    std::optional<std::string_view> find(std::string_view key) const noexcept;

    // As find(); empty if there is none.
    std::string_view get(std::string_view key) const noexcept;

    // The value of "Event", or empty for a response.
    std::string_view event() const noexcept { return get("Event"); }

    const std::vector<Header>& headers() const noexcept { return headers_; }

private:
    friend class PacketParser;

    std::vector<Header> headers_;
};

// Compares ASCII letters without regard to case.
bool same_letters(std::string_view a, std::string_view b) noexcept;
inline bool same_key(std::string_view a, std::string_view b) noexcept {
    // The case varies rarely, and most keys differ in their first letter.
    return a.size() == b.size() && (a.empty() || (((a.front() ^ b.front()) & ~0x20) == 0 &&
                                                  (a == b || same_letters(a, b))));
}

} // namespace astcti::ami
