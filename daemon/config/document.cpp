// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/document.hpp"

#include <algorithm>
#include <libxml/parser.h>
#include <strings.h>

namespace astcti::config {
namespace {

constexpr std::size_t max_shown = 60;

// What happened during parsing; libxml2 carries the pointer in the context's _private.
struct Parsing {
    Faults& faults;
    bool has_doctype = false;
};

Parsing& parsing(void* context) noexcept {
    return *static_cast<Parsing*>(static_cast<xmlParserCtxt*>(context)->_private);
}

void on_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) noexcept {
    auto* const parser = static_cast<xmlParserCtxt*>(context);
    parsing(context).has_doctype = true;
    parsing(context).faults.add(static_cast<std::size_t>(parser->input->line), "there is a DOCTYPE",
                                "leave it out: the file needs none");
    xmlStopParser(parser);
}

// libxml2 2.9 hands the error over as a pointer to non-const, later ones to const.
template <typename Error>
void on_error(void* context, Error* error) noexcept {
    if (parsing(context).has_doctype || error->level < XML_ERR_ERROR)
        return;
    auto what = std::string(error->message ? error->message : "not well-formed XML");
    std::replace(what.begin(), what.end(), '\n', ' ');
    while (!what.empty() && what.back() == ' ')
        what.pop_back();
    parsing(context).faults.add(static_cast<std::size_t>(std::max(error->line, 1)), what,
                                "this is not well-formed XML: mend it here or above");
}

bool is_utf8(const xmlDoc& tree) noexcept {
    if (!tree.encoding)
        return true;
    const auto* const name = reinterpret_cast<const char*>(tree.encoding);
    return ::strcasecmp(name, "UTF-8") == 0 || ::strcasecmp(name, "US-ASCII") == 0;
}

} // namespace

std::string_view view(const xmlChar* text) noexcept {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view{};
}

void Faults::add(std::size_t line, std::string what, std::string advice) {
    // Some versions of libxml2 say twice what is wrong with one value.
    if (!faults_.empty() && faults_.back().line == line && faults_.back().what == what)
        return;
    if (faults_.size() < max_faults)
        faults_.push_back({file_, line, std::move(what), std::move(advice)});
    else
        ++left_out_;
}

std::vector<Fault> Faults::take() {
    std::ranges::stable_sort(faults_, {}, &Fault::line);
    if (left_out_ > 0)
        faults_.push_back({file_, 0, "and " + std::to_string(left_out_) + " more", ""});
    return std::move(faults_);
}

std::unique_ptr<Document> Document::parse(const std::string& text, Faults& faults) {
    if (text.find('\0') != text.npos) {
        faults.add(0, "is not UTF-8 text", "save it as UTF-8");
        return nullptr;
    }

    Parsing state{faults};
    const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser(xmlNewParserCtxt(),
                                                                              xmlFreeParserCtxt);
    if (!parser)
        throw std::bad_alloc();
    parser->_private = &state;
    parser->sax->internalSubset = on_doctype;
    parser->sax->serror = on_error;

    // A stopped parser leaves a tree as well: it may not even have a root.
    Tree tree(xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), nullptr,
                                nullptr, XML_PARSE_NONET));
    if (!faults.empty())
        return nullptr;
    if (!tree || !xmlDocGetRootElement(tree.get())) {
        faults.add(1, "is not well-formed XML", "");
        return nullptr;
    }
    if (!is_utf8(*tree)) {
        faults.add(1, "the encoding is " + shown(view(tree->encoding)), "save the file as UTF-8");
        return nullptr;
    }
    return std::unique_ptr<Document>(new Document(std::move(tree), text));
}

Document::Document(Tree tree, std::string_view text) : tree_(std::move(tree)) {
    // Both are in the order of the document: a depth-first walk meets the elements as they
    // were written.
    auto tags = find_start_tags(text);
    auto tag = tags.begin();
    const xmlNode* node = root();
    while (node && tag != tags.end()) {
        tags_.emplace(node, std::move(*tag++));
        const xmlNode* next = first_element(node);
        while (!next && node) {
            next = next_element(node);
            node = node->parent;
        }
        node = next;
    }
}

std::size_t Document::line(const xmlNode* element) const {
    return tags_.at(element).line;
}

std::size_t Document::line(const xmlNode* element, std::string_view attribute) const {
    return tags_.at(element).line_of(attribute);
}

xmlNode* next_element(const xmlNode* node) noexcept {
    xmlNode* next = node->next;
    while (next && next->type != XML_ELEMENT_NODE)
        next = next->next;
    return next;
}

xmlNode* first_element(const xmlNode* parent) noexcept {
    xmlNode* const first = parent->children;
    return !first || first->type == XML_ELEMENT_NODE ? first : next_element(first);
}

std::string shown(std::string_view value) {
    auto size = std::min(value.size(), max_shown);
    while (size > 0 && size < value.size() && (static_cast<unsigned char>(value[size]) >> 6U) == 2)
        --size;
    std::string text(value.substr(0, size));
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    return size < value.size() ? text + "…" : text;
}

} // namespace astcti::config
