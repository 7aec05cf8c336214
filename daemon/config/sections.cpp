// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/sections.hpp"

#include "protocol/number_rules_reader.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstdlib>

namespace astcti::config {
namespace {

std::string default_database_file() {
    // systemd separates several directories by colons; the first is ours.
    const char* const set = std::getenv("STATE_DIRECTORY");
    const std::string_view directory = set ? set : "";
    const std::string first(directory.substr(0, directory.find(':')));
    return (first.empty() ? "/var/lib/astcti" : first) + "/astcti.db";
}

bool is_loopback(const std::string& address) {
    in_addr v4{};
    if (::inet_pton(AF_INET, address.c_str(), &v4) == 1)
        return (ntohl(v4.s_addr) >> 24U) == 127;
    in6_addr v6{};
    return ::inet_pton(AF_INET6, address.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

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
                    read_database(node);
                else if (name == "logging")
                    read_logging(node);
                else if (name == "numbers")
                    read_numbers(node);
                else
                    read_ctiserver(node);
            }
        }
        if (config_.database.file.empty())
            config_.database.file = default_database_file();
        return std::move(config_);
    }

private:
    static bool has(const xmlNode* node, const char* name) {
        return xmlHasProp(node, xml(name)) != nullptr;
    }

    static std::string text(const xmlNode* node, const char* name) {
        const std::unique_ptr<xmlChar, decltype(xmlFree)> value(xmlGetNoNsProp(node, xml(name)),
                                                                xmlFree);
        return std::string(view(value.get()));
    }

    // Wrong numbers are faults of the schema already.
    static std::uint16_t port(const xmlNode* node, std::uint16_t otherwise) {
        auto digits = text(node, "port");
        std::erase_if(digits, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
        std::uint16_t value = otherwise;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }

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

    void read_database(const xmlNode* node) { config_.database.file = text(node, "file"); }

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
        Manager manager;
        manager.name = text(node, "name");
        if (has(node, "host"))
            manager.host = text(node, "host");
        manager.port = port(node, default_manager_port);
        manager.user = text(node, "user");
        manager.secret = text(node, "secret");
        manager.secret_credential = text(node, "secret-credential");
        check_secret(node);
        read_variables(node, manager);

        const auto same = std::ranges::find(config_.managers, manager.name, &Manager::name);
        if (same != config_.managers.end() && !manager.name.empty())
            faults_.add(document_.line(node, "name"),
                        "a second <manager> is named " + shown(manager.name),
                        "give each PBX a name of its own");
        config_.managers.push_back(std::move(manager));
    }

    void check_secret(const xmlNode* node) {
        const bool clear = has(node, "secret");
        const bool credential = has(node, "secret-credential");
        if (!clear && !credential)
            faults_.add(document_.line(node), "<manager> has no secret",
                        "write secret-credential=\"astcti.ami\" and put the secret into "
                        "/etc/credstore/astcti.ami (mode 0600)");
        if (clear && credential)
            faults_.add(document_.line(node, "secret"),
                        "<manager> has both secret and secret-credential",
                        "leave secret out: a credential is not in this file");
        if (clear && read_by_all_)
            faults_.add(document_.line(node, "secret"),
                        "there is a secret in this file, and every user can read the file",
                        "chmod o= the file, or use secret-credential; and change the secret, as it "
                        "may be known");
        else if (clear)
            warnings_.add(document_.line(node, "secret"), "a secret stands in this file",
                          "secret-credential keeps it out of backups and bug reports");
    }

    void read_variables(const xmlNode* node, Manager& manager) {
        for (auto* child = first_element(node); child; child = next_element(child)) {
            auto name = text(child, "name");
            if (manager.variables.size() == max_variables) {
                faults_.add(document_.line(child),
                            "<manager> has more than " + std::to_string(max_variables) +
                                " <variable>s",
                            "leave out what no client shows");
                return;
            }
            if (std::ranges::find(manager.variables, name) == manager.variables.end())
                manager.variables.push_back(std::move(name));
        }
    }

    void read_ctiserver(const xmlNode* node) {
        config_.ctiserver.enforce_host = text(node, "host-check") == "enforce";
        for (auto* child = first_element(node); child; child = next_element(child)) {
            const auto name = view(child->name);
            if (name == "listen")
                read_listen(child);
            else if (name == "outbound")
                config_.ctiserver.outbound.push_back(
                    {text(child, "context"), text(child, "numbers")});
            else if (is_only(child, node))
                read_local_users(child);
        }
    }

    void read_listen(const xmlNode* node) {
        Listen listen{text(node, "path"), text(node, "address"), port(node, 0)};
        const bool local = has(node, "path");
        const bool tcp = has(node, "address") || has(node, "port");
        if (local == tcp || has(node, "address") != has(node, "port"))
            faults_.add(document_.line(node), "<listen> is neither a Unix socket nor a TCP address",
                        "write either path=\"…\" or both address=\"127.0.0.1\" and port=\"8999\"");
        else if (tcp && !is_loopback(listen.address))
            faults_.add(document_.line(node, "address"),
                        "address of <listen> is \"" + shown(listen.address) + "\"",
                        "it must be 127.0.0.1 or ::1, as this connection is not encrypted");
        else if (std::ranges::find(config_.ctiserver.listen, listen) !=
                 config_.ctiserver.listen.end())
            faults_.add(document_.line(node), "a second <listen> for the same address",
                        "leave it out");
        config_.ctiserver.listen.push_back(std::move(listen));
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
};

} // namespace

Config read_sections(const Document& document, bool read_by_all, Faults& faults, Faults& warnings) {
    return Sections(document, read_by_all, faults, warnings).read();
}

} // namespace astcti::config
