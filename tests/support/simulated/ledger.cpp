// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/ledger.hpp"

#include "daemon/base/base64.hpp"

namespace astcti::simulated {
namespace {

// As TokenBook writes it down: whole seconds since 1970, after a byte.
Time expiry(const std::string& token) {
    const auto bytes = base::from_base64(token.substr(token.find('.') + 1)).value_or("");
    Time seconds = 0;
    for (const char c : bytes.substr(1, 8))
        seconds = (seconds << 8U) | static_cast<unsigned char>(c);
    const auto& world = World::the();
    return seconds * second - (world.real_time() - world.now());
}

} // namespace

void Ledger::told(const std::string& token, Changes changes) {
    Entry entry;
    entry.changes = changes;
    entry.expires = expiry(token);
    if (!entries_.emplace(token, entry).second)
        World::the().breaks("a token is told twice");
}

void Ledger::presented(const std::string& token, unsigned changed) {
    auto& entry = entries_[token];
    entry.changed = changed;
    ++entry.presented;
    entry.last = World::the().now();
}

void Ledger::accepted(const std::string& token) {
    auto& entry = entries_[token];
    if (++entry.accepted > 1 && !entry.forgiven)
        World::the().breaks("a token works twice");
    if (entry.last > entry.expires)
        World::the().breaks("a token works after its end");
    if (entry.changes.most < entry.changed)
        World::the().breaks("a token works although the secret was changed");
    used_.push_back(token);
}

void Ledger::refused(const std::string& token, unsigned changed) {
    const auto& entry = entries_[token];
    const bool is_old = World::the().now() >= entry.expires;
    if (entry.presented <= 1 && !is_old && changed == entry.changes.least)
        World::the().breaks("a good token is refused");
}

void Ledger::put_off(const std::string& token) {
    --entries_[token].presented;
}

void Ledger::writes_lost() {
    for (auto& [token, entry] : entries_)
        entry.forgiven = true;
    used_.clear();
}

} // namespace astcti::simulated
