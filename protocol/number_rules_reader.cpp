// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/number_rules_reader.hpp"

#include <charconv>
#include <memory>

namespace astcti::protocol {
namespace {

std::string attribute(const xmlNode* node, const char* name, const char* otherwise = "") {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> value(
        xmlGetNoNsProp(node, reinterpret_cast<const xmlChar*>(name)), xmlFree);
    return value ? reinterpret_cast<const char*>(value.get()) : otherwise;
}

std::size_t count(const xmlNode* node, const char* name, std::size_t otherwise) {
    const auto digits = attribute(node, name);
    auto value = otherwise;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

} // namespace

NumberRules read_number_rules(const xmlNode* numbers, std::vector<NumberRulesFault>& faults) {
    NumberRules rules;
    rules.country_code = attribute(numbers, "country-code");
    rules.international_prefix = attribute(numbers, "international-prefix", "00");
    rules.trunk_prefix = attribute(numbers, "trunk-prefix", "0");
    rules.keep_trunk_prefix = attribute(numbers, "keep-trunk-prefix") == "yes";
    rules.outside_line = attribute(numbers, "outside-line");
    rules.shortest = count(numbers, "shortest", default_shortest);
    rules.longest_plain = count(numbers, "longest-plain", 0);
    if (!rules.international_prefix.empty() &&
        rules.trunk_prefix.starts_with(rules.international_prefix))
        faults.push_back({numbers, "trunk-prefix",
                          "trunk-prefix of <numbers> begins with the international-prefix, " +
                              rules.international_prefix,
                          "write what is dialled before a number of the own country, such as 0, "
                          "as trunk-prefix"});
    for (const auto* child = numbers->children; child; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        if (rules.withheld.size() == max_withheld_words) {
            faults.push_back(
                {child, "",
                 "<numbers> has more than " + std::to_string(max_withheld_words) + " <withheld>s",
                 "leave out what no telephone company sends"});
            break;
        }
        rules.withheld.push_back(attribute(child, "word"));
    }
    return rules;
}

} // namespace astcti::protocol
