// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/read_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define ASTCTI_CHECKS_ADDRESSES
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASTCTI_CHECKS_ADDRESSES
#endif
#endif
#ifdef ASTCTI_CHECKS_ADDRESSES
#include <sanitizer/asan_interface.h>
#endif

namespace astcti::ami {
namespace {

constexpr std::size_t least_capacity = 131072; // a socket is read 64 KiB at a time

} // namespace

ReadMemory::ReadMemory(std::size_t capacity)
    : capacity_(capacity), bytes_(std::make_unique_for_overwrite<char[]>(capacity + padding)) {}

ReadMemory::~ReadMemory() {
    allow_all();
}

#ifdef ASTCTI_CHECKS_ADDRESSES
void ReadMemory::forbid(std::size_t begin, std::size_t size) noexcept {
    __asan_poison_memory_region(bytes_.get() + begin, size);
}
void ReadMemory::allow_all() noexcept {
    __asan_unpoison_memory_region(bytes_.get(), capacity_ + padding);
}
// Byte by byte, as memcpy() would be checked.
__attribute__((no_sanitize("address"))) void ReadMemory::append(std::string& out, std::size_t begin,
                                                                std::size_t size) const {
    const char* bytes = bytes_.get();
    for (auto at = begin; at < begin + size; ++at)
        out.push_back(bytes[at]);
}
#else
void ReadMemory::forbid(std::size_t, std::size_t) noexcept {}
void ReadMemory::allow_all() noexcept {}
void ReadMemory::append(std::string& out, std::size_t begin, std::size_t size) const {
    out.append(bytes_.get() + begin, size);
}
#endif

void ReadBuffer::go_on() noexcept {
    if (begin_ == forbidden_)
        return;
    memory_->forbid(forbidden_, begin_ - forbidden_);
    forbidden_ = begin_;
}

void ReadBuffer::offer(std::shared_ptr<ReadMemory> spare) noexcept {
    if (spare)
        spare_ = std::move(spare);
}

std::span<char> ReadBuffer::room(std::size_t size) {
    const auto left = end_ - begin_;
    if (!is_kept_ && left + size <= capacity_ && (left == 0 || capacity_ - end_ < size))
        begin_over();
    else if (capacity_ - end_ < size)
        take_memory(std::max(is_kept_ ? kept_capacity : least_capacity, 2 * (left + size)));
    return {bytes_ + end_, capacity_ - end_};
}

// In the same memory.
void ReadBuffer::begin_over() noexcept {
    if (begin_ == 0)
        return;
    memory_->allow_all();
    const auto left = end_ - begin_;
    std::memmove(bytes_, bytes_ + begin_, left);
    begin_ = forbidden_ = 0;
    end_ = left;
}

void ReadBuffer::take_memory(std::size_t capacity) {
    auto next = spare_ && spare_->capacity() >= capacity ? std::move(spare_)
                                                         : std::make_shared<ReadMemory>(capacity);
    next->allow_all();
    const auto left = end_ - begin_;
    if (left > 0)
        std::memcpy(next->data(), bytes_ + begin_, left);
    memory_ = std::move(next);
    bytes_ = memory_->data();
    capacity_ = memory_->capacity();
    begin_ = forbidden_ = 0;
    end_ = left;
    is_kept_ = false;
}

} // namespace astcti::ami
