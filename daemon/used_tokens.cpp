// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/used_tokens.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/private_file.hpp"
#include "daemon/base/system_error.hpp"
#include "daemon/base/unique_fd.hpp"

#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace astcti {
namespace {

constexpr std::size_t max_file = 2 * UsedTokens::max_records * UsedTokens::record_size;

std::string without_expired(std::string_view bytes, protocol::Microseconds now) {
    std::string kept;
    for (const auto& used : UsedTokens::decode(bytes, now))
        kept += UsedTokens::encode(used);
    return kept;
}

} // namespace

std::string UsedTokens::encode(const Used& used) {
    std::string bytes(sizeof used.first, '\0');
    std::memcpy(bytes.data(), &used.first, sizeof used.first);
    return bytes + used.second;
}

std::vector<UsedTokens::Used> UsedTokens::decode(std::string_view bytes,
                                                 protocol::Microseconds now) {
    std::vector<Used> all;
    all.reserve(bytes.size() / record_size);
    for (; bytes.size() >= record_size; bytes.remove_prefix(record_size)) {
        Used used;
        std::memcpy(&used.first, bytes.data(), sizeof used.first);
        used.second = bytes.substr(sizeof used.first, clients::TokenBook::id_size);
        if (used.first > now)
            all.push_back(std::move(used));
    }
    return all;
}

std::vector<UsedTokens::Used> UsedTokens::load(protocol::Microseconds now) {
    if (path_.empty())
        return {};
    const auto bytes = base::read_private(path_, max_file).value_or("");
    const auto kept = without_expired(bytes, now);
    records_ = kept.size() / record_size;
    base::write_private(path_, kept);
    return decode(kept, now);
}

void UsedTokens::add(const Used& used, protocol::Microseconds now) {
    if (path_.empty())
        return;
    pending_ += encode(used);
    now_ = now;
    write_.request();
}

void UsedTokens::save(const std::set<Used>& all) {
    if (path_.empty())
        return;
    std::string bytes;
    for (const auto& used : all)
        bytes += encode(used);
    base::write_private(path_, bytes);
}

void UsedTokens::write_pending() {
    if (is_busy_ || pending_.empty())
        return;
    auto bytes = std::exchange(pending_, {});
    const auto records = records_ + bytes.size() / record_size;
    const bool anew = records > max_records;
    // At the end of the program the job may outlive this; what it returns does not.
    is_busy_ = workers_.submit([this, path = path_, bytes, anew,
                                now = now_]() -> event::WorkerPool::Done {
        std::string trouble;
        try {
            append(path, bytes);
            if (anew)
                base::write_private(
                    path, without_expired(base::read_private(path, max_file).value_or(""), now));
        } catch (const std::system_error& error) {
            trouble = error.what();
        }
        return [this, trouble] { done(trouble); };
    });
    if (is_busy_)
        records_ = anew ? 0 : records;
    else
        pending_ = bytes + pending_; // with the next one
}

void UsedTokens::done(const std::string& trouble) {
    is_busy_ = false;
    if (!trouble.empty() && !std::exchange(has_complained_, true))
        base::log(
            base::LogLevel::warning,
            "{}: after a restart a token that was used could be used again within ten minutes",
            trouble);
    if (!pending_.empty())
        write_.request();
}

void UsedTokens::append(const std::string& path, std::string_view bytes) {
    const base::UniqueFd fd(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd || ::write(fd.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        base::throw_errno("cannot write " + path);
}

} // namespace astcti
