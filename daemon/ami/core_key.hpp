// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// A caller can smuggle line ends into some values, and so further headers into an event: a second
// header with one of these keys means that the packet is not to be believed. (Others do repeat.)
namespace astcti::ami::core_key {

using Word = std::uint64_t;

// Behind the first byte of a key so many must be readable.
inline constexpr std::size_t readable = 2 * sizeof(Word);

// In lower case. A byte becomes one of these letters by the case bit only if it is that letter.
inline constexpr std::array<std::string_view, 10> names{
    "event",     "channel",     "response",     "uniqueid",     "linkedid",
    "privilege", "destchannel", "destuniqueid", "destlinkedid", "bridgeuniqueid"};

// A name as it is compared: its first and its last eight bytes, which overlap; of a shorter one
// the first eight twice, of which some do not count.
struct Slot {
    Word first = 0;
    Word last = 0;
    Word counts = 0;
    std::size_t size = 0; // 0: there is no name here
    std::uint32_t bit = 0;
};

inline constexpr std::size_t slots = 32;
inline constexpr Word case_bits = 0x2020202020202020U;

constexpr std::size_t last_word(std::size_t size) noexcept {
    return size > sizeof(Word) ? size - sizeof(Word) : 0;
}

// One slot for each name: by its size and its fifth letter.
constexpr std::size_t slot_of(std::size_t size, char fifth) noexcept {
    return (size + std::size_t{3} * static_cast<unsigned char>(fifth)) % slots;
}

constexpr Word word_of(std::string_view name, std::size_t at) noexcept {
    std::array<char, sizeof(Word)> bytes{};
    for (std::size_t i = 0; i < bytes.size() && at + i < name.size(); ++i)
        bytes[i] = name[at + i];
    return std::bit_cast<Word>(bytes);
}

constexpr Word counting_bytes(std::size_t size) noexcept {
    std::array<unsigned char, sizeof(Word)> bytes{};
    for (std::size_t i = 0; i < bytes.size() && i < size; ++i)
        bytes[i] = 0xFF;
    return std::bit_cast<Word>(bytes);
}

inline constexpr auto table = [] {
    std::array<Slot, slots> out{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto name = names[i];
        out[slot_of(name.size(), name[4])] = {
            word_of(name, 0), word_of(name, last_word(name.size())), counting_bytes(name.size()),
            name.size(), std::uint32_t{1} << i};
    }
    return out;
}();

constexpr bool has_slot_for_each() noexcept {
    std::uint32_t bits = 0;
    for (const auto& slot : table)
        bits |= slot.bit;
    return bits == (1U << names.size()) - 1;
}
static_assert(has_slot_for_each());

// The bit of a core key.
consteval std::uint32_t bit(std::string_view name) {
    return std::uint32_t{1} << (std::ranges::find(names, name) - names.begin());
}

// One bit for each core key, 0 for any other key; without regard to case. No branch depends on
// the key, as each header has another one.
inline std::uint32_t bit_of(std::string_view key) noexcept {
    const auto word_at = [key](std::size_t at) {
        Word word = 0;
        std::memcpy(&word, key.data() + at, sizeof word);
        return word | case_bits;
    };
    const auto first = word_at(0);
    const auto last = word_at(last_word(key.size()));
    constexpr char case_bit = 0x20;
    const auto& slot = table[slot_of(key.size(), static_cast<char>(key.data()[4] | case_bit))];
    const bool differs = (((first ^ slot.first) | (last ^ slot.last)) & slot.counts) != 0;
    return !differs && key.size() == slot.size ? slot.bit : 0;
}

} // namespace astcti::ami::core_key
