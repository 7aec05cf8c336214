// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/id_table.hpp"
#include "daemon/clients/session_table.hpp"
#include "daemon/routing/aliases.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::routing {

// The same account twice with another extension is two people here.
struct Person {
    std::string user;
    std::string extension;

    // clang-tidy 14 takes the 0 that <=> is compared with for a pointer.
    auto operator<=>(const Person&) const = default; // NOLINT(modernize-use-nullptr)
};

// Who is logged in, by their devices: made anew of the sessions whenever somebody has left.
class People {
public:
    explicit People(const clients::SessionTable& sessions) : sessions_(sessions) {}

    // What devices are called elsewhere on a PBX.
    void set_aliases(const std::string& pbx, Aliases aliases);

    // The people whose calls a device's are on this PBX, in the order of their first logins.
    const std::vector<Person>& at(std::string_view pbx, std::string_view device);
    // Whether there may be any, by the calls::hash_of() the device; false is certain.
    bool may_be_at(std::string_view pbx, std::uint32_t device_hash);
    bool has_originals();
    // The sessions of the original's dialect at a device of this PBX.
    const std::vector<clients::SessionId>& originals_at(std::string_view pbx,
                                                        std::string_view device);
    // A person's sessions in the native dialect, in the order of their logins; empty if gone.
    const std::vector<clients::SessionId>& sessions_of(const Person& person);
    // The calls::hash_of() each device whose calls are the person's on this PBX.
    std::vector<std::uint32_t> device_hashes(std::string_view pbx, const Person& person);

private:
    // What a person is logged in with.
    struct Presence {
        std::vector<clients::SessionId> sessions;
        std::vector<std::string> devices; // as the accounts have them
    };
    // Who is at a device.
    template <typename Value>
    struct Desk {
        std::string device;
        std::vector<Value> who;
    };
    template <typename Value>
    using ByDevice = calls::IdTable<Desk<Value>, &Desk<Value>::device>;

    // Under every name that the devices have on a PBX.
    struct Desks {
        Aliases aliases;
        ByDevice<Person> people;
        ByDevice<clients::SessionId> originals;
    };

    void refresh();
    void clear();
    void add(const clients::LoggedIn& session);
    void add(Desks& desks, const clients::LoggedIn& session);
    Desks& at_pbx(std::string_view pbx);

    const clients::SessionTable& sessions_;
    std::uint64_t generation_ = 0;
    std::uint64_t departures_ = 0;
    std::size_t known_ = 0; // of the sessions
    Desks desks_;           // of every PBX without aliases
    std::map<std::string, Desks, std::less<>> aliased_;
    std::map<Person, Presence> of_person_;
};

} // namespace astcti::routing
