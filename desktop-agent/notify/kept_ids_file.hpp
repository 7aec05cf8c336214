// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/notify/kept_ids.hpp"

#include <string>

namespace astcti::notify {

// The file of KeptIds in the session's runtime directory. That it cannot be written costs no more
// than a notification that a crash leaves behind: it is told once, and nothing fails.
class KeptIdsFile {
public:
    KeptIdsFile();

    KeptIds read() const;

    // Written only if it is not as it was; removed if there are no ids.
    void write(const KeptIds& kept);

private:
    std::string path_;
    KeptIds written_;
    bool is_in_trouble_ = false;
};

} // namespace astcti::notify
