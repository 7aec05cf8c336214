// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/xml_file.hpp"

#include "rules_xsd.hpp"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdexcept>

namespace astcti::rules {
namespace {

using ParserContext = std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)>;
using SchemaParser = std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)>;
using Schema = std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)>;
using Validation = std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)>;

constexpr std::string_view name_space = "{urn:astcti:rules:1}";
constexpr const char* document_type =
    "a document type is not allowed here; remove the <!DOCTYPE …>";

// libxml2's message without its line end and without our namespace before each name.
std::string tidied(const char* message) {
    std::string text(message ? message : "not well-formed");
    while (text.ends_with('\n') || text.ends_with('.'))
        text.pop_back();
    for (auto at = text.find(name_space); at != std::string::npos; at = text.find(name_space))
        text.erase(at, name_space.size());
    return text;
}

std::string_view advice(int code) noexcept {
    switch (code) {
    case XML_SCHEMAV_CVC_ELT_1:
        return "; the file must begin with <rules xmlns=\"urn:astcti:rules:1\">";
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2:
        return "; remove it or mend its name";
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_4:
        return "; add it";
    case XML_SCHEMAV_ELEMENT_CONTENT:
        return "; mend the element as astcti-agent(1) shows it";
    default:
        return "; mend the value";
    }
}

void stop_at_document_type(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    auto* parser = static_cast<xmlParserCtxtPtr>(context);
    parser->_private = parser; // noticed after the parser has stopped
    xmlStopParser(parser);
}

std::variant<Document, XmlError> parse(std::string_view text) {
    const ParserContext context(xmlNewParserCtxt(), xmlFreeParserCtxt);
    if (!context)
        throw std::bad_alloc();
    context->sax->internalSubset = stop_at_document_type;
    Document document(xmlCtxtReadMemory(context.get(), text.data(), static_cast<int>(text.size()),
                                        nullptr, nullptr,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
                      xmlFreeDoc);
    if (context->_private)
        return XmlError{context->input ? context->input->line : 1, document_type};
    if (!document) {
        const auto* error = xmlCtxtGetLastError(context.get());
        return XmlError{error ? error->line : 1,
                        tidied(error ? error->message : nullptr) + "; mend the XML at this place"};
    }
    return document;
}

Schema load_schema() {
    const auto& text = schema::rules;
    const SchemaParser parser(xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size())),
                              xmlSchemaFreeParserCtxt);
    Schema loaded(parser ? xmlSchemaParse(parser.get()) : nullptr, xmlSchemaFree);
    if (!loaded)
        throw std::runtime_error("the schema of the rules cannot be loaded");
    return loaded;
}

} // namespace

std::variant<Document, XmlError> read_rules_document(std::string_view text) {
    auto parsed = parse(text);
    if (std::holds_alternative<XmlError>(parsed))
        return parsed;

    const auto loaded = load_schema();
    const Validation validation(xmlSchemaNewValidCtxt(loaded.get()), xmlSchemaFreeValidCtxt);
    if (!validation)
        throw std::bad_alloc();
    XmlError first;
    // Of either type that a libxml2 gives errors in; only the first one is told.
    const auto keep = [](void* data, auto* error) {
        auto& kept = *static_cast<XmlError*>(data);
        if (kept.what.empty())
            kept = {error->line, tidied(error->message) + std::string(advice(error->code))};
    };
    xmlSchemaSetValidStructuredErrors(validation.get(), keep, &first);
    const auto result = xmlSchemaValidateDoc(validation.get(), std::get<Document>(parsed).get());
    if (result == 0)
        return parsed;
    return first.what.empty() ? XmlError{1, "not a file of rules; see astcti-agent(1)"} : first;
}

} // namespace astcti::rules
