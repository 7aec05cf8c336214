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

template <typename Desks>
const auto& who_is_at(const Desks& desks, std::string_view device) {
    static const decltype(desks.find(device)->who) nobody{};
    const auto* desk = desks.find(device);
    return desk ? desk->who : nobody;
}

template <typename Value>
void add_once(std::vector<Value>& list, const Value& value) {
    if (std::ranges::find(list, value) == list.end())
        list.push_back(value);
}

} // namespace

void People::set_aliases(const std::string& pbx, Aliases aliases) {
    if (!aliases.empty())
        aliased_[pbx].aliases = std::move(aliases);
}

void People::refresh() {
    if (generation_ == sessions_.generation())
        return;
    generation_ = sessions_.generation();
    if (departures_ != sessions_.departures()) {
        departures_ = sessions_.departures();
        clear();
    }
    // When all come back at once it must not cost each of them as much as all.
    for (const auto& all = sessions_.all(); known_ < all.size(); ++known_)
        add(all[known_]);
}

void People::clear() {
    known_ = 0;
    of_person_.clear();
    const auto clear = [](Desks& desks) {
        desks.people.clear();
        desks.originals.clear();
    };
    clear(desks_);
    for (auto& [pbx, desks] : aliased_)
        clear(desks);
}

void People::add(const clients::LoggedIn& session) {
    if (!session.original) {
        auto& person = of_person_[{session.user, session.extension}];
        person.sessions.push_back(session.id);
        add_once(person.devices, session.extension);
        for (const auto& device : session.further_devices)
            add_once(person.devices, device);
    }
    add(desks_, session);
    for (auto& [pbx, desks] : aliased_)
        add(desks, session);
}

void People::add(Desks& desks, const clients::LoggedIn& session) {
    const auto add_device = [&](const std::string& configured) {
        for (const auto& device : names_of(configured, desks.aliases))
            if (session.original)
                add_once(desks.originals.add(device).first->who, session.id);
            else
                add_once(desks.people.add(device).first->who,
                         Person{session.user, session.extension});
    };
    add_device(session.extension);
    for (const auto& device : session.further_devices)
        add_device(device);
}

People::Desks& People::at_pbx(std::string_view pbx) {
    refresh();
    if (aliased_.empty())
        return desks_;
    const auto found = aliased_.find(pbx);
    return found == aliased_.end() ? desks_ : found->second;
}

const std::vector<Person>& People::at(std::string_view pbx, std::string_view device) {
    return who_is_at(at_pbx(pbx).people, device);
}

bool People::may_be_at(std::string_view pbx, std::uint32_t device_hash) {
    return at_pbx(pbx).people.may_have(device_hash);
}

bool People::has_originals() {
    refresh();
    return !desks_.originals.empty();
}

const std::vector<clients::SessionId>& People::originals_at(std::string_view pbx,
                                                            std::string_view device) {
    return who_is_at(at_pbx(pbx).originals, device);
}

const std::vector<clients::SessionId>& People::sessions_of(const Person& person) {
    refresh();
    return found_in(of_person_, person).sessions;
}

std::vector<std::uint32_t> People::device_hashes(std::string_view pbx, const Person& person) {
    const auto& aliases = at_pbx(pbx).aliases;
    std::vector<std::uint32_t> hashes;
    for (const auto& device : found_in(of_person_, person).devices)
        for (const auto& name : names_of(device, aliases))
            hashes.push_back(calls::hash_of(name));
    return hashes;
}

} // namespace astcti::routing
