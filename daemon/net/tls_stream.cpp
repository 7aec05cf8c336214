// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/tls_stream.hpp"

#include "daemon/base/base64.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/net/tls_certificate.hpp"

#include <cerrno>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace astcti::net {
namespace {

// Several records, so that a burst of events costs few system calls.
constexpr std::size_t read_ahead = 65536;

template <typename T, auto free_function>
using Owned = OwnedOpenSsl<T, free_function>;

TlsStream& stream_of(bio_st* bio) noexcept {
    return *static_cast<TlsStream*>(BIO_get_data(bio));
}

int send(BIO* bio, const char* data, int size) noexcept {
    BIO_clear_retry_flags(bio);
    const auto count =
        ::send(stream_of(bio).fd(), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_write(bio);
    return static_cast<int>(count);
}

long control(BIO* bio, int command, long, void*) noexcept {
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// OpenSSL's own for sockets raises SIGPIPE, and cannot tell what came first.
BIO_METHOD* socket_method() {
    static const Owned<BIO_METHOD, BIO_meth_free> method = [] {
        Owned<BIO_METHOD, BIO_meth_free> made(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket"));
        if (!made)
            throw std::bad_alloc();
        BIO_meth_set_write(made.get(), send);
        BIO_meth_set_read(made.get(), TlsStream::receive);
        BIO_meth_set_ctrl(made.get(), control);
        return made;
    }();
    return method.get();
}

TlsFault::What meaning_of(int error) noexcept {
    switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return TlsFault::What::wrong_name;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return TlsFault::What::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return TlsFault::What::not_yet_valid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return TlsFault::What::untrusted;
    default:
        return TlsFault::What::other;
    }
}

bool is_too_old(unsigned long error) noexcept {
    const int reason = ERR_GET_REASON(error);
    return ERR_GET_LIB(error) == ERR_LIB_SSL &&
           (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
            reason == SSL_R_WRONG_SSL_VERSION);
}

} // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const noexcept {
    SSL_CTX_free(context);
}

TlsContext::TlsContext(TlsPeer peer)
    : peer_(std::move(peer)), context_(SSL_CTX_new(TLS_client_method())) {
    auto* const context = context_.get();
    if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
        throw std::runtime_error("OpenSSL does not do TLS here");
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, read_ahead);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, TlsStream::verify, nullptr);
    if (peer_.is_by_key_alone())
        return;

    // OpenSSL says "system lib" instead.
    if (!peer_.ca_file.empty() && ::access(peer_.ca_file.c_str(), R_OK) != 0)
        throw std::runtime_error(std::generic_category().message(errno));
    ERR_clear_error();
    const int loaded = peer_.ca_file.empty()
                           ? SSL_CTX_set_default_verify_paths(context)
                           : SSL_CTX_load_verify_file(context, peer_.ca_file.c_str());
    if (loaded != 1)
        throw std::runtime_error(openssl_reason(ERR_peek_last_error()));
    // The file may hold the PBX's own certificate, or the authority next to it, alone.
    if (!peer_.ca_file.empty())
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
}

TlsContext::~TlsContext() = default;

std::unique_ptr<Stream> TlsContext::connect(base::UniqueFd fd) const {
    return std::make_unique<TlsStream>(context_.get(), &peer_, std::move(fd));
}

void TlsStream::Free::operator()(ssl_st* ssl) const noexcept {
    SSL_free(ssl);
}

TlsStream::TlsStream(ssl_ctx_st* context, const TlsPeer* peer, base::UniqueFd fd)
    : peer_(peer), fd_(std::move(fd)), ssl_(SSL_new(context)) {
    BIO* const bio = BIO_new(socket_method());
    if (!ssl_ || !bio)
        throw std::bad_alloc();
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_ex_data(ssl_.get(), 0, this);
    if (!peer_) {
        SSL_set_accept_state(ssl_.get());
        return;
    }
    SSL_set_connect_state(ssl_.get());

    auto* const wanted = SSL_get0_param(ssl_.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, peer_->name.c_str()) == 1)
        return;
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(wanted, peer_->name.data(), peer_->name.size()) != 1 ||
        SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(peer_->name.c_str())) != 1)
        throw std::bad_alloc();
}

TlsStream::~TlsStream() {
    say_goodbye();
}

void TlsStream::end() noexcept {
    say_goodbye();
    ::shutdown(fd_.get(), SHUT_RDWR);
}

// So that the peer sees an end and not an error.
void TlsStream::say_goodbye() noexcept {
    if (is_open_ && !std::exchange(is_over_, true))
        SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

int TlsStream::receive(bio_st* bio, char* data, int size) noexcept {
    auto& stream = stream_of(bio);
    BIO_clear_retry_flags(bio);
    const auto count = ::recv(stream.fd(), data, static_cast<std::size_t>(size), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_read(bio);
    if (count == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    if (count > 0 && !std::exchange(stream.has_received_, true))
        stream.is_clear_ = !begins_like_tls({data, static_cast<std::size_t>(count)});
    return static_cast<int>(count);
}

int TlsStream::verify(x509_store_ctx_st* store, void*) noexcept {
    auto* const ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    try {
        if (static_cast<TlsStream*>(SSL_get_ex_data(ssl, 0))->is_trusted(store))
            return 1;
    } catch (const std::exception&) {
        // No memory: then nobody is trusted.
        X509_STORE_CTX_set_error(store, X509_V_ERR_OUT_OF_MEM);
    }
    return 0;
}

bool TlsStream::is_trusted(x509_store_ctx_st* store) {
    const auto* const certificate = X509_STORE_CTX_get0_cert(store);
    const auto key = key_of(certificate);
    if (!peer_->pin.empty() && !base::equal_in_constant_time(key, peer_->pin)) {
        refused_ = TlsFault{.what = TlsFault::What::wrong_pin, .key = base::to_base64(key)};
        X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
        return false;
    }
    if (peer_->is_by_key_alone() || X509_verify_cert(store) == 1) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return true;
    }
    const int error = X509_STORE_CTX_get_error(store);
    const auto what = meaning_of(error);
    const auto* const culprit = X509_STORE_CTX_get_current_cert(store);
    refused_ = TlsFault{.what = what,
                        .detail = X509_verify_cert_error_string(error),
                        .names = names_of(certificate),
                        .date = {},
                        .key = base::to_base64(key)};
    if (culprit && what == TlsFault::What::expired)
        refused_->date = date_of(X509_get0_notAfter(culprit));
    if (culprit && what == TlsFault::What::not_yet_valid)
        refused_->date = date_of(X509_get0_notBefore(culprit));
    return false;
}

Moved TlsStream::open() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    is_open_ = result == 1;
    return moved(result, 0);
}

Moved TlsStream::read(std::span<char> into) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
    return moved(result, count);
}

Moved TlsStream::write(std::string_view bytes) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
    return moved(result, count);
}

bool TlsStream::wants_write() const noexcept {
    return SSL_want_write(ssl_.get()) != 0;
}

bool TlsStream::has_pending() const noexcept {
    return SSL_has_pending(ssl_.get()) == 1;
}

Moved TlsStream::moved(int result, std::size_t count) {
    if (result == 1)
        return {Moved::How::some, count};
    const int system_error = errno;
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return {Moved::How::none};
    is_over_ = true;
    if (!is_open_) {
        const auto why = fault(error);
        if (!peer_)
            return {Moved::How::failed, 0, to_text(why)};
        return {Moved::How::failed, 0, to_text(why, *peer_), is_lasting(why)};
    }
    if (error == SSL_ERROR_ZERO_RETURN)
        return {Moved::How::closed};
    if (error == SSL_ERROR_SYSCALL && ERR_peek_error() == 0)
        return {Moved::How::failed, 0, std::generic_category().message(system_error)};
    return {Moved::How::failed, 0, "TLS: " + openssl_reason(ERR_peek_error())};
}

// Why the handshake failed.
TlsFault TlsStream::fault(int error) const {
    if (is_clear_)
        return {TlsFault::What::not_tls};
    if (refused_)
        return *refused_;
    if (error == SSL_ERROR_ZERO_RETURN || (error == SSL_ERROR_SYSCALL && ERR_peek_error() == 0))
        return {TlsFault::What::closed};
    const auto first = ERR_peek_error();
    return {is_too_old(first) ? TlsFault::What::too_old : TlsFault::What::other,
            openssl_reason(first)};
}

} // namespace astcti::net
