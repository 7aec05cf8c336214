// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/administration.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>

namespace astcti {

Administration::Administration(event::Loop& loop, const std::string& path) {
    if (path.empty())
        return;
    control::Handler& self = *this;
    server_.emplace(loop, path, self);
    base::log(base::LogLevel::info, "astctictl is served on {}", path);
}

void Administration::answer(control::RequestId id, std::string bytes) {
    if (server_)
        server_->answer(id, std::move(bytes));
}

void Administration::refuse(control::RequestId id, std::string_view sentence) {
    if (server_)
        server_->refuse(id, sentence);
}

void Administration::requested(control::RequestId id, std::string_view line) {
    const auto word = line.substr(0, line.find(' '));
    const auto task = tasks_.find(word);
    if (task != tasks_.end()) {
        task->second(id, line.substr(std::min(word.size() + 1, line.size())));
        return;
    }
    std::string words;
    for (const auto& [known, unused] : tasks_)
        words += (words.empty() ? "" : ", ") + known;
    refuse(id, "there is no such request; there is: " + words);
}

} // namespace astcti
