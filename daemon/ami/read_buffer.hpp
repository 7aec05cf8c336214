// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace astcti::ami {

// Bytes that were read, and room for more, in one piece. What was taken off the front can still
// be looked at until go_on(); from then on AddressSanitizer reports whoever does.
class ReadBuffer {
public:
    // So many bytes behind the last one may be read, whatever they are.
    static constexpr std::size_t padding = 64;

    ReadBuffer() = default;
    ~ReadBuffer();
    ReadBuffer(const ReadBuffer&) = delete;
    ReadBuffer& operator=(const ReadBuffer&) = delete;

    // What there is. Valid until room().
    std::string_view text() const noexcept { return {memory_.get() + begin_, end_ - begin_}; }

    // At least `size` bytes behind what there is, to be written to.
    std::span<char> room(std::size_t size);
    // So many have been written there.
    void added(std::size_t size) noexcept { end_ += size; }

    // Off the front.
    void take(std::size_t size) noexcept { begin_ += size; }
    // What was taken is not used any more.
    void go_on() noexcept;

    void clear() noexcept { begin_ = end_; }

private:
    void unpoison() noexcept;

    std::unique_ptr<char[]> memory_; // capacity_ and the padding
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t poisoned_ = 0; // up to here
};

} // namespace astcti::ami
