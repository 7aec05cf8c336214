// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/log/log.hpp"

#include "protocol/utf8.hpp"

#include <cstdio>
#include <cstdlib>
#include <glib.h>

namespace astcti::log {
namespace {

constexpr const char* domain = "astcti";
constexpr std::size_t shown_digits = 3;

// syslog's numbers, as the journal reads them at the start of a line.
int priority(GLogLevelFlags level) noexcept {
    if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0)
        return 3;
    if ((level & G_LOG_LEVEL_WARNING) != 0)
        return 4;
    return (level & G_LOG_LEVEL_DEBUG) != 0 ? 7 : 6;
}

std::string_view field(const GLogField* fields, gsize count, std::string_view key) {
    for (gsize i = 0; i < count; ++i)
        if (key == fields[i].key && fields[i].length == -1)
            return static_cast<const char*>(fields[i].value);
    return {};
}

GLogWriterOutput write_line(GLogLevelFlags level, const GLogField* fields, gsize count,
                            gpointer) noexcept {
    const auto from = field(fields, count, "GLIB_DOMAIN");
    if (g_log_writer_default_would_drop(level, std::string(from).c_str()) != FALSE)
        return G_LOG_WRITER_HANDLED;
    std::string line;
    if (std::getenv("JOURNAL_STREAM") != nullptr) {
        line += '<';
        line += std::to_string(priority(level));
        line += '>';
    }
    if (from != domain) {
        line += from;
        line += ": ";
    }
    line += protocol::cleaned(field(fields, count, "MESSAGE"));
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
    return G_LOG_WRITER_HANDLED;
}

void write(GLogLevelFlags level, std::string_view line) {
    g_log(domain, level, "%s", protocol::cleaned(line).c_str());
}

} // namespace

void install(bool debug) {
    if (debug)
        g_setenv("G_MESSAGES_DEBUG", domain, TRUE);
    g_log_set_writer_func(write_line, nullptr, nullptr);
}

bool shows_debug() noexcept {
    return g_log_writer_default_would_drop(G_LOG_LEVEL_DEBUG, domain) == FALSE;
}

void warning(std::string_view line) {
    write(G_LOG_LEVEL_WARNING, line);
}
void message(std::string_view line) {
    write(G_LOG_LEVEL_MESSAGE, line);
}
void debug(std::string_view line) {
    write(G_LOG_LEVEL_DEBUG, line);
}

std::string number(std::string_view number) {
    return shows_debug() ? std::string(number) : masked(number);
}

std::string masked(std::string_view number) {
    std::string out(number);
    for (std::size_t i = 0; i + shown_digits < out.size(); ++i)
        out[i] = '*';
    return out;
}

} // namespace astcti::log
