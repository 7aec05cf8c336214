// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/tokens.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/private_file.hpp"
#include "daemon/base/system_error.hpp"
#include "daemon/config/config.hpp"
#include "daemon/real_time.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/random.h>
#include <system_error>

namespace astcti {
namespace {

constexpr std::size_t max_key_file = 1024;

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    if (::getrandom(bytes.data(), size, 0) != static_cast<ssize_t>(size))
        base::throw_errno("drawing random numbers");
    return bytes;
}

clients::TokenKey new_key() {
    constexpr std::size_t id_bytes = 4;
    clients::TokenKey key{"", random_bytes(id_bytes)};
    key.id = clients::to_text(key).substr(1, 2 * id_bytes);
    key.secret = random_bytes(clients::TokenKey::size);
    return key;
}

std::vector<clients::TokenKey> read_keys(const std::string& file, const std::string& text) {
    auto keys = clients::read_token_keys(text);
    if (!keys)
        throw config::ConfigError({{file, 0, "this is no key for tokens",
                                    "a line of it is a name of 1 to 16 letters and digits, a "
                                    "space, and 64 digits 0-9 a-f "
                                    "(openssl rand -hex 32); without the file astctid makes one"}});
    return std::move(*keys);
}

} // namespace

std::vector<clients::TokenKey> load_token_keys(const std::string& state_dir,
                                               const std::string& credentials_dir) {
    if (!credentials_dir.empty()) {
        const auto file = credentials_dir + "/astcti.token-key";
        if (const auto text = base::read_private(file, max_key_file))
            return read_keys(file, *text);
    }
    if (state_dir.empty()) {
        base::log(base::LogLevel::notice,
                  "no state directory: tokens are of no use after a restart; see --state-dir");
        return {new_key()};
    }
    const auto file = state_dir + "/token.key";
    if (const auto text = base::read_private(file, max_key_file))
        return read_keys(file, *text);
    const auto key = new_key();
    base::write_private(file, clients::to_text(key));
    base::log(base::LogLevel::info, "made a key for tokens: {}", file);
    return {key};
}

Tokens::Tokens(event::Loop& loop, event::WorkerPool& workers, const std::string& state_dir,
               const std::string& credentials_dir)
    : book_(load_token_keys(state_dir, credentials_dir)),
      record_(loop, workers, state_dir.empty() ? "" : state_dir + "/tokens.used") {
    const auto now = real_time();
    book_.restore(record_.load(now), now);
}

std::chrono::milliseconds Tokens::spread(std::size_t clients) noexcept {
    const auto wanted = std::chrono::milliseconds(1000 * clients / returns_a_second);
    return std::min(wanted, max_spread);
}

clients::Grant Tokens::grant(std::string_view user, std::string_view secret_version,
                             std::size_t clients) const {
    return {
        book_.issue(user, secret_version, real_time(), random_bytes(clients::TokenBook::id_size)),
        clients::TokenBook::life, spread(clients)};
}

std::variant<clients::TokenClaims, clients::TokenFault> Tokens::take(std::string_view token) {
    return book_.take(token, real_time());
}

void Tokens::used(const clients::TokenClaims& claims) {
    record_.add({claims.expires, claims.id}, real_time());
}

void Tokens::save() {
    try {
        record_.save(book_.used());
    } catch (const std::system_error& error) {
        base::log(base::LogLevel::warning, "{}: which tokens were used is forgotten", error.what());
    }
}

} // namespace astcti
