// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/rules_reader.hpp"

#include "protocol/event.hpp"
#include "protocol/number_rules_reader.hpp"
#include "protocol/rules/rule_element.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>

namespace astcti::rules {
namespace {

constexpr const char* administrators_only =
    " may stand in the administrator's file only, /etc/xdg/astcti/rules.xml; remove it";
constexpr const char* servers_own_numbers =
    "<numbers> is not for rules of a server, which rewrites numbers itself; remove it";

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

// Why a rule may not come from a server; empty if it may.
std::string server_mistake(const Rule& rule) {
    const auto* url = std::get_if<UrlTemplate>(&rule.action);
    if (!url)
        return "starts a program, which only a file of the desktop itself may have done; remove it";
    if (https_host(*url).empty())
        return "opens a page that is not https; write https://…";
    return {};
}

void read_rule(const xmlNode* node, Origin origin, Rules& rules, std::vector<XmlError>& mistakes) {
    const auto before = mistakes.size();
    rules.push_back(read_rule_element(node, origin, mistakes));
    if (origin != Origin::server || mistakes.size() != before)
        return;
    const auto& rule = rules.back();
    if (const auto why = server_mistake(rule); !why.empty())
        mistakes.push_back(error_at(node, "rule \"" + rule.name + "\" " + why));
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
            if (origin == Origin::server)
                mistakes.push_back(error_at(child, servers_own_numbers));
        } else if (is_element(child, "rule")) {
            read_rule(child, origin, file.rules, mistakes);
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

// Why a text is too long, or no text; empty if it is one.
std::string fault_as_text(std::string_view text, Origin origin) {
    const bool is_servers = origin == Origin::server;
    if (text.size() > (is_servers ? protocol::max_rules_size : max_rules_file))
        return std::string("longer than ") + (is_servers ? "32 KiB" : "1 MiB") +
               "; make it shorter";
    if (is_servers && !protocol::is_utf8(text))
        return "not UTF-8; write it in that";
    return {};
}

} // namespace

std::variant<RulesFile, RulesError> read_rules(std::string_view text, const std::string& name,
                                               Origin origin) {
    if (const auto fault = fault_as_text(text, origin); !fault.empty())
        return RulesError{{name + ":1: the text is " + fault}};
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

} // namespace astcti::rules
