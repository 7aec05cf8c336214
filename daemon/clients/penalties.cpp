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
    failures.count = faded(failures, now) + 1;
    failures.last = now;
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

// Of a shared source that the account came from before.
Penalties::Milliseconds Penalties::until_turn(std::string_view pair, Time now) const {
    const auto after_failure = left(pairs_, pair, free_for_shared_pair, max_delay, now);
    const auto* const failures = pairs_.find(pair);
    if (!failures || failures->next_turn <= now)
        return after_failure;
    return std::max(after_failure, std::chrono::ceil<Milliseconds>(failures->next_turn - now));
}

void Penalties::failed(std::string_view source, std::string_view account, bool shared, Time now) {
    if (!shared)
        add(sources_, source, now);
    add(pairs_, pair_of(source, account), now);
    add(accounts_, account, now);
}

void Penalties::succeeded(std::string_view source, std::string_view account, Time) {
    pairs_.erase(pair_of(source, account));
    came_from(source, account);
}

void Penalties::came_from(std::string_view source, std::string_view account) {
    known_.touch(pair_of(source, account)) = true;
}

Penalties::Milliseconds Penalties::wait(std::string_view source, std::string_view account,
                                        bool shared, Time now) const {
    const auto pair = pair_of(source, account);
    if (shared && known_.find(pair))
        return std::max(until_turn(pair, now) - (max_turns - 1) * max_delay, Milliseconds{});
    const auto of_pair =
        left(pairs_, pair, shared ? free_for_shared_pair : free_for_pair, max_wait, now);
    return shared ? of_pair
                  : std::max(of_pair, left(sources_, source, free_for_source, max_wait, now));
}

Penalties::Milliseconds Penalties::delay(std::string_view source, std::string_view account,
                                         bool shared, Time now) {
    const auto pair = pair_of(source, account);
    if (!known_.find(pair))
        return left(accounts_, account, free_for_account, max_delay, now);
    if (!shared)
        return {};
    const auto turn = until_turn(pair, now);
    auto* const failures = pairs_.find(pair);
    // Also when it need not wait: many could ask at that moment.
    if (failures && faded(*failures, now) > free_for_shared_pair)
        failures->next_turn = now + turn + max_delay;
    return turn;
}

} // namespace astcti::clients
