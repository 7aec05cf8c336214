// SPDX-License-Identifier: GPL-3.0-or-later
#include "astcti_xsd.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/document.hpp"
#include "daemon/config/file_text.hpp"
#include "daemon/config/schema_check.hpp"
#include "daemon/config/sections.hpp"
#include "daemon/config/vocabulary.hpp"

#include <system_error>

namespace astcti::config {
namespace {

constexpr const char* name_space = "urn:astcti:config:1";

[[noreturn]] void fail(const std::string& file, std::string what, std::string advice) {
    throw ConfigError({Fault{file, 0, std::move(what), std::move(advice)}});
}

FileText read_text(const std::string& file) {
    try {
        return read_file(file, max_config_size);
    } catch (const std::system_error& e) {
        if (e.code() == std::errc::no_such_file_or_directory)
            fail(file, "there is no such file", "name the right one with --config");
        if (e.code() == std::errc::permission_denied)
            fail(file, "may not be read",
                 "let the service's group read it: chgrp astcti FILE; chmod 0640 FILE");
        if (e.code() == std::errc::file_too_large)
            fail(file, "has more than " + std::to_string(max_config_size) + " bytes",
                 "is it the right file?");
        if (e.code() == std::errc::invalid_argument)
            fail(file, "is not a regular file", "name the right one with --config");
        fail(file, "cannot be read: " + e.code().message(), "");
    }
}

bool has_right_root(const Document& document, const Vocabulary& vocabulary, Faults& faults) {
    const auto* const root = document.root();
    if (vocabulary.elements.contains(view(root->name)) && root->ns &&
        view(root->ns->href) == name_space)
        return true;
    faults.add(document.line(root), "the file begins with <" + shown(view(root->name)) + ">",
               std::string("it must begin with <astcti xmlns=\"") + name_space + "\">");
    return false;
}

} // namespace

Config read_config(const std::string& file) {
    const auto text = read_text(file);
    Faults faults(file);
    Faults warnings(file);
    Config config;
    if (const auto document = Document::parse(text.text, faults)) {
        const auto vocabulary = read_vocabulary(schema::astcti);
        if (has_right_root(*document, vocabulary, faults)) {
            prune_unknown(*document, vocabulary, faults);
            check_schema(*document, schema::astcti, vocabulary, faults);
            config = read_sections(*document, text.read_by_all, faults, warnings);
        }
    }
    if (!faults.empty())
        throw ConfigError(faults.take());
    config.warnings = warnings.take();
    return config;
}

} // namespace astcti::config
