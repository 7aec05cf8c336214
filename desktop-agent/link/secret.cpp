// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/secret.hpp"

#include <cstring>

namespace astcti::link {

void wipe(std::string& text) noexcept {
    // All that was allocated: a longer text may have been there before. This needs no memory.
    text.resize(text.capacity());
    explicit_bzero(text.data(), text.size());
    text.clear();
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other)
        return *this;
    wipe(text_);
    // A short text is within the object itself: what was moved from has a copy of it.
    text_ = std::move(other.text_);
    wipe(other.text_);
    return *this;
}

} // namespace astcti::link
