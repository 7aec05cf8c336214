// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/agent_status.hpp"

#include "config.h"

#include <tuple>

namespace astcti::bus {

using Glib::ustring;
using Glib::Variant;

Properties properties_of(const AgentStatus& status) {
    std::map<ustring, ustring> pbxs;
    for (const auto& [name, up] : status.pbxs)
        pbxs[text(name)] = up ? "up" : "down";
    std::vector<ustring> extensions;
    for (const auto& extension : status.extensions)
        extensions.push_back(text(extension));
    using Pair = std::tuple<ustring, ustring>;
    return {
        {"Version", Variant<ustring>::create(ASTCTI_VERSION)},
        {"Connection", Variant<ustring>::create(text(status.connection))},
        {"Pbxs", Variant<std::map<ustring, ustring>>::create(pbxs)},
        {"Server", Variant<ustring>::create(text(status.server))},
        {"User", Variant<ustring>::create(text(status.user))},
        {"Extensions", Variant<std::vector<ustring>>::create(extensions)},
        {"LastError",
         Variant<Pair>::create(Pair{text(status.last_error.name), text(status.last_error.text)})},
        {"PopupsMuted", Variant<bool>::create(status.popups_muted)},
    };
}

} // namespace astcti::bus
