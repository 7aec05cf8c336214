// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/channel_event.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/trace.hpp"

#include <map>

namespace astcti::test {

using calls::ChannelEvent;
using calls::EventKind;
using calls::Field;

using Fields = std::map<Field, std::string>;

constexpr Field second(Field field) {
    return static_cast<Field>(static_cast<std::size_t>(field) +
                              static_cast<std::size_t>(Field::second));
}

// Parses one event and shows it while the packet is there.
inline void read(const std::string& text, const std::function<void(const ChannelEvent&)>& use) {
    int count = 0;
    const auto malformed =
        test::each_packet(text + "\n\n", [&](const ami::Packet& packet, calls::Clock) {
            ++count;
            use(ChannelEvent(packet));
        });
    REQUIRE(malformed == 0);
    REQUIRE(count == 1);
}

struct Row {
    std::string version;
    std::string event;
    EventKind kind;
    Fields fields; // these and no others
};

inline void check(const Row& row) {
    CAPTURE(row.version, row.event);
    read(row.event, [&row](const ChannelEvent& event) {
        CHECK(event.kind() == row.kind);
        Fields fields;
        for (std::size_t i = 0; i < static_cast<std::size_t>(Field::count); ++i)
            if (event.has(static_cast<Field>(i)))
                fields.emplace(static_cast<Field>(i), event.get(static_cast<Field>(i)));
        CHECK(fields == row.fields);
    });
}

} // namespace astcti::test
