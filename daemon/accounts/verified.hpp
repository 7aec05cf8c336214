// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace astcti::accounts {

// What somebody presents to log in with: the password, or its MD5 (the original's dialect).
enum class Presented { password, md5 };

// Who logged in lately, and with what, so that the next time costs one HMAC and not one yescrypt:
// after a restart of a switch a thousand people log in at once. Nothing that is kept tells a
// password or helps to guess one: an HMAC-SHA256 by a key that lives as long as this object. It
// covers the stored secret: with another one nobody is known any more. Several threads may ask.
class Verified {
public:
    // Then the one that was remembered first is forgotten.
    static constexpr std::size_t max_size = 100000;

    // Throws std::system_error if the system has no random numbers.
    explicit Verified(std::size_t limit = max_size);
    Verified(const Verified&) = delete;
    Verified& operator=(const Verified&) = delete;
    ~Verified();

    bool knows(std::string_view user, std::string_view stored, Presented kind,
               std::string_view presented) const;
    void remember(std::string_view user, std::string_view stored, Presented kind,
                  std::string_view presented);

private:
    std::string mark(std::string_view user, std::string_view stored, Presented kind,
                     std::string_view presented) const;

    std::size_t limit_;
    std::string key_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::string> marks_; // by user and kind
    std::deque<std::string> in_order_;
};

} // namespace astcti::accounts
