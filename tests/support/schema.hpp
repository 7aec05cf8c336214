// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <memory>
#include <string_view>

namespace astcti::test {

// Validates documents against one XML Schema, with libxml2.
class Schema {
public:
    explicit Schema(std::string_view xsd) {
        const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
            xmlSchemaNewMemParserCtxt(xsd.data(), static_cast<int>(xsd.size())),
            xmlSchemaFreeParserCtxt);
        schema_.reset(xmlSchemaParse(parser.get()));
    }

    bool accepts(std::string_view document) const {
        const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> parsed(
            xmlReadMemory(document.data(), static_cast<int>(document.size()), nullptr, "UTF-8",
                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
            xmlFreeDoc);
        if (!parsed || !schema_)
            return false;
        const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> validator(
            xmlSchemaNewValidCtxt(schema_.get()), xmlSchemaFreeValidCtxt);
        return xmlSchemaValidateDoc(validator.get(), parsed.get()) == 0;
    }

private:
    std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema_{nullptr, xmlSchemaFree};
};

} // namespace astcti::test
