// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/control/server.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace astcti {

// What the administrator may ask for on the control socket: a word for each, and who does it.
class Administration final : control::Handler {
public:
    // `rest` is what follows the word. To be answered by answer() or refuse(), now or later.
    using Task = std::function<void(control::RequestId id, std::string_view rest)>;

    // An empty path is no socket. Throws std::system_error.
    Administration(event::Loop& loop, const std::string& path);
    Administration(const Administration&) = delete;

    void add(const std::string& word, Task task) { tasks_.emplace(word, std::move(task)); }

    void answer(control::RequestId id, std::string bytes);
    void refuse(control::RequestId id, std::string_view sentence);

private:
    void requested(control::RequestId id, std::string_view line) override;

    std::map<std::string, Task, std::less<>> tasks_;
    std::optional<control::Server> server_;
};

} // namespace astcti
