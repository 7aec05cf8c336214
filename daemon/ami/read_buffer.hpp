// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace astcti::ami {

// Memory that is read into. What a ReadBuffer gave out of it stays as it is for whoever keeps it.
class ReadMemory {
public:
    // So many bytes behind the last one may be read, whatever they are.
    static constexpr std::size_t padding = 64;

    explicit ReadMemory(std::size_t capacity);
    ~ReadMemory();
    ReadMemory(const ReadMemory&) = delete;
    ReadMemory& operator=(const ReadMemory&) = delete;

    char* data() noexcept { return bytes_.get(); }
    const char* data() const noexcept { return bytes_.get(); }
    std::size_t capacity() const noexcept { return capacity_; }

    // Adds that part of it to `out`, also what nobody else may look at any more.
    void append(std::string& out, std::size_t begin, std::size_t size) const;

    // Views of these are errors from now on, which AddressSanitizer reports.
    void forbid(std::size_t begin, std::size_t size) noexcept;
    void allow_all() noexcept;

private:
    std::size_t capacity_;
    std::unique_ptr<char[]> bytes_; // and the padding
};

// Bytes that were read, and room for more, in one piece. What was taken off the front can still
// be looked at until go_on(); from then on AddressSanitizer reports whoever does.
class ReadBuffer {
public:
    static constexpr std::size_t padding = ReadMemory::padding;
    // Of memory that follows on some that is kept: eight reads of 64 KiB, and what a packet that
    // is not whole yet takes along.
    static constexpr std::size_t kept_capacity = 8 * 65536 + 4096;

    ReadBuffer() = default;
    ReadBuffer(const ReadBuffer&) = delete;
    ReadBuffer& operator=(const ReadBuffer&) = delete;

    // What there is. Valid until room().
    std::string_view text() const noexcept { return {bytes_ + begin_, end_ - begin_}; }

    // At least `size` bytes behind what there is, to be written to.
    std::span<char> room(std::size_t size);
    // So many have been written there.
    void added(std::size_t size) noexcept { end_ += size; }

    // Off the front.
    void take(std::size_t size) noexcept { begin_ += size; }
    // What was taken is not used any more.
    void go_on() noexcept;

    void clear() noexcept { begin_ = end_; }

    // Where text() lies. Whoever asks may keep it: what was read is not overwritten.
    const std::shared_ptr<ReadMemory>& keep() noexcept {
        is_kept_ = true;
        return memory_;
    }
    // Some that nobody keeps any more, for the next that is needed. May be null.
    void offer(std::shared_ptr<ReadMemory> spare) noexcept;

private:
    void begin_over() noexcept;
    void take_memory(std::size_t capacity);

    std::shared_ptr<ReadMemory> memory_;
    std::shared_ptr<ReadMemory> spare_;
    char* bytes_ = nullptr; // the memory's
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t forbidden_ = 0; // up to here
    bool is_kept_ = false;
};

} // namespace astcti::ami
