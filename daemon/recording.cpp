// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/recording.hpp"

#include "daemon/base/log.hpp"

#include <memory>
#include <utility>

namespace astcti {

Recording::Recording(event::WorkerPool& workers, Administration& administration)
    : workers_(workers), administration_(administration) {
    administration_.add(
        "record", [this](control::RequestId id, std::string_view pbx) { requested(id, pbx); });
}

void Recording::requested(control::RequestId id, std::string_view pbx) {
    std::string why;
    const auto* client = client_for(pbx, why);
    if (!client)
        administration_.refuse(id, why);
    else if (client->recorder().is_empty())
        administration_.refuse(id,
                               fmt::format("nothing has been recorded yet: astctid has not been "
                                           "connected to pbx {}; journalctl -u astcti says why",
                                           client->name()));
    else if (is_busy_)
        administration_.refuse(id, "another recording is being put together; try again");
    else
        record(id, *client);
}

// Null with a reason. Without a name it is the only one.
const ami::Client* Recording::client_for(std::string_view pbx, std::string& why) const {
    std::string names;
    for (const auto* client : clients_) {
        if (client->name() == pbx || (pbx.empty() && clients_.size() == 1))
            return client;
        names += (names.empty() ? "" : ", ") + client->name();
    }
    if (clients_.empty())
        why = "there is no PBX to record: the configuration has no <manager>";
    else if (pbx.empty())
        why = fmt::format("say which PBX with --pbx: {}", names);
    else
        why = fmt::format("there is no such PBX; there is: {}", names);
    return nullptr;
}

void Recording::record(control::RequestId id, const ami::Client& client) {
    // std::function wants what it holds to be copyable.
    auto copy = std::make_shared<ami::Recorder>(client.recorder());
    const bool submitted = workers_.submit([this, id, copy]() -> event::WorkerPool::Done {
        auto text = std::make_shared<std::string>(copy->text());
        *copy = {};
        return [this, id, text] {
            is_busy_ = false;
            administration_.answer(id, std::move(*text));
        };
    });
    is_busy_ = submitted;
    if (submitted)
        base::log(base::LogLevel::notice, "pbx {}: what it sent lately is given to astctictl",
                  client.name());
    else
        administration_.refuse(id, "there is too much to do; try again");
}

} // namespace astcti
