// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"
#include "daemon/ctl/usage_error.hpp"

#include <functional>
#include <string>
#include <vector>

namespace astcti::ctl {

struct NewUser {
    std::string name;
    std::string extension;            // empty: that of the desk
    std::vector<std::string> devices; // further ones
    std::string host;
    std::string dial;
    bool native_only = false;
};

// Asked for only when everything else is right.
using PasswordSource = std::function<std::string(const std::string& user)>;

// Each returns the text for standard output. They throw UsageError, StoreError and
// std::runtime_error; then nothing was changed.
void check(const NewUser& user);
void check(const accounts::AccountChange& change);
void check_device(const std::string& option, const std::string& device);
std::string add_user(accounts::Store& store, const NewUser& user, const PasswordSource& password);
std::string set_user(accounts::Store& store, const std::string& name,
                     const accounts::AccountChange& change);
std::string set_password(accounts::Store& store, const std::string& name,
                         const PasswordSource& password);
std::string add_device(accounts::Store& store, const std::string& user, const std::string& device);
std::string remove_device(accounts::Store& store, const std::string& user,
                          const std::string& device);
std::string remove_user(accounts::Store& store, const std::string& name);

// What is said of a name that nobody has.
std::string no_such_user(const std::string& name);

} // namespace astcti::ctl
