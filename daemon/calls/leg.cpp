// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/leg.hpp"

#include <array>
#include <cstring>

namespace astcti::calls {

namespace {

constexpr bool is_hex(char c) noexcept {
    const auto letter = static_cast<char>(static_cast<unsigned char>(c) | 0x20U);
    return (c >= '0' && c <= '9') || (letter >= 'a' && letter <= 'f');
}

} // namespace

void Variables::add(std::string_view name, std::string_view value) {
    if (size() == 0) {
        first_.first = name;
        first_.second = value;
        return;
    }
    if (more_.empty())
        more_.push_back(std::move(first_));
    more_.emplace_back(name, value);
}

std::string_view value_of(std::span<const Variable> variables, std::string_view name) noexcept {
    for (const auto& [key, value] : variables)
        if (key == name)
            return value;
    return {};
}

std::string_view lasting_name(std::string_view channel) noexcept {
    if (channel.ends_with(masquerading))
        channel.remove_suffix(masquerading.size());
    return channel;
}

std::string_view device_of(std::string_view channel) noexcept {
    channel = lasting_name(channel);
    if (channel.starts_with("Local/"))
        for (const std::string_view half : {";1", ";2", ",1", ",2"})
            if (channel.ends_with(half))
                channel.remove_suffix(half.size());
    auto dash = channel.size();
    while (dash > 0 && is_hex(channel[dash - 1]))
        --dash;
    if (dash == 0 || dash == channel.size() || channel[dash - 1] != '-')
        return channel;
    return channel.substr(0, dash - 1);
}

bool is_second_half(std::string_view channel) noexcept {
    return channel.starts_with("Local/") && (channel.ends_with(";2") || channel.ends_with(",2"));
}

bool began_before(const Leg* a, const Leg* b) noexcept {
    if (a->start != b->start)
        return a->start < b->start;
    if (a->uniqueid.size() != b->uniqueid.size())
        return a->uniqueid.size() < b->uniqueid.size();
    return a->uniqueid.view() < b->uniqueid.view();
}

void FewLegs::push_back(Leg& leg) {
    if (more_.empty() && count_ < few_.size()) {
        few_[count_++] = &leg;
        return;
    }
    if (more_.empty())
        more_.assign(few_.begin(), few_.end());
    more_.push_back(&leg);
    count_ = 0;
}

void FewLegs::erase(const Leg& leg) {
    if (!more_.empty()) {
        std::erase(more_, &leg);
        return;
    }
    const auto* const last = std::remove(few_.begin(), few_.begin() + count_, &leg);
    count_ = static_cast<std::size_t>(last - few_.begin());
}

void sort_by_beginning(std::vector<Leg*>& legs) {
    struct Key {
        Clock start;
        std::size_t size;
        std::array<char, 24> text; // the beginning of the uniqueid, mostly all of it
        Leg* leg;
    };
    std::vector<Key> keys;
    keys.reserve(legs.size());
    for (auto* leg : legs) {
        auto& key = keys.emplace_back(Key{leg->start, leg->uniqueid.size(), {}, leg});
        leg->uniqueid.view().copy(key.text.data(), key.text.size());
    }
    std::ranges::sort(keys, [](const Key& a, const Key& b) {
        if (a.start != b.start)
            return a.start < b.start;
        if (a.size != b.size)
            return a.size < b.size;
        const auto order = std::memcmp(a.text.data(), b.text.data(), a.text.size());
        return order != 0 ? order < 0 : began_before(a.leg, b.leg);
    });
    std::ranges::transform(keys, legs.begin(), &Key::leg);
}

} // namespace astcti::calls
