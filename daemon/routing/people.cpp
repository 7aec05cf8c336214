// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/people.hpp"

#include <algorithm>

namespace astcti::routing {
namespace {

template <typename Map, typename Key>
const auto& found_in(const Map& map, const Key& key) {
    static const typename Map::mapped_type nobody{};
    const auto found = map.find(key);
    return found == map.end() ? nobody : found->second;
}

template <typename Value>
void add_once(std::vector<Value>& list, const Value& value) {
    if (std::ranges::find(list, value) == list.end())
        list.push_back(value);
}

} // namespace

std::string_view channel_device(std::string_view configured) noexcept {
    if (!configured.starts_with("Local/"))
        return configured;
    const auto options = configured.find('/', configured.find('@'));
    return configured.substr(0, options);
}

void People::refresh() {
    if (generation_ == sessions_.generation())
        return;
    generation_ = sessions_.generation();
    people_.clear();
    originals_.clear();
    of_person_.clear();
    for (const auto& session : sessions_.all()) {
        const auto add = [&](const std::string& configured) {
            const std::string device(channel_device(configured));
            if (device.empty())
                return;
            if (session.original)
                add_once(originals_[device], session.id);
            else
                add_once(people_[device], Person{session.user, session.extension});
        };
        if (!session.original)
            of_person_[{session.user, session.extension}].push_back(session.id);
        add(session.extension);
        for (const auto& device : session.further_devices)
            add(device);
    }
}

const std::vector<Person>& People::at(std::string_view device) {
    refresh();
    return found_in(people_, device);
}

bool People::has_originals() {
    refresh();
    return !originals_.empty();
}

const std::vector<clients::SessionId>& People::originals_at(std::string_view device) {
    refresh();
    return found_in(originals_, device);
}

const std::vector<clients::SessionId>& People::sessions_of(const Person& person) {
    refresh();
    return found_in(of_person_, person);
}

} // namespace astcti::routing
