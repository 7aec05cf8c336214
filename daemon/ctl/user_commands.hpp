// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace astcti::ctl {

// What is wrong with the arguments, and what to do: the program ends with EX_USAGE.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct NewUser {
    std::string name;
    std::string extension;
    std::vector<std::string> devices; // further ones
    std::string host;
    bool native_only = false;
};

// Asked for only when everything else is right.
using PasswordSource = std::function<std::string(const std::string& user)>;

// Each returns the text for standard output. They throw UsageError, StoreError and
// std::runtime_error; then nothing was changed.
void check(const NewUser& user);
void check_device(const std::string& option, const std::string& device);
std::string add_user(accounts::Store& store, const NewUser& user, const PasswordSource& password);
std::string list_users(accounts::Store& store);
std::string set_password(accounts::Store& store, const std::string& name,
                         const PasswordSource& password);
std::string add_device(accounts::Store& store, const std::string& user, const std::string& device);
std::string remove_device(accounts::Store& store, const std::string& user,
                          const std::string& device);
std::string remove_user(accounts::Store& store, const std::string& name);

} // namespace astcti::ctl
