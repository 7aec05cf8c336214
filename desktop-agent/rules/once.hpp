// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace astcti::rules {

// Rules run once for each call and other party, however often the server tells of it, also
// when it tells of an old call again after a long gap.
//
// The memory is in one piece: a few small ones a call, kept for a thousand calls, would each keep
// a page of what else came and went with its call. Texts are kept as their hashes for the same
// reason. Two that differ are taken for the same once in 2^64; then a rule does not run.
class Once {
public:
    static constexpr std::size_t max_parties = 1000; // then the oldest is forgotten

    Once();

    // True the first time it is asked for this call and other party. The same number with
    // another channel (peer-uniqueid) is another party: an agent of a pool has one call for a
    // day, in which a customer may call twice. Without a channel the number decides.
    bool first(std::string_view call, std::string_view number, std::string_view uniqueid);

    // Was it asked for this call before?
    bool knows(std::string_view call) const noexcept;

private:
    struct Party {
        std::size_t call;
        std::size_t number;
        std::size_t uniqueid; // no_channel as long as it is not known
    };

    std::vector<Party> parties_;
    std::size_t oldest_ = 0; // once there are max_parties
};

} // namespace astcti::rules
