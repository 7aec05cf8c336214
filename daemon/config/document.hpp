// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/start_tags.hpp"

#include <libxml/tree.h>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace astcti::config {

std::string_view view(const xmlChar* text) noexcept;
inline const xmlChar* xml(const char* text) noexcept {
    return reinterpret_cast<const xmlChar*>(text);
}

// What was found wrong in one file. Keeps at most max_faults, and counts the others.
class Faults {
public:
    explicit Faults(std::string file) : file_(std::move(file)) {}

    void add(std::size_t line, std::string what, std::string advice);
    bool empty() const noexcept { return faults_.empty(); }

    // In the order of the lines.
    std::vector<Fault> take();

private:
    std::string file_;
    std::vector<Fault> faults_;
    std::size_t left_out_ = 0;
};

// A file as a tree, and where its parts stand in the text.
class Document {
public:
    // Nothing (and faults added) if the text is not well-formed XML in UTF-8, or has a DOCTYPE:
    // no entities, no network, no other file is ever looked at.
    static std::unique_ptr<Document> parse(const std::string& text, Faults& faults);

    xmlDoc* tree() noexcept { return tree_.get(); }
    xmlNode* root() const noexcept { return xmlDocGetRootElement(tree_.get()); }

    // The line on which the element begins, or that of its attribute.
    std::size_t line(const xmlNode* element) const;
    std::size_t line(const xmlNode* element, std::string_view attribute) const;

private:
    struct Free {
        void operator()(xmlDoc* tree) const noexcept { xmlFreeDoc(tree); }
    };

    using Tree = std::unique_ptr<xmlDoc, Free>;

    Document(Tree tree, std::string_view text);

    Tree tree_;
    std::unordered_map<const xmlNode*, StartTag> tags_;
};

// The next element after `node`, inside the same parent; first_element() is the first in it.
xmlNode* next_element(const xmlNode* node) noexcept;
xmlNode* first_element(const xmlNode* parent) noexcept;

// A value as a message shows it: on one line, and not without end.
std::string shown(std::string_view value);

} // namespace astcti::config
