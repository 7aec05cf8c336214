// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace astcti::ami {

// Which of a fixed list of names one is, without regard to case as AMI's are; made at compile time.
class NameIndex {
public:
    template <std::size_t Count>
    constexpr explicit NameIndex(const std::array<std::string_view, Count>& names) noexcept
        : names_(names.data()) {
        static_assert(Count < slots / 2);
        for (std::size_t i = 0; i < Count; ++i) {
            auto slot = slot_of(names[i]);
            while (at_[slot] != 0)
                slot = (slot + 1) % slots; // names that meet in one slot take the next ones
            at_[slot] = static_cast<std::uint8_t>(i + 1);
        }
    }

    // Its place in the list, counted from 1; 0 if it is not in it.
    std::size_t find(std::string_view name) const noexcept {
        for (auto slot = slot_of(name); at_[slot] != 0; slot = (slot + 1) % slots)
            if (same_key(names_[at_[slot] - 1U], name))
                return at_[slot];
        return 0;
    }

private:
    static constexpr std::size_t slots = 256; // a power of two, several times the number of names

    static constexpr char lower(char c) noexcept {
        return static_cast<char>(static_cast<unsigned char>(c) | 0x20U);
    }

    static constexpr std::size_t slot_of(std::string_view name) noexcept {
        if (name.empty())
            return 0;
        const auto at = [name](std::size_t i) {
            return static_cast<std::size_t>(static_cast<unsigned char>(lower(name[i])));
        };
        const auto last = name.size() - 1;
        return (name.size() * 7 + at(0) * 31 + at(last) * 13 + at(last / 2) * 3) % slots;
    }

    const std::string_view* names_;
    std::array<std::uint8_t, slots> at_{}; // and 1
};

} // namespace astcti::ami
