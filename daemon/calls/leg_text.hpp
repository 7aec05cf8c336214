// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <ostream>
#include <string_view>
#include <utility>

namespace astcti::calls {

// A text that is usually short: up to `Room` bytes take no memory of their own, and an empty one
// is no more than a byte to be set. A view of it is valid until it is assigned to.
template <std::size_t Room>
class ShortText {
public:
    // What is longer has memory of its own.
    static constexpr std::size_t room = Room;
    static_assert(room % sizeof(char*) == sizeof(char*) - 1 && room >= 2 * sizeof(char*));

    ShortText() noexcept {} // NOLINT: an empty text has no bytes to be set
    explicit ShortText(std::string_view text) : ShortText() { *this = text; }
    ShortText(const ShortText& other) : ShortText(other.view()) {}
    ShortText(ShortText&& other) noexcept : ShortText() { *this = std::move(other); }
    ShortText& operator=(const ShortText& other) {
        return *this = other.view();
    } // NOLINT: also itself
    ShortText& operator=(ShortText&& other) noexcept;
    ShortText& operator=(std::string_view text) {
        if (text.size() <= room && size_ <= room) {
            copy_short(text);
            size_ = static_cast<std::uint8_t>(text.size());
        } else {
            assign_long(text);
        }
        return *this;
    }
    ~ShortText() {
        if (size_ > room)
            delete[] far().data;
    }

    operator std::string_view() const noexcept { return view(); } // NOLINT: it is one
    std::string_view view() const noexcept {
        if (size_ <= room)
            return {bytes_.data(), size_};
        const auto text = far();
        return {text.data, text.size};
    }

    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return view().size(); }
    bool starts_with(std::string_view text) const noexcept { return view().starts_with(text); }
    bool ends_with(std::string_view text) const noexcept { return view().ends_with(text); }
    void clear() noexcept { *this = std::string_view{}; }

    friend bool operator==(const ShortText& a, std::string_view b) noexcept {
        return a.view() == b;
    }
    friend bool operator==(const ShortText& a, const ShortText& b) noexcept {
        return a.view() == b.view();
    }
    friend std::ostream& operator<<(std::ostream& to, const ShortText& text) {
        return to << text.view();
    }

private:
    struct Far {
        char* data;
        std::size_t size;
    };
    static constexpr std::uint8_t is_far = std::numeric_limits<std::uint8_t>::max();

    Far far() const noexcept {
        Far text; // NOLINT: set by the next line
        std::memcpy(&text, bytes_.data(), sizeof text);
        return text;
    }
    void assign_long(std::string_view text);

    // By at most two words, as a call of memmove() would cost more. All is read before anything
    // is written: it may be a part of what is there.
    void copy_short(std::string_view text) noexcept {
        const auto copy_ends = [this, text]<typename Piece>(Piece first, Piece last) {
            std::memcpy(&first, text.data(), sizeof first);
            std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
            std::memcpy(bytes_.data(), &first, sizeof first);
            std::memcpy(bytes_.data() + text.size() - sizeof last, &last, sizeof last);
        };
        using Sixteen = std::array<char, 16>;
        const auto size = text.size();
        if (size > 2 * sizeof(Sixteen) || (size < sizeof(std::uint32_t) && size > 0))
            std::memmove(bytes_.data(), text.data(), size);
        else if (size >= sizeof(Sixteen))
            copy_ends(Sixteen{}, Sixteen{});
        else if (size >= sizeof(std::uint64_t))
            copy_ends(std::uint64_t{}, std::uint64_t{});
        else if (size > 0)
            copy_ends(std::uint32_t{}, std::uint32_t{});
    }

    alignas(char*) std::array<char, room> bytes_; // the text, or a Far
    std::uint8_t size_ = 0;
};

// A text of a leg, which has many: ids, numbers and names.
using LegText = ShortText<23>;
// Of a bridge: a UUID.
using BridgeId = ShortText<39>;

extern template class ShortText<23>;
extern template class ShortText<39>;

} // namespace astcti::calls
