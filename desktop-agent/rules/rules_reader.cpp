// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/rules_reader.hpp"

#include "desktop-agent/rules/rule_element.hpp"
#include "protocol/number_rules_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

namespace astcti::rules {
namespace {

constexpr const char* administrators_only =
    " may stand in the administrator's file only, /etc/xdg/astcti/rules.xml; remove it";

protocol::NumberRules read_numbers(const xmlNode* node, std::vector<XmlError>& mistakes) {
    std::vector<protocol::NumberRulesFault> faults;
    auto numbers = protocol::read_number_rules(node, faults);
    for (const auto& fault : faults)
        mistakes.push_back(error_at(fault.element, fault.what + "; " + fault.advice));
    return numbers;
}

std::vector<std::string> read_hosts(const xmlNode* node) {
    std::vector<std::string> hosts;
    for (const auto* child = node->children; child; child = child->next)
        if (is_element(child, "host"))
            hosts.push_back(attribute(child, "name").value_or(""));
    return hosts;
}

// Everything that the document says, as far as it can be read.
RulesFile read_root(const xmlNode* root, Origin origin, std::vector<XmlError>& mistakes) {
    RulesFile file;
    const bool is_administrators = origin == Origin::administrator;
    if (const auto person_may = attribute(root, "user-rules")) {
        file.person_may = *person_may == "yes";
        if (!is_administrators)
            mistakes.push_back(error_at(root, std::string("user-rules=") + administrators_only));
    }
    for (const auto* child = root->children; child; child = child->next) {
        if (is_element(child, "server-rules")) {
            file.server_hosts = read_hosts(child);
            if (!is_administrators)
                mistakes.push_back(
                    error_at(child, std::string("<server-rules>") + administrators_only));
        } else if (is_element(child, "numbers")) {
            file.numbers = read_numbers(child, mistakes);
        } else if (is_element(child, "rule")) {
            file.rules.push_back(read_rule_element(child, origin, mistakes));
        }
    }
    return file;
}

RulesError told(const std::string& name, const std::vector<XmlError>& mistakes) {
    RulesError error;
    for (const auto& mistake : mistakes) {
        if (error.mistakes.size() == max_mistakes) {
            error.mistakes.push_back(name + ": and " +
                                     std::to_string(mistakes.size() - max_mistakes) +
                                     " more; mend these first");
            break;
        }
        error.mistakes.push_back(name + ":" + std::to_string(mistake.line) + ": " + mistake.what);
    }
    return error;
}

// What the schema said of a line is not said again in other words.
std::vector<XmlError> joined(std::vector<XmlError> schemas, std::vector<XmlError> ours) {
    std::erase_if(ours, [&](const XmlError& one) {
        return std::ranges::find(schemas, one.line, &XmlError::line) != schemas.end();
    });
    schemas.insert(schemas.end(), ours.begin(), ours.end());
    std::ranges::stable_sort(schemas, {}, &XmlError::line);
    return schemas;
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

// Why a rule of the server is not taken; empty if it is.
std::string server_mistake(const Rule& rule, const std::vector<std::string>& hosts) {
    const auto* url = std::get_if<UrlTemplate>(&rule.action);
    if (!url)
        return "starts a program, which only a local file may do";
    const auto host = lower(https_host(*url));
    if (host.empty())
        return "opens a page that is not https";
    const auto allowed =
        std::ranges::any_of(hosts, [&](const auto& one) { return lower(one) == host; });
    return allowed ? "" : "opens a page of " + host + ", which the administrator does not allow";
}

} // namespace

std::variant<RulesFile, RulesError> read_rules(std::string_view text, const std::string& name,
                                               Origin origin) {
    if (text.size() > max_rules_file)
        return RulesError{{name + ":1: the file is longer than 1 MiB; make it shorter"}};
    auto checked = read_rules_document(text);
    if (!checked.document)
        return told(name, checked.mistakes);
    std::vector<XmlError> ours;
    auto file = read_root(xmlDocGetRootElement(checked.document.get()), origin, ours);
    const auto mistakes = joined(std::move(checked.mistakes), std::move(ours));
    if (!mistakes.empty())
        return told(name, mistakes);
    return file;
}

std::variant<std::string, RulesError> read_rules_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(max_rules_file + 1, '\0');
    if (file)
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file && !file.eof())
        return RulesError{{path + ": cannot be read: " + std::strerror(errno) +
                           "; mend the path or the file's permissions"}};
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

std::variant<RulesFile, RulesError> read_rules_file(const std::string& path, Origin origin) {
    auto text = read_rules_text(path);
    if (auto* error = std::get_if<RulesError>(&text))
        return std::move(*error);
    return read_rules(std::get<std::string>(text), path, origin);
}

std::variant<Rules, RulesError> read_server_rules(std::string_view text,
                                                  const std::vector<std::string>& hosts) {
    const std::string name = "rules of the server";
    auto read = read_rules(text, name, Origin::server);
    if (auto* error = std::get_if<RulesError>(&read))
        return std::move(*error);
    RulesError error;
    auto& rules = std::get<RulesFile>(read).rules;
    for (const auto& rule : rules)
        if (const auto why = server_mistake(rule, hosts); !why.empty())
            error.mistakes.push_back(fmt::format("{}: rule \"{}\" {}", name, rule.name, why));
    if (!error.mistakes.empty())
        return error;
    return std::move(rules);
}

} // namespace astcti::rules
