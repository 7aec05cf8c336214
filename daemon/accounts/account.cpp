// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/account.hpp"

#include <algorithm>
#include <array>

namespace astcti::accounts {
namespace {

// Not isalnum(): it depends on the locale.
bool is_alphanumeric(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view punctuation) noexcept {
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return is_alphanumeric(c) || punctuation.find(c) != punctuation.npos;
    });
}

} // namespace

bool is_new_user(std::string_view name) noexcept {
    return name.size() <= max_new_user && consists_of(name, "._@-");
}

bool is_new_extension(std::string_view device) noexcept {
    static constexpr std::array<std::string_view, 6> technologies{"PJSIP/", "SIP/",   "IAX2/",
                                                                  "SCCP/",  "DAHDI/", "Local/"};
    return device.size() <= max_new_extension &&
           std::ranges::any_of(technologies, [&](std::string_view technology) {
               return device.starts_with(technology) &&
                      consists_of(device.substr(technology.size()), "_.@/-");
           });
}

std::string_view device_of_channels(std::string_view device) noexcept {
    const auto context = device.starts_with("Local/") ? device.find('@') : device.npos;
    if (context == device.npos)
        return device;
    return device.substr(0, device.find('/', context));
}

std::vector<std::string> all_devices(const Account& account) {
    std::vector<std::string> found;
    const auto add = [&](std::string_view device) {
        device = device_of_channels(device);
        if (!device.empty() && std::ranges::find(found, device) == found.end())
            found.emplace_back(device);
    };
    add(account.extension);
    for (const auto& device : account.devices)
        add(device);
    return found;
}

std::vector<std::string> further_devices(const Account& account) {
    auto found = all_devices(account);
    std::erase(found, account.extension);
    return found;
}

} // namespace astcti::accounts
