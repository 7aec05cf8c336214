// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/penalties.hpp"

#include <algorithm>

namespace astcti::clients {
namespace {

// No source has a line break in it.
std::string pair_of(std::string_view source, std::string_view account) {
    std::string name(source);
    name += '\n';
    name += account;
    return name;
}

// After the n-th failure that is not free, n from 1.
Penalties::Milliseconds wait_after(unsigned n) noexcept {
    constexpr unsigned enough = 16; // doublings, more than max_wait has
    const auto doubled = Penalties::first_wait * (1U << std::min(n - 1, enough));
    return std::min<Penalties::Milliseconds>(doubled, Penalties::max_wait);
}

} // namespace

unsigned Penalties::faded(const Failures& failures, Time now) noexcept {
    const auto gone = static_cast<std::uint64_t>(std::max<std::int64_t>(
        0, (now - failures.last) / std::chrono::duration_cast<Time>(fading)));
    return gone >= failures.count ? 0 : failures.count - static_cast<unsigned>(gone);
}

void Penalties::add(Table& table, std::string_view name, Time now) {
    auto& failures = table.touch(name);
    failures = {faded(failures, now) + 1, now};
}

Penalties::Milliseconds Penalties::left(Table& table, std::string_view name, unsigned free,
                                        Milliseconds longest, Time now) {
    const auto* const failures = table.find(name);
    // Not faded(): what is being waited for does not get less meanwhile.
    if (!failures || failures->count <= free)
        return {};
    const auto until = failures->last + std::min(wait_after(failures->count - free), longest);
    return until <= now ? Milliseconds{} : std::chrono::ceil<Milliseconds>(until - now);
}

void Penalties::failed(std::string_view source, std::string_view account, bool shared, Time now) {
    if (!shared)
        add(sources_, source, now);
    add(pairs_, pair_of(source, account), now);
    add(accounts_, account, now);
}

void Penalties::succeeded(std::string_view source, std::string_view account, Time) {
    const auto pair = pair_of(source, account);
    pairs_.erase(pair);
    known_.touch(pair) = true;
}

Penalties::Milliseconds Penalties::wait(std::string_view source, std::string_view account,
                                        bool shared, Time now) const {
    const auto name = pair_of(source, account);
    const auto longest = shared && known_.find(name) ? max_delay : max_wait;
    const auto pair =
        left(pairs_, name, shared ? free_for_shared_pair : free_for_pair, longest, now);
    return shared ? pair : std::max(pair, left(sources_, source, free_for_source, max_wait, now));
}

Penalties::Milliseconds Penalties::delay(std::string_view source, std::string_view account,
                                         Time now) const {
    if (known_.find(pair_of(source, account)))
        return {};
    return std::min(left(accounts_, account, free_for_account, max_wait, now), max_delay);
}

} // namespace astcti::clients
