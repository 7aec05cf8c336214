// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/url.hpp"

#include <libxml/uri.h>
#include <memory>

namespace astcti::rules {
namespace {

constexpr std::string_view alphanumeric =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool is_unreserved(char c) noexcept {
    return alphanumeric.find(c) != std::string_view::npos ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

// What may be in a URL at all (RFC 3986 section 2).
bool is_url_character(char c) noexcept {
    return is_unreserved(c) ||
           std::string_view(":/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

void append_encoded(std::string& out, std::string_view value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : value) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 0xFU];
    }
}

// Length of "http://" or "https://" at the start; 0 if there is neither.
std::size_t scheme_length(std::string_view text) noexcept {
    for (const std::string_view scheme : {"http://", "https://"})
        if (text.starts_with(scheme))
            return scheme.size();
    return 0;
}

// Where the authority ends: path, query, fragment, or nothing follows.
std::size_t authority_end(std::string_view url) noexcept {
    return std::min(url.find_first_of("/?#", scheme_length(url)), url.size());
}

// The URL as it would be if every value were "A".
std::string sample(const Pieces& pieces) {
    std::string out;
    for (const auto& piece : pieces)
        out += std::holds_alternative<std::string>(piece) ? std::get<std::string>(piece) : "A";
    return out;
}

bool is_uri(const std::string& text) {
    const std::unique_ptr<xmlURI, decltype(&xmlFreeURI)> uri(xmlParseURI(text.c_str()), xmlFreeURI);
    return uri && uri->server && *uri->server != '\0';
}

// Browsers resolve these, percent-encoded dots included.
bool is_dot_segment(std::string_view segment) {
    std::string plain(segment);
    for (const std::string_view dot : {"%2e", "%2E"})
        for (auto at = plain.find(dot); at != std::string::npos; at = plain.find(dot))
            plain.replace(at, dot.size(), ".");
    return plain == "." || plain == "..";
}

bool has_dot_segment(std::string_view url) {
    const auto begin = authority_end(url);
    auto path = url.substr(begin, url.find_first_of("?#", begin) - begin);
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        if (is_dot_segment(path.substr(0, end)))
            return true;
        path.remove_prefix(end);
    }
    return false;
}

} // namespace

std::variant<UrlTemplate, TemplateError> read_url(std::string_view text) {
    auto pieces = read_pieces(text);
    if (auto* error = std::get_if<TemplateError>(&pieces))
        return std::move(*error);
    UrlTemplate url{std::get<Pieces>(std::move(pieces))};

    const auto* first =
        url.pieces.empty() ? nullptr : std::get_if<std::string>(&url.pieces.front());
    if (!first || scheme_length(*first) == 0)
        return TemplateError{"the URL must begin with http:// or https://"};
    for (const auto& piece : url.pieces)
        if (const auto* plain = std::get_if<std::string>(&piece))
            for (const char c : *plain)
                if (!is_url_character(c))
                    return TemplateError{std::string("a URL cannot have the character \"") + c +
                                         "\"; write it percent-encoded"};
    const auto end = authority_end(*first);
    if (url.pieces.size() > 1 && end == first->size())
        return TemplateError{"a placeholder in the URL's host or port; they can be in the path, "
                             "the query and the fragment only"};
    if (first->substr(0, end).find('@') != std::string::npos)
        return TemplateError{"a user name in the URL; leave it out"};
    if (!is_uri(sample(url.pieces)))
        return TemplateError{"not a URL; it should look like http://host/path?name={CALLERID}"};
    if (has_dot_segment(sample(url.pieces)))
        return TemplateError{"\".\" or \"..\" in the URL's path; write the path without"};
    return url;
}

std::string https_host(const UrlTemplate& url) {
    const auto text = sample(url.pieces);
    constexpr std::string_view scheme = "https://";
    if (!text.starts_with(scheme))
        return {};
    return text.substr(scheme.size(), authority_end(text) - scheme.size());
}

std::variant<std::string, Refused> expand(const UrlTemplate& url, const protocol::Call& call) {
    std::string out;
    for (const auto& piece : url.pieces) {
        if (const auto* plain = std::get_if<std::string>(&piece))
            out += *plain;
        else
            append_encoded(out, value_of(call, piece));
    }
    if (out.size() > max_url)
        return Refused{"the URL would be longer than " + std::to_string(max_url) + " bytes"};
    if (has_dot_segment(out))
        return Refused{"a value would become \".\" or \"..\" in the URL's path"};
    return out;
}

} // namespace astcti::rules
