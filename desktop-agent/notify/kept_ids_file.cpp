// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/kept_ids_file.hpp"

#include "desktop-agent/log/log.hpp"

#include <cerrno>
#include <glib.h>
#include <glib/gstdio.h>
#include <glibmm/error.h>
#include <glibmm/fileutils.h>
#include <glibmm/miscutils.h>

namespace astcti::notify {

KeptIdsFile::KeptIdsFile() : path_(Glib::get_user_runtime_dir() + "/astcti/notifications") {}

KeptIds KeptIdsFile::read() const {
    try {
        return kept_ids_from(Glib::file_get_contents(path_));
    } catch (const Glib::Error&) {
        return {}; // there is none: the last agent ended as it should
    }
}

void KeptIdsFile::write(const KeptIds& kept) {
    if (kept == written_)
        return;
    written_ = kept;
    if (kept.ids.empty() && kept.calls.empty()) {
        g_unlink(path_.c_str());
        return;
    }
    g_mkdir_with_parents(Glib::path_get_dirname(path_).c_str(), 0700);
    try {
        // In one step, but without waiting for a disk: it need not outlive the machine.
        const auto next = path_ + ".new";
        Glib::file_set_contents(next, to_file(kept));
        if (g_rename(next.c_str(), path_.c_str()) != 0)
            throw Glib::FileError(Glib::FileError::FAILED, g_strerror(errno));
        is_in_trouble_ = false;
    } catch (const Glib::Error& error) {
        if (!is_in_trouble_)
            log::warning(std::string("notifications: a crash would leave them on the screen: ") +
                         error.what());
        is_in_trouble_ = true;
    }
}

} // namespace astcti::notify
