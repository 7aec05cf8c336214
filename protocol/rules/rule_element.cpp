// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/rule_element.hpp"

#include <memory>

namespace astcti::rules {
namespace {

const xmlChar* xml(const char* text) noexcept {
    return reinterpret_cast<const xmlChar*>(text);
}

std::string take(xmlChar* text) {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> owned(text, xmlFree);
    return text ? reinterpret_cast<const char*>(text) : std::string();
}

bool is_yes(const xmlNode* node, const char* name, bool otherwise) {
    const auto value = attribute(node, name);
    return value ? *value == "yes" : otherwise;
}

RunProgram read_run(const xmlNode* node, std::vector<XmlError>& mistakes) {
    RunProgram run{attribute(node, "program").value_or(""), {}};
    for (const auto* child = node->children; child; child = child->next) {
        if (!is_element(child, "argument"))
            continue;
        auto argument =
            read_argument(take(xmlNodeGetContent(child)), is_yes(child, "allow-dash", false));
        if (const auto* error = std::get_if<TemplateError>(&argument))
            mistakes.push_back(error_at(child, error->why));
        else
            run.arguments.push_back(std::get<Argument>(std::move(argument)));
    }
    return run;
}

void read_action(const xmlNode* node, Rule& rule, std::vector<XmlError>& mistakes) {
    for (const auto* child = node->children; child; child = child->next) {
        if (is_element(child, "open")) {
            auto url = read_url(attribute(child, "url").value_or(""));
            if (const auto* error = std::get_if<TemplateError>(&url))
                mistakes.push_back(error_at(child, error->why));
            else
                rule.action = std::get<UrlTemplate>(std::move(url));
        } else if (is_element(child, "run")) {
            rule.action = read_run(child, mistakes);
        }
    }
}

Conditions read_conditions(const xmlNode* node) {
    Conditions conditions;
    conditions.context = attribute(node, "context");
    conditions.queue = attribute(node, "queue");
    conditions.called = attribute(node, "called");
    conditions.number = attribute(node, "number");
    if (const auto internal = attribute(node, "internal"))
        conditions.internal = *internal == "yes";
    if (const auto direction = attribute(node, "direction"))
        conditions.direction = protocol::direction_from(*direction); // "any" is none of them
    for (const auto* child = node->children; child; child = child->next)
        if (is_element(child, "variable"))
            conditions.variables.push_back(
                {attribute(child, "name").value_or(""), attribute(child, "value")});
    return conditions;
}

bool says_for_whom(const xmlNode* node, const Conditions& conditions) {
    return conditions.context || conditions.queue || conditions.called || conditions.number ||
           conditions.internal || !conditions.variables.empty() || attribute(node, "direction");
}

} // namespace

std::optional<std::string> attribute(const xmlNode* node, const char* name) {
    auto* text = xmlGetNoNsProp(node, xml(name));
    return text ? std::optional(take(text)) : std::nullopt;
}

bool is_element(const xmlNode* node, const char* name) noexcept {
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, xml(name)) != 0;
}

XmlError error_at(const xmlNode* node, std::string what) {
    return {static_cast<int>(xmlGetLineNo(node)), std::move(what)};
}

Rule read_rule_element(const xmlNode* node, Origin origin, std::vector<XmlError>& mistakes) {
    Rule rule;
    rule.name = attribute(node, "name").value_or("");
    rule.origin = origin;
    rule.conditions = read_conditions(node);
    rule.catch_all = is_yes(node, "catch-all", false);
    rule.enabled = is_yes(node, "enabled", true);
    if (const auto moment = moment_from(attribute(node, "when").value_or("")))
        rule.moment = *moment;
    if (!rule.catch_all && !says_for_whom(node, rule.conditions))
        mistakes.push_back(error_at(node, "rule \"" + rule.name +
                                              "\" does not say for which calls it is; give it a "
                                              "context=\"…\", another condition, or "
                                              "catch-all=\"yes\""));
    read_action(node, rule, mistakes);
    return rule;
}

} // namespace astcti::rules
