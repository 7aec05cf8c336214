// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/leg_text.hpp"

#include <memory>

namespace astcti::calls {

template <std::size_t Room>
ShortText<Room>& ShortText<Room>::operator=(ShortText&& other) noexcept {
    if (other.size_ <= room)
        return *this = other.view();
    if (this == &other)
        return *this;
    clear();
    bytes_ = other.bytes_;
    size_ = std::exchange(other.size_, std::uint8_t{0});
    return *this;
}

// One of the two, before and after, is long. `text` may be a part of what is there.
template <std::size_t Room>
void ShortText<Room>::assign_long(std::string_view text) {
    std::unique_ptr<char[]> before(size_ > room ? far().data : nullptr);
    if (text.size() <= room) {
        copy_short(text);
        size_ = static_cast<std::uint8_t>(text.size());
        return;
    }
    auto memory = std::make_unique_for_overwrite<char[]>(text.size());
    std::memcpy(memory.get(), text.data(), text.size());
    const Far after{memory.release(), text.size()};
    std::memcpy(bytes_.data(), &after, sizeof after);
    size_ = is_far;
}

template class ShortText<23>;
template class ShortText<39>;

} // namespace astcti::calls
