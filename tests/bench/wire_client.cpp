// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/wire_client.hpp"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <utility>

namespace astcti::bench {
namespace {

std::string base64(std::string_view text) {
    std::string out(4 * ((text.size() + 2) / 3), '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                    reinterpret_cast<const unsigned char*>(text.data()),
                    static_cast<int>(text.size()));
    return out;
}

std::string_view between(std::string_view text, std::string_view before, char after) {
    const auto begin = text.find(before);
    if (begin == text.npos)
        return {};
    const auto rest = text.substr(begin + before.size());
    return rest.substr(0, rest.find(after));
}

} // namespace

ssl_ctx_st* client_tls() {
    static ssl_ctx_st* const context = [] {
        auto* made = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_verify(made, SSL_VERIFY_NONE, nullptr);
        SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS);
        return made;
    }();
    return context;
}

void WireClient::Free::operator()(ssl_st* tls) const noexcept {
    SSL_free(tls);
}

void WireClient::connect(std::uint16_t port, ssl_ctx_st* tls, bool bare) {
    close();
    bare_ = bare;
    fd_ = connect_to(port);
    if (fd_ < 0)
        return;
    state_ = State::connected;
    has_come_back_ = false;
    in_.clear();
    seq_ = 0;
    watch(epoll_, fd_, this);
    if (!tls) {
        come_back();
        return;
    }
    check(::fcntl(fd_, F_SETFL, O_NONBLOCK), "fcntl");
    tls_.reset(SSL_new(tls));
    SSL_set_fd(tls_.get(), fd_);
    SSL_set_connect_state(tls_.get());
    // The server may have answered, and greeted, by the time that this looks for it.
    ready([](WireClient&, std::string_view) {});
}

// Does not wait for the welcome.
void WireClient::come_back() {
    const bool is_new = state_ == State::connected && !std::exchange(has_come_back_, true);
    if (is_new && !token_.empty())
        send(fmt::format("HELO 2\nAUTH TOKEN {}\n", token_));
}

void WireClient::close() {
    tls_.reset();
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
    state_ = State::closed;
}

void WireClient::stop_reading() {
    check(::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd_, nullptr), "epoll_ctl");
}

bool WireClient::receive() {
    std::array<char, 16384> buffer;
    for (;;) {
        ssize_t count = 0;
        if (tls_) {
            count = SSL_read(tls_.get(), buffer.data(), buffer.size());
            if (count <= 0) {
                if (SSL_get_error(tls_.get(), static_cast<int>(count)) == SSL_ERROR_WANT_READ) {
                    if (SSL_is_init_finished(tls_.get()))
                        come_back();
                    return true;
                }
                count = 0;
            }
        } else {
            count = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (count < 0 && errno == EAGAIN)
                return true;
        }
        if (count <= 0) {
            close();
            return false;
        }
        in_.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

void WireClient::send(std::string_view text) {
    if (tls_)
        SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()));
    else
        send_all(fd_, text);
}

void WireClient::answer(std::string_view line) {
    if (line.starts_with("100 CTISERVER")) {
        state_ = State::greeted;
        const auto plain = fmt::format("{0}user{1}{0}secret", '\0', number_);
        if (!bare_ && token_.empty())
            send(fmt::format("HELO 2\nAUTH PLAIN {}\n", base64(plain)));
    } else if (line.starts_with("102 OK")) {
        token_ = between(line, "token=", ' ');
    } else if (!line.starts_with("100 ")) {
        throw std::runtime_error(fmt::format("user{} was told {}", number_, line));
    }
}

void WireClient::event(std::string_view line) {
    const auto text = between(line, " seq=\"", '"');
    unsigned long seq = 0;
    std::from_chars(text.data(), text.data() + text.size(), seq);
    gaps_ += ++seq_ == seq ? 0U : 1U;
    const auto name = between(line, "<", ' ');
    if (name == "SnapshotBegin") {
        before_ = std::exchange(calls_, {});
    } else if (name == "SnapshotEnd") {
        compare();
        state_ = State::logged_in;
    } else if (const std::string call(between(line, " call=\"", '"')); !call.empty()) {
        if (name == "Ended")
            calls_.erase(call);
        else if (!calls_.insert_or_assign(call, std::string(name)).second && name == "Ringing")
            ++doubled_;
    }
}

void WireClient::compare() {
    for (const auto& [call, name] : before_)
        news_.ended += calls_.contains(call) ? 0U : 1U;
    for (const auto& [call, name] : calls_) {
        const auto known = before_.find(call);
        news_.begun += known == before_.end() ? 1U : 0U;
        news_.changed += known != before_.end() && known->second != name ? 1U : 0U;
    }
}

} // namespace astcti::bench
