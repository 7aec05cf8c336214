// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace astcti::ctl {

// Root becomes the owner of the directory that the file is in, for good: what root writes there
// would be root's, and astctid could not open it any more (nor its journal). Does nothing for
// anyone else. Throws std::runtime_error if there is no such directory.
void become_owner_of_directory(const std::string& file);

} // namespace astcti::ctl
