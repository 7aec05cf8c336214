// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/read_buffer.hpp"

#include <algorithm>
#include <cstring>

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

#ifdef ASTCTI_CHECKS_ADDRESSES
void forbid(const char* from, std::size_t size) noexcept {
    __asan_poison_memory_region(from, size);
}
void allow(const char* from, std::size_t size) noexcept {
    __asan_unpoison_memory_region(from, size);
}
#else
void forbid(const char*, std::size_t) noexcept {}
void allow(const char*, std::size_t) noexcept {}
#endif

constexpr std::size_t least_capacity = 131072; // a socket is read 64 KiB at a time

} // namespace

ReadBuffer::~ReadBuffer() {
    unpoison();
}

void ReadBuffer::unpoison() noexcept {
    allow(memory_.get(), poisoned_);
    poisoned_ = 0;
}

void ReadBuffer::go_on() noexcept {
    if (begin_ == poisoned_)
        return;
    forbid(memory_.get() + poisoned_, begin_ - poisoned_);
    poisoned_ = begin_;
}

std::span<char> ReadBuffer::room(std::size_t size) {
    if (capacity_ - end_ < size || begin_ == end_) {
        unpoison();
        const auto left = end_ - begin_;
        if (capacity_ - left < size) {
            const auto capacity = std::max(least_capacity, 2 * (left + size));
            auto memory = std::make_unique<char[]>(capacity + padding);
            if (left > 0)
                std::memcpy(memory.get(), memory_.get() + begin_, left);
            memory_ = std::move(memory);
            capacity_ = capacity;
        } else if (left > 0) {
            std::memmove(memory_.get(), memory_.get() + begin_, left);
        }
        begin_ = 0;
        end_ = left;
    }
    return {memory_.get() + end_, capacity_ - end_};
}

} // namespace astcti::ami
