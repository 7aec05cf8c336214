// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/config/document.hpp"

#include <cstdint>
#include <string>

namespace astcti::config {

bool has(const xmlNode* element, const char* attribute) noexcept;

// The attribute's value; empty if there is none.
std::string text(const xmlNode* element, const char* attribute);

// That of the attribute "port". Wrong numbers are faults of the schema already.
std::uint16_t port(const xmlNode* element, std::uint16_t otherwise);

// In digits.
bool is_loopback(const std::string& address);

// An address, or a network such as 192.168.20.0/24 or 2001:db8::/32.
bool is_network(const std::string& text);

} // namespace astcti::config
