// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/secret_words.hpp"

#include <algorithm>

namespace astcti::ctl {

const SecretWords& words_of(const std::string& stored) {
    return *std::ranges::find(secret_words, accounts::kind_of(stored), &SecretWords::kind);
}

} // namespace astcti::ctl
