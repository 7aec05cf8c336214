// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/key.hpp"

#include "daemon/ami/name_index.hpp"

namespace astcti::ami {
namespace {

constexpr NameIndex index(known_keys);

} // namespace

KeyNumber number_of(std::string_view key) noexcept {
    return static_cast<KeyNumber>(index.find(key));
}

} // namespace astcti::ami
