// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/xml_file.hpp"

#include "rules_xsd.hpp"

#include <algorithm>
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

CheckedDocument not_parsed(int line, std::string what) {
    return {Document(nullptr, xmlFreeDoc), {{line, std::move(what)}}};
}

CheckedDocument parse(std::string_view text) {
    const ParserContext context(xmlNewParserCtxt(), xmlFreeParserCtxt);
    if (!context)
        throw std::bad_alloc();
    context->sax->internalSubset = stop_at_document_type;
    Document document(xmlCtxtReadMemory(context.get(), text.data(), static_cast<int>(text.size()),
                                        nullptr, nullptr,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
                      xmlFreeDoc);
    if (context->_private)
        return not_parsed(context->input ? context->input->line : 1, document_type);
    if (document)
        return {std::move(document), {}};
    const auto* error = xmlCtxtGetLastError(context.get());
    return not_parsed(error ? error->line : 1,
                      tidied(error ? error->message : nullptr) + "; mend the XML at this place");
}

// "Element 'rule', attribute 'when'": libxml2 says more than one thing of one wrong value.
std::string_view place(std::string_view message) noexcept {
    return message.substr(0, message.find(": "));
}

void keep(std::vector<XmlError>& kept, int line, std::string what) {
    const auto same = std::ranges::find_if(kept, [&](const XmlError& one) {
        return one.line == line && place(one.what) == place(what);
    });
    if (same == kept.end())
        kept.push_back({line, std::move(what)});
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

CheckedDocument read_rules_document(std::string_view text) {
    auto parsed = parse(text);
    if (!parsed.document)
        return parsed;

    const auto loaded = load_schema();
    const Validation validation(xmlSchemaNewValidCtxt(loaded.get()), xmlSchemaFreeValidCtxt);
    if (!validation)
        throw std::bad_alloc();
    // Of either type that a libxml2 gives errors in.
    const auto note = [](void* data, auto* error) {
        keep(*static_cast<std::vector<XmlError>*>(data), error->line,
             tidied(error->message) + std::string(advice(error->code)));
    };
    xmlSchemaSetValidStructuredErrors(validation.get(), note, &parsed.mistakes);
    if (xmlSchemaValidateDoc(validation.get(), parsed.document.get()) != 0 &&
        parsed.mistakes.empty())
        parsed.mistakes.push_back({1, "not a file of rules; see astcti-agent(1)"});
    return parsed;
}

} // namespace astcti::rules
