// SPDX-License-Identifier: GPL-3.0-or-later
// Catch2 2.13 (Debian 12) or 3 (Debian 13).
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
namespace Catch {
using Matchers::ContainsSubstring;
inline auto Contains(const std::string& text) {
    return ContainsSubstring(text);
}
} // namespace Catch
#else
#include <catch2/catch.hpp>
#endif
