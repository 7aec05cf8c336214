// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/simulated/switchboard.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace astcti::simulated {

// What a client knows of the calls, by the rules of PROTOCOL.md alone; complains of everything that
// is not according to them.
class Model {
public:
    // Telephones besides its own extension, and whose they are.
    Model(std::string user, std::set<std::string> further)
        : user_(std::move(user)), further_(std::move(further)) {}

    // After the answer to a login, CALLS or EXT.
    void owe_snapshot() noexcept { ++owed_; }
    // The next snapshot is of this telephone.
    void set_extension(std::string device) { extension_ = std::move(device); }
    const std::string& extension() const noexcept { return extension_; }

    // A line of the native dialect that is no answer.
    void event(std::string_view line);
    // The original's: what is in appdata, and the name.
    void original_event(std::string_view appdata, std::string_view name);

    // When everything has been told: empty, or what is missing.
    std::string difference(const Switchboard& truth) const;

    unsigned snapshots() const noexcept { return snapshots_; }
    unsigned collapses() const noexcept { return collapses_; } // snapshots after something was lost

private:
    struct Known {
        std::uint64_t serial = 0;
        std::map<std::string, std::uint64_t> calls;

        bool operator==(const Known&) const = default;
    };
    using Telephones = std::map<std::string, Known>;

    void begin(std::string_view line);
    void end();
    void call(std::string_view line, std::string_view name);

    std::string user_;
    std::set<std::string> further_;
    std::string extension_;
    Telephones telephones_;
    Telephones fresh_; // of the snapshot that is coming
    bool in_snapshot_ = false;
    bool had_snapshot_ = false;
    std::string epoch_;
    std::string last_epoch_;
    std::uint64_t last_seq_ = 0;
    unsigned owed_ = 0;
    unsigned snapshots_ = 0;
    unsigned collapses_ = 0;
};

} // namespace astcti::simulated
