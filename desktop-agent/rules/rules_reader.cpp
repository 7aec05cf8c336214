// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/rules_reader.hpp"

#include "desktop-agent/rules/xml_file.hpp"
#include "protocol/number_rules_reader.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace astcti::rules {
namespace {

const xmlChar* xml(const char* text) noexcept {
    return reinterpret_cast<const xmlChar*>(text);
}

std::string take(xmlChar* text) {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> owned(text, xmlFree);
    return text ? reinterpret_cast<const char*>(text) : std::string();
}

std::optional<std::string> attribute(const xmlNode* node, const char* name) {
    auto* text = xmlGetNoNsProp(node, xml(name));
    return text ? std::optional(take(text)) : std::nullopt;
}

bool is_yes(const xmlNode* node, const char* name, bool otherwise) {
    const auto value = attribute(node, name);
    return value ? *value == "yes" : otherwise;
}

bool is(const xmlNode* node, const char* name) noexcept {
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, xml(name)) != 0;
}

XmlError error_at(const xmlNode* node, std::string what) {
    return {static_cast<int>(xmlGetLineNo(node)), std::move(what)};
}

std::variant<RunProgram, XmlError> read_run(const xmlNode* node) {
    RunProgram run{attribute(node, "program").value_or(""), {}};
    for (const auto* child = node->children; child; child = child->next) {
        if (!is(child, "argument"))
            continue;
        auto argument =
            read_argument(take(xmlNodeGetContent(child)), is_yes(child, "allow-dash", false));
        if (const auto* error = std::get_if<TemplateError>(&argument))
            return error_at(child, error->why);
        run.arguments.push_back(std::get<Argument>(std::move(argument)));
    }
    return run;
}

std::optional<XmlError> read_action(const xmlNode* node, Rule& rule) {
    for (const auto* child = node->children; child; child = child->next) {
        if (is(child, "open")) {
            auto url = read_url(attribute(child, "url").value_or(""));
            if (const auto* error = std::get_if<TemplateError>(&url))
                return error_at(child, error->why);
            rule.action = std::get<UrlTemplate>(std::move(url));
        } else if (is(child, "run")) {
            auto run = read_run(child);
            if (auto* error = std::get_if<XmlError>(&run))
                return std::move(*error);
            rule.action = std::get<RunProgram>(std::move(run));
        }
    }
    return std::nullopt;
}

std::variant<Rule, XmlError> read_rule(const xmlNode* node) {
    Rule rule;
    rule.name = attribute(node, "name").value_or("");
    rule.context = attribute(node, "context");
    rule.catch_all = is_yes(node, "catch-all", false);
    rule.enabled = is_yes(node, "enabled", true);
    if (!rule.context && !rule.catch_all)
        return error_at(node, "rule \"" + rule.name +
                                  "\" can never run; give it a context=\"…\" or "
                                  "catch-all=\"yes\"");
    if (auto error = read_action(node, rule))
        return std::move(*error);
    return rule;
}

std::variant<protocol::NumberRules, XmlError> read_numbers(const xmlNode* node) {
    std::vector<protocol::NumberRulesFault> faults;
    auto numbers = protocol::read_number_rules(node, faults);
    if (!faults.empty())
        return error_at(faults.front().element, faults.front().what + "; " + faults.front().advice);
    return numbers;
}

RulesError told(const std::string& name, const XmlError& error) {
    return {name + ":" + std::to_string(error.line) + ": " + error.what};
}

} // namespace

std::variant<RulesFile, RulesError> read_rules(std::string_view text, const std::string& name) {
    if (text.size() > max_rules_file)
        return RulesError{name + ":1: the file is longer than 1 MiB; make it shorter"};
    const auto document = read_rules_document(text);
    if (const auto* error = std::get_if<XmlError>(&document))
        return told(name, *error);

    RulesFile file;
    const auto* root = xmlDocGetRootElement(std::get<Document>(document).get());
    for (const auto* child = root->children; child; child = child->next) {
        if (is(child, "numbers")) {
            auto numbers = read_numbers(child);
            if (const auto* error = std::get_if<XmlError>(&numbers))
                return told(name, *error);
            file.numbers = std::get<protocol::NumberRules>(std::move(numbers));
        }
        if (!is(child, "rule"))
            continue;
        auto rule = read_rule(child);
        if (const auto* error = std::get_if<XmlError>(&rule))
            return told(name, *error);
        file.rules.push_back(std::get<Rule>(std::move(rule)));
    }
    return file;
}

std::variant<RulesFile, RulesError> read_rules_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(max_rules_file + 1, '\0');
    if (file)
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file && !file.eof())
        return RulesError{path + ": cannot be read: " + std::strerror(errno) +
                          "; mend the path or the file's permissions"};
    text.resize(static_cast<std::size_t>(file.gcount()));
    return read_rules(text, path);
}

} // namespace astcti::rules
