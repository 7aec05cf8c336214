// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/calls/changed_properties.hpp"

#include "desktop-agent/calls/derived.hpp"

namespace astcti::calls {

std::vector<std::string> changed_properties(const protocol::Call& before,
                                            const protocol::Call& after) {
    std::vector<std::string> names;
    const auto compare = [&](const char* name, auto member) {
        if (before.*member != after.*member)
            names.emplace_back(name);
    };
    using protocol::Call;
    compare("UniqueId", &Call::uniqueid);
    compare("LinkedId", &Call::linkedid);
    compare("Direction", &Call::direction);
    compare("State", &Call::state);
    compare("EndReason", &Call::end_reason);
    compare("Cause", &Call::cause);
    compare("OwnNumber", &Call::own_number);
    compare("OwnName", &Call::own_name);
    compare("PeerNumber", &Call::peer_number);
    compare("PeerName", &Call::peer_name);
    compare("PeerUniqueId", &Call::peer_uniqueid);
    if (presentation_of(before) != presentation_of(after))
        names.emplace_back("Presentation");
    compare("Internal", &Call::internal);
    compare("CalledNumber", &Call::called_number);
    compare("Channel", &Call::channel);
    if (devices_of(before) != devices_of(after))
        names.emplace_back("Devices");
    if (answered_by(before) != answered_by(after))
        names.emplace_back("AnsweredBy");
    compare("Context", &Call::context);
    compare("Queue", &Call::queue);
    compare("CallData", &Call::calldata);
    compare("Variables", &Call::variables);
    compare("AnswerTime", &Call::answer);
    compare("EndTime", &Call::end);
    return names;
}

void keep_constants(protocol::Call& call, const protocol::Call& known) {
    call.id = known.id;
    call.pbx = known.pbx;
    call.start = known.start;
}

} // namespace astcti::calls
