// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"
#include "protocol/rules/arguments.hpp"
#include "protocol/rules/placeholder.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace astcti::rules {

inline constexpr std::size_t max_url = 8192;

// A URL with placeholders, parsed before any value is known: a value can become part of
// a path segment, of the query or of the fragment, and nothing else.
struct UrlTemplate {
    Pieces pieces;
};

// Only http and https; placeholders only where a value can do no harm.
std::variant<UrlTemplate, TemplateError> read_url(std::string_view text);

// Host and, if it is written, port; empty if it is not https.
std::string https_host(const UrlTemplate& url);

// Everything of a value but RFC 3986's unreserved characters is percent-encoded.
// Refused if a value would turn a path segment into "." or "..", or the URL is too long.
std::variant<std::string, Refused> expand(const UrlTemplate& url, const protocol::Call& call);

} // namespace astcti::rules
