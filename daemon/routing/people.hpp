// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/session_table.hpp"
#include "daemon/routing/aliases.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace astcti::routing {

// The same account twice with another extension is two people here.
struct Person {
    std::string user;
    std::string extension;

    // clang-tidy 14 takes the 0 that <=> is compared with for a pointer.
    auto operator<=>(const Person&) const = default; // NOLINT(modernize-use-nullptr)
};

// Who is logged in, by their devices: made anew of the sessions whenever those have changed.
class People {
public:
    explicit People(const clients::SessionTable& sessions) : sessions_(sessions) {}

    // What devices are called elsewhere on a PBX.
    void set_aliases(const std::string& pbx, Aliases aliases);

    // The people whose calls a device's are on this PBX, in the order of their first logins.
    const std::vector<Person>& at(std::string_view pbx, std::string_view device);
    bool has_originals();
    // The sessions of the original's dialect at a device of this PBX.
    const std::vector<clients::SessionId>& originals_at(std::string_view pbx,
                                                        std::string_view device);
    // A person's sessions in the native dialect, in the order of their logins; empty if gone.
    const std::vector<clients::SessionId>& sessions_of(const Person& person);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    template <typename Value>
    using ByDevice = std::unordered_map<std::string, std::vector<Value>, Hash, std::equal_to<>>;

    // Under every name that the devices have on a PBX.
    struct Desks {
        Aliases aliases;
        ByDevice<Person> people;
        ByDevice<clients::SessionId> originals;
    };

    void refresh();
    void add(Desks& desks, const clients::LoggedIn& session);
    Desks& at_pbx(std::string_view pbx);

    const clients::SessionTable& sessions_;
    std::uint64_t generation_ = 0;
    Desks desks_; // of every PBX without aliases
    std::map<std::string, Desks, std::less<>> aliased_;
    std::map<Person, std::vector<clients::SessionId>> of_person_;
};

} // namespace astcti::routing
