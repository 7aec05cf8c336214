// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/schema_check.hpp"

#include <libxml/xmlschemas.h>
#include <stdexcept>

namespace astcti::config {
namespace {

struct Checking {
    const Document& document;
    const Vocabulary& vocabulary;
    Faults& faults;
};

const Vocabulary& words_of(const xmlNode* element, const Vocabulary& vocabulary) {
    const bool nested = element->parent && element->parent->type == XML_ELEMENT_NODE;
    const auto& outer = nested ? words_of(element->parent, vocabulary) : vocabulary;
    return outer.elements.find(view(element->name))->second;
}

// libxml2 hands over the element and names the attribute in the message only:
// "Element '{namespace}manager', attribute 'port': …".
std::string_view attribute_in(std::string_view message) noexcept {
    constexpr std::string_view before = "', attribute '";
    const auto start = message.substr(0, message.find(':', message.find('}'))).find(before);
    if (start == message.npos)
        return {};
    const auto name = message.substr(start + before.size());
    return name.substr(0, name.find('\''));
}

std::string value_of(const xmlNode* element, const std::string& attribute) {
    // Secrets are not for the log, wrong ones neither.
    if (attribute == "secret")
        return " is not valid";
    const std::unique_ptr<xmlChar, decltype(xmlFree)> value(
        xmlGetNoNsProp(element, xml(attribute.c_str())), xmlFree);
    return " is \"" + shown(view(value.get())) + "\"";
}

void report(const Checking& checking, const xmlNode* element, int code, std::string_view message,
            std::string_view detail) {
    const auto name = "<" + std::string(view(element->name)) + ">";
    const auto& words = words_of(element, checking.vocabulary).attributes;
    const auto missing = code == XML_SCHEMAV_CVC_COMPLEX_TYPE_4;
    const auto word = words.find(missing ? detail : attribute_in(message));
    if (word == words.end())
        checking.faults.add(checking.document.line(element), name + ": " + shown(message), "");
    else if (missing)
        checking.faults.add(checking.document.line(element),
                            name + " needs the attribute " + word->first,
                            "it must be " + word->second);
    else
        checking.faults.add(checking.document.line(element, word->first),
                            word->first + " of " + name + value_of(element, word->first),
                            "it must be " + word->second);
}

// Generic because libxml2 2.9 hands the error over as a pointer to non-const, later ones to const.
template <typename Error>
void on_invalid(void* checking, Error* error) noexcept {
    const auto& state = *static_cast<const Checking*>(checking);
    std::string_view message = error->message ? error->message : "does not follow the schema";
    message = message.substr(0, message.find('\n'));
    const auto* node = static_cast<const xmlNode*>(error->node);
    if (node && node->type == XML_ATTRIBUTE_NODE)
        node = node->parent;
    if (node)
        report(state, node, error->code, message, error->str1 ? error->str1 : "");
    else
        state.faults.add(0, std::string(message), "");
}

template <typename T, auto free_function>
struct Free {
    void operator()(T* object) const noexcept { free_function(object); }
};
template <typename T, auto free_function>
using Owned = std::unique_ptr<T, Free<T, free_function>>;

} // namespace

void check_schema(Document& document, std::string_view schema, const Vocabulary& vocabulary,
                  Faults& faults) {
    const Owned<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt> parser(
        xmlSchemaNewMemParserCtxt(schema.data(), static_cast<int>(schema.size())));
    const Owned<xmlSchema, xmlSchemaFree> rules(parser ? xmlSchemaParse(parser.get()) : nullptr);
    const Owned<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt> validation(
        rules ? xmlSchemaNewValidCtxt(rules.get()) : nullptr);
    if (!validation)
        throw std::runtime_error("the built-in schema cannot be used");

    Checking checking{document, vocabulary, faults};
    xmlSchemaSetValidStructuredErrors(validation.get(), on_invalid, &checking);
    if (xmlSchemaValidateDoc(validation.get(), document.tree()) != 0 && faults.empty())
        faults.add(0, "does not follow the schema", "compare it with the default configuration");
}

} // namespace astcti::config
