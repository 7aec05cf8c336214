// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/token.hpp"
#include "daemon/event/paced.hpp"
#include "daemon/event/worker_pool.hpp"

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace astcti {

// Remembers on disk which tokens were used, so that none is taken twice when the daemon was started
// anew meanwhile. Written by a worker, as a disk may take its time: of a daemon that is killed the
// last moment may be missing.
class UsedTokens {
public:
    using Used = clients::TokenBook::Used;

    // A record of the file: when it expires (8 bytes, microseconds since 1970), its id.
    static constexpr std::size_t record_size = 8 + clients::TokenBook::id_size;
    // Beyond this the file is written anew, without those that have expired.
    static constexpr std::size_t max_records = 2 * clients::TokenBook::max_used;

    // When many are used they are written so often.
    static constexpr auto interval = std::chrono::milliseconds(10);

    // An empty path is no file.
    UsedTokens(event::Loop& loop, event::WorkerPool& workers, std::string path)
        : workers_(workers), path_(std::move(path)),
          write_(loop, interval, [this] { write_pending(); }) {}
    UsedTokens(const UsedTokens&) = delete; // jobs hold our address

    // Those that may not have expired; writes the file anew. Blocks: at start. Throws
    // std::system_error.
    std::vector<Used> load(protocol::Microseconds now);

    void add(const Used& used, protocol::Microseconds now);

    // All there are, at the end of the program: what a worker has not written it will not write any
    // more. Blocks; throws std::system_error.
    void save(const std::set<Used>& all);

    static std::string encode(const Used& used);
    // A torn record at the end is none.
    static std::vector<Used> decode(std::string_view bytes, protocol::Microseconds now);

private:
    void write_pending();
    static void append(const std::string& path, std::string_view bytes);
    void done(const std::string& trouble);

    event::WorkerPool& workers_;
    std::string path_;
    std::string pending_; // records that are not on disk
    std::size_t records_ = 0;
    bool is_busy_ = false;
    bool has_complained_ = false;
    protocol::Microseconds now_ = 0; // when the last one was added
    event::Paced write_;
};

} // namespace astcti
