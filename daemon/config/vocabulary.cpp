// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/vocabulary.hpp"

#include "daemon/config/closest.hpp"

#include <libxml/parser.h>
#include <stdexcept>
#include <vector>

namespace astcti::config {
namespace {

using Tree = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

std::string property(const xmlNode* node, const char* name) {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> value(xmlGetNoNsProp(node, xml(name)),
                                                            xmlFree);
    return std::string(view(value.get()));
}

std::string documentation(const xmlNode* declaration) {
    const auto* const annotation = first_element(declaration);
    if (!annotation || view(annotation->name) != "annotation")
        return {};
    const std::unique_ptr<xmlChar, decltype(xmlFree)> text(xmlNodeGetContent(annotation), xmlFree);
    return std::string(view(text.get()));
}

void collect(const xmlNode* node, Vocabulary& into) {
    for (const auto* child = first_element(node); child; child = next_element(child)) {
        const auto kind = view(child->name);
        if (kind == "element")
            collect(child, into.elements[property(child, "name")]);
        else if (kind == "attribute")
            into.attributes[property(child, "name")] = documentation(child);
        else
            collect(child, into);
    }
}

// "known here: <a>, <b>", or what a word near to `name` means.
template <typename Map>
std::string suggestion(std::string_view name, const Map& known, const char* open,
                       const char* close) {
    std::vector<std::string_view> names;
    names.reserve(known.size());
    for (const auto& [known_name, value] : known)
        names.emplace_back(known_name);
    if (const auto meant = closest(name, names); !meant.empty())
        return "did you mean " + (open + std::string(meant)) + close + "?";
    if (names.empty())
        return "nothing is allowed here";
    std::string text;
    for (const auto known_name : names)
        text += (text.empty() ? "known here: " : ", ") + (open + std::string(known_name)) + close;
    return text;
}

// The element that a known element of another place belongs into, empty if there is none.
std::string home_of(std::string_view name, const Vocabulary& vocabulary) {
    for (const auto& [parent, value] : vocabulary.elements) {
        if (value.elements.contains(name))
            return parent;
        if (auto home = home_of(name, value); !home.empty())
            return home;
    }
    return {};
}

bool same_namespace(const xmlNode* a, const xmlNode* b) noexcept {
    return a->ns && b->ns && view(a->ns->href) == view(b->ns->href);
}

class Pruner {
public:
    Pruner(Document& document, const Vocabulary& all, Faults& faults)
        : document_(document), all_(all), faults_(faults) {}

    void prune(xmlNode* element, const Vocabulary& known) {
        prune_attributes(element, known);
        for (xmlNode* child = element->children; child;) {
            xmlNode* const next = child->next;
            if (child->type == XML_ELEMENT_NODE)
                prune_element(element, child, known);
            else if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
                prune_text(element, child);
            child = next;
        }
    }

private:
    void prune_attributes(xmlNode* element, const Vocabulary& known) {
        for (xmlAttr* attribute = element->properties; attribute;) {
            xmlAttr* const next = attribute->next;
            auto name = std::string(view(attribute->name));
            if (attribute->ns || !known.attributes.contains(name)) {
                if (attribute->ns && attribute->ns->prefix)
                    name.insert(0, std::string(view(attribute->ns->prefix)) + ':');
                faults_.add(document_.line(element, name),
                            "<" + std::string(view(element->name)) + "> has no attribute " +
                                shown(name),
                            suggestion(name, known.attributes, "", ""));
                xmlRemoveProp(attribute);
            }
            attribute = next;
        }
    }

    void prune_element(const xmlNode* parent, xmlNode* child, const Vocabulary& known) {
        const auto name = view(child->name);
        const auto found = known.elements.find(name);
        if (found != known.elements.end() && same_namespace(child, parent)) {
            prune(child, found->second);
            return;
        }
        const auto home = home_of(name, all_);
        faults_.add(document_.line(child),
                    "<" + shown(name) + "> is not known in <" + std::string(view(parent->name)) +
                        ">",
                    found == known.elements.end() && !home.empty()
                        ? "it belongs into <" + home + ">"
                        : suggestion(name, known.elements, "<", ">"));
        remove(child);
    }

    void prune_text(const xmlNode* parent, xmlNode* child) {
        // Not shown: it may be a misplaced secret. White space goes as well: the schema's empty
        // elements are not empty with a line break.
        if (view(child->content).find_first_not_of(" \t\r\n") != std::string_view::npos)
            faults_.add(document_.line(parent),
                        "there is text in <" + std::string(view(parent->name)) + ">",
                        "values are written as attributes");
        remove(child);
    }

    static void remove(xmlNode* node) {
        xmlUnlinkNode(node);
        xmlFreeNode(node);
    }

    Document& document_;
    const Vocabulary& all_;
    Faults& faults_;
};

} // namespace

Vocabulary read_vocabulary(std::string_view schema) {
    const Tree tree(xmlReadMemory(schema.data(), static_cast<int>(schema.size()), nullptr, nullptr,
                                  XML_PARSE_NONET),
                    xmlFreeDoc);
    if (!tree)
        throw std::runtime_error("the built-in schema is not XML");
    Vocabulary vocabulary;
    collect(xmlDocGetRootElement(tree.get()), vocabulary);
    return vocabulary;
}

void prune_unknown(Document& document, const Vocabulary& vocabulary, Faults& faults) {
    Pruner(document, vocabulary, faults)
        .prune(document.root(), vocabulary.elements.begin()->second);
}

} // namespace astcti::config
