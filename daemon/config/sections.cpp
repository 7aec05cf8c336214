// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/sections.hpp"

#include "daemon/config/attributes.hpp"
#include "daemon/config/closest.hpp"
#include "daemon/config/database_section.hpp"
#include "daemon/config/manager_section.hpp"
#include "protocol/number_rules_reader.hpp"

#include <algorithm>
#include <cstdlib>

namespace astcti::config {
namespace {

class Sections {
public:
    Sections(const Document& document, bool read_by_all, Faults& faults, Faults& warnings)
        : document_(document), read_by_all_(read_by_all), faults_(faults), warnings_(warnings) {}

    Config read() {
        for (auto* node = first_element(document_.root()); node; node = next_element(node)) {
            const auto name = view(node->name);
            if (name == "manager")
                read_manager(node);
            else if (is_only(node, document_.root())) {
                if (name == "database")
                    config_.database =
                        read_database(document_, node, read_by_all_, faults_, warnings_);
                else if (name == "logging")
                    read_logging(node);
                else if (name == "numbers")
                    read_numbers(node);
                else
                    read_ctiserver(node);
            }
        }
        for (const auto* outbound : with_pbx_)
            check_pbx(outbound);
        if (config_.database.file.empty() && !config_.database.server)
            config_.database.file = default_database_file();
        return std::move(config_);
    }

private:
    // Some elements make sense once only. Adds a fault to each further one.
    bool is_only(const xmlNode* node, const xmlNode* parent) {
        const auto name = view(node->name);
        auto* first = first_element(parent);
        while (view(first->name) != name)
            first = next_element(first);
        if (first == node)
            return true;
        faults_.add(document_.line(node), "a second <" + std::string(name) + ">",
                    "put everything into that of line " + std::to_string(document_.line(first)));
        return false;
    }

    void read_logging(const xmlNode* node) {
        config_.logging.level = read_log_level(text(node, "level")).value_or(LogLevel::info);
    }

    void read_numbers(const xmlNode* node) {
        std::vector<protocol::NumberRulesFault> found;
        config_.numbers = protocol::read_number_rules(node, found);
        for (auto& fault : found)
            faults_.add(document_.line(fault.element, fault.attribute), std::move(fault.what),
                        std::move(fault.advice));
    }

    void read_manager(const xmlNode* node) {
        auto manager = config::read_manager(document_, node, read_by_all_, faults_, warnings_);
        const auto same = std::ranges::find(config_.managers, manager.name, &Manager::name);
        if (same != config_.managers.end() && !manager.name.empty())
            faults_.add(document_.line(node, "name"),
                        "a second <manager> is named " + shown(manager.name),
                        "give each PBX a name of its own");
        config_.managers.push_back(std::move(manager));
    }

    void read_ctiserver(const xmlNode* node) {
        config_.ctiserver.enforce_host = text(node, "host-check") == "enforce";
        for (auto* child = first_element(node); child; child = next_element(child)) {
            const auto name = view(child->name);
            if (name == "listen")
                read_listen(child);
            else if (name == "network")
                read_network(child);
            else if (name == "outbound")
                read_outbound(child);
            else if (is_only(child, node)) {
                if (name == "tls")
                    config_.ctiserver.tls =
                        TlsFiles{text(child, "certificate-file"), text(child, "key-file")};
                else if (name == "rules")
                    config_.ctiserver.rules_file = text(child, "file");
                else
                    read_local_users(child);
            }
        }
        for (const auto* listen : in_clear_)
            check_in_clear(listen);
    }

    void read_network(const xmlNode* node) {
        Network network{text(node, "address"), text(node, "plain") == "yes"};
        // The schema has told of one without.
        if (has(node, "address") && !is_network(network.address))
            faults_.add(document_.line(node, "address"),
                        "address of <network> is \"" + shown(network.address) + "\"",
                        "it must be an address or a network such as 192.168.20.0/24");
        config_.ctiserver.networks.push_back(std::move(network));
    }

    // Once all networks are known.
    void check_in_clear(const xmlNode* listen) {
        if (std::ranges::any_of(config_.ctiserver.networks, &Network::plain))
            return;
        faults_.add(document_.line(listen, "address"),
                    "address of <listen> is \"" + shown(text(listen, "address")) +
                        "\", and this connection is not encrypted",
                    "write tls=\"yes\"; or 127.0.0.1 or ::1; or name the networks on which nobody "
                    "can listen by <network address=\"…\" plain=\"yes\"/>");
    }

    void read_listen(const xmlNode* node) {
        Listen listen{text(node, "path"), text(node, "address"), port(node, 0),
                      text(node, "tls") == "yes"};
        const bool local = has(node, "path");
        const bool tcp = has(node, "address") || has(node, "port");
        if (local == tcp || has(node, "address") != has(node, "port"))
            faults_.add(document_.line(node), "<listen> is neither a Unix socket nor a TCP address",
                        "write either path=\"…\" or both address=\"127.0.0.1\" and port=\"8999\"");
        else if (tcp &&
                 (!is_network(listen.address) || listen.address.find('/') != std::string::npos))
            faults_.add(document_.line(node, "address"),
                        "address of <listen> is \"" + shown(listen.address) + "\"",
                        "it must be an address of this machine in digits, such as 0.0.0.0");
        else if (local && listen.tls)
            faults_.add(document_.line(node, "tls"), "a Unix socket is not encrypted",
                        "leave tls= out");
        else if (std::ranges::find(config_.ctiserver.listen, listen) !=
                 config_.ctiserver.listen.end())
            faults_.add(document_.line(node), "a second <listen> for the same address",
                        "leave it out");
        if (tcp && !listen.tls && is_network(listen.address) && !is_loopback(listen.address))
            in_clear_.push_back(node);
        config_.ctiserver.listen.push_back(std::move(listen));
    }

    void read_outbound(const xmlNode* node) {
        config_.ctiserver.outbound.push_back(
            {text(node, "context"), text(node, "numbers"), text(node, "pbx")});
        if (has(node, "pbx"))
            with_pbx_.push_back(node);
    }

    // Once all managers are known: they may stand after what names them.
    void check_pbx(const xmlNode* outbound) {
        const auto name = text(outbound, "pbx");
        std::vector<std::string_view> known;
        for (const auto& manager : config_.managers)
            known.emplace_back(manager.name);
        // A wrong name is a fault of the schema already.
        if (name.empty() || name.find(' ') != name.npos ||
            std::ranges::find(known, name) != known.end())
            return;
        const auto meant = closest(name, known);
        faults_.add(document_.line(outbound, "pbx"), "no <manager> is named " + shown(name),
                    meant.empty() ? "pbx must be the name of one; or leave it out"
                                  : "did you mean " + std::string(meant) + "?");
    }

    void read_local_users(const xmlNode* node) {
        auto& users = config_.ctiserver.local_users;
        users.same_name = text(node, "map") == "same-name";
        for (auto* child = first_element(node); child; child = next_element(child)) {
            const auto name = text(child, "name");
            if (!users.accounts.emplace(name, text(child, "account")).second)
                faults_.add(document_.line(child), "a second <user> is named " + shown(name),
                            "a Unix user has one account");
        }
    }

    const Document& document_;
    bool read_by_all_;
    Faults& faults_;
    Faults& warnings_;
    Config config_;
    std::vector<const xmlNode*> with_pbx_;
    std::vector<const xmlNode*> in_clear_; // listens to other machines
};

} // namespace

Config read_sections(const Document& document, bool read_by_all, Faults& faults, Faults& warnings) {
    return Sections(document, read_by_all, faults, warnings).read();
}

} // namespace astcti::config
