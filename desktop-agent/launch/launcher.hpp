// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/launch/start_limit.hpp"

#include <functional>
#include <giomm/asyncresult.h>
#include <sigc++/trackable.h>
#include <string>
#include <vector>

namespace astcti::launch {

// Starts what a rule names. What was started lives its own life: it is not waited for, is
// not ended with the agent, and its output goes nowhere.
class Launcher : public sigc::trackable {
public:
    // Told what went wrong, as a sentence for a person; everything is logged already.
    using OnFailure = std::function<void(const std::string& why)>;

    explicit Launcher(OnFailure failed) : failed_(std::move(failed)) {}
    Launcher(const Launcher&) = delete;
    Launcher& operator=(const Launcher&) = delete;

    // In the person's web browser, or whatever opens such links. `rule` is its name.
    void open(const std::string& rule, const std::string& url);

    // A program with its arguments, by its absolute path and without a shell.
    void run(const std::string& rule, const std::vector<std::string>& words);

    // Tells of a rule that could not be started at all.
    void refuse(const std::string& rule, const std::string& why);

private:
    bool may_start(const std::string& rule);
    void on_opened(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& rule,
                   const std::string& url);

    OnFailure failed_;
    StartLimit limit_;
};

} // namespace astcti::launch
