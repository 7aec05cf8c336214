// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/core_key.hpp"
#include "daemon/ami/key.hpp"
#include "daemon/ami/packet_scan.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace astcti::ami {

// One AMI packet: "Key: Value" lines in the order Asterisk sent them. Keys may repeat
// (Variable, ChanVariable). Refers to the parser's buffer: valid until its next feed(), room()
// or next(), after which looking at it is a failed assertion, and at a text of it an error that
// AddressSanitizer reports. Cannot be copied, so that nobody keeps one.
class Packet {
public:
    struct Header {
        std::string_view key;
        std::string_view value;
        KeyNumber number = other_key; // the key's
    };

    Packet() = default;
    Packet(const Packet&) = delete;
    Packet& operator=(const Packet&) = delete;

    // The first value of a key, compared without regard to case as AMI does; their spelling
    // varies with Asterisk's version (Uniqueid, UniqueID).
    std::optional<std::string_view> find(std::string_view key) const noexcept;

    // As find(), of a key by its number, which costs less.
    const Header* find(KeyNumber number) const noexcept {
        for (const auto& header : headers())
            if (header.number == number)
                return &header;
        return nullptr;
    }
    std::string_view get(KeyNumber number) const noexcept {
        const auto* header = find(number);
        return header ? header->value : std::string_view{};
    }

    // As find(); empty if there is none.
    std::string_view get(std::string_view key) const noexcept;

    // The value of "Event", or empty for a response.
    std::string_view event() const noexcept { return get(key_number("Event")); }

    // What answers an action; an event may have a Response as well.
    bool is_response() const noexcept {
        constexpr auto response = core_key::bit("response");
        return (core_ & (response | core_key::bit("event"))) == response;
    }

    // A Channel (or DestChannel) came without its Uniqueid.
    bool has_channel_alone() const noexcept {
        constexpr auto channel = core_key::bit("channel");
        constexpr auto second = core_key::bit("destchannel");
        return (core_ & (channel | core_key::bit("uniqueid"))) == channel ||
               (core_ & (second | core_key::bit("destuniqueid"))) == second;
    }

    // The same for packets with the same keys in the same order, and for no others: what was found
    // out of the keys of one is true of the next. 0: not known.
    std::uint64_t shape() const noexcept { return shape_; }

    std::span<const Header> headers() const noexcept {
        assert(is_current() && "a Packet was used after its parser went on");
        return {headers_.data(), count_};
    }

private:
    friend class PacketParser;
    friend class PacketShape;

    // Room for so many is made once.
    void begin(std::size_t headers) {
        count_ = 0;
        core_ = 0;
        shape_ = 0;
        if (headers_.size() < headers)
            headers_.resize(std::max(headers, usual_headers));
    }
    void add(std::string_view key, std::string_view value, KeyNumber number) noexcept {
        headers_[count_++] = {key, value, number};
    }

    static constexpr std::size_t usual_headers = 64;

    std::vector<Header> headers_; // the first count_ are this packet's; not cleared, as that costs
    std::size_t count_ = 0;
    std::uint32_t core_ = 0; // which core keys there are
    std::uint64_t shape_ = 0;

#ifndef NDEBUG
    // How often the parser went on, now and when it filled this; shared, as it may be gone.
    std::shared_ptr<const std::uint64_t> parser_turn_;
    std::uint64_t turn_ = 0;
    bool is_current() const noexcept {
        return !parser_turn_ || *parser_turn_ == turn_;
    }
#endif
};

// Compares ASCII letters without regard to case.
bool same_letters(std::string_view a, std::string_view b) noexcept;
inline bool same_key(std::string_view a, std::string_view b) noexcept {
    // The case varies rarely, and most keys differ in their first letter.
    return a.size() == b.size() && (a.empty() || (((a.front() ^ b.front()) & ~0x20) == 0 &&
                                                  (a == b || same_letters(a, b))));
}

} // namespace astcti::ami
