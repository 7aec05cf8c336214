// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/desktop_rules.hpp"

#include "daemon/base/digest.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/file_text.hpp"
#include "daemon/real_time.hpp"
#include "protocol/rules/rules_reader.hpp"
#include "protocol/rules_parts.hpp"

#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace astcti {
namespace {

constexpr std::size_t id_bytes = 16; // of a SHA-256: two texts never share them

std::string id_of(std::string_view text) {
    const auto digest = base::sha256(text).substr(0, id_bytes);
    std::string id;
    for (const char byte : digest)
        id += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return id;
}

std::string read_text(const std::string& file) {
    try {
        return config::read_file(file, protocol::max_rules_size).text;
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::file_too_large)
            throw config::ConfigError(
                {{file, 0, "has more than " + std::to_string(protocol::max_rules_size) + " bytes",
                  "make it shorter"}});
        throw config::ConfigError({{file, 0, "cannot be read: " + error.code().message(),
                                    "<rules file=\"…\"> must name a file that astcti may read"}});
    }
}

} // namespace

RulesText read_rules_for_desktops(const std::string& file) {
    auto text = read_text(file);
    const auto read = rules::read_rules(text, file, rules::Origin::server);
    if (const auto* error = std::get_if<rules::RulesError>(&read)) {
        std::vector<config::Fault> faults;
        for (const auto& mistake : error->mistakes) // each begins with file and line
            faults.push_back({mistake.substr(0, mistake.find(": ")), 0,
                              mistake.substr(mistake.find(": ") + 2), ""});
        throw config::ConfigError(std::move(faults));
    }
    return {id_of(text), std::move(text), std::get<rules::RulesFile>(read).rules.size()};
}

DesktopRules::DesktopRules(event::Loop& loop, clients::ConnectionTable& clients, std::string file)
    : clients_(clients), file_(std::move(file)), turn_(loop, [this] { take_turn(); }) {
    if (!file_.empty())
        rules_ = read_rules_for_desktops(file_);
}

void DesktopRules::reload() {
    if (file_.empty())
        return;
    auto rules = read_rules_for_desktops(file_);
    if (rules.list == rules_.list)
        return;
    rules_ = std::move(rules);
    due_.clear();
    for (const auto& session : clients_.sessions().all())
        due_.push_back(session.id);
    take_turn();
}

void DesktopRules::take_turn() {
    std::size_t told = 0;
    while (!due_.empty() && told < told_in_a_turn) {
        auto* const connection = clients_.find(due_.back());
        due_.pop_back();
        if (!connection || !connection->session().wants_rules())
            continue;
        tell(*connection);
        ++told;
    }
    if (!due_.empty())
        turn_.start(turn_interval);
}

void DesktopRules::asked(clients::Connection& connection) {
    connection.perform(connection.session().rules_done(rules_.list));
    tell(connection);
}

void DesktopRules::tell(clients::Connection& connection) {
    auto& session = connection.session();
    if (rules_.list.empty() || !session.wants_rules() || session.told_rules() == rules_.list ||
        !connection.takes_event())
        return;
    session.set_told_rules(rules_.list);
    const auto now = real_time();
    for (auto& part : protocol::rules_parts(rules_.list, rules_.text))
        connection.tell(protocol::EventBody(std::move(part)), now, true);
}

std::string DesktopRules::describe() const {
    return file_.empty() ? "none" : fmt::format("{} of {}", rules_.count, file_);
}

} // namespace astcti
