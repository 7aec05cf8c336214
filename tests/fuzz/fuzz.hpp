// SPDX-License-Identifier: GPL-3.0-or-later
// What the fuzzers have in common: each is a function of bytes that ends the program when something
// is not true.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace astcti::fuzz {

// `what` is a sentence that should be true of the program.
inline void must(bool is_true, const char* what) {
    if (is_true)
        return;
    std::fprintf(stderr, "not true: %s\n", what);
    std::abort();
}

// Takes an input apart; zero and nothing once it is used up.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size)
        : rest_(reinterpret_cast<const char*>(data), size) {}

    bool is_empty() const noexcept { return rest_.empty(); }

    std::uint8_t byte() noexcept {
        if (rest_.empty())
            return 0;
        const auto first = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return first;
    }

    std::string_view bytes(std::size_t size) noexcept {
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    std::string_view rest() noexcept { return bytes(rest_.size()); }

private:
    std::string_view rest_;
};

} // namespace astcti::fuzz
