// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/verified.hpp"

#include "daemon/base/digest.hpp"

#include <cerrno>
#include <cstring>
#include <sys/random.h>
#include <system_error>

namespace astcti::accounts {
namespace {

constexpr std::size_t key_size = 32;

std::string key_of(std::string_view user, Presented kind) {
    return (kind == Presented::md5 ? "5" : "p") + std::string(user);
}

// Each text with its length: no two triples are one message.
void append(std::string& message, std::string_view text) {
    const auto size = static_cast<std::uint64_t>(text.size());
    message.append(reinterpret_cast<const char*>(&size), sizeof size);
    message += text;
}

} // namespace

Verified::Verified(std::size_t limit) : limit_(limit), key_(key_size, '\0') {
    if (::getrandom(key_.data(), key_.size(), 0) != static_cast<ssize_t>(key_.size()))
        throw std::system_error(errno, std::generic_category(), "drawing a random key");
}

Verified::~Verified() {
    ::explicit_bzero(key_.data(), key_.size());
}

std::string Verified::mark(std::string_view user, std::string_view stored, Presented kind,
                           std::string_view presented) const {
    std::string message(1, kind == Presented::md5 ? '5' : 'p');
    append(message, user);
    append(message, stored);
    append(message, presented);
    auto mark = base::hmac_sha256(key_, message);
    ::explicit_bzero(message.data(), message.size());
    return mark;
}

bool Verified::knows(std::string_view user, std::string_view stored, Presented kind,
                     std::string_view presented) const {
    const auto asked = mark(user, stored, kind, presented);
    const std::scoped_lock lock(mutex_);
    const auto found = marks_.find(key_of(user, kind));
    return found != marks_.end() && base::equal_in_constant_time(found->second, asked);
}

void Verified::remember(std::string_view user, std::string_view stored, Presented kind,
                        std::string_view presented) {
    auto made = mark(user, stored, kind, presented);
    auto key = key_of(user, kind);
    const std::scoped_lock lock(mutex_);
    const auto [entry, is_new] = marks_.insert_or_assign(std::move(key), std::move(made));
    if (!is_new)
        return;
    in_order_.push_back(entry->first);
    if (in_order_.size() > limit_) {
        marks_.erase(in_order_.front());
        in_order_.pop_front();
    }
}

} // namespace astcti::accounts
