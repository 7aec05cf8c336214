// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/net/stream.hpp"
#include "daemon/net/tls_fault.hpp"

#include <memory>
#include <optional>

// OpenSSL's own headers are for tls_stream.cpp alone.
struct bio_st;
struct ssl_ctx_st;
struct ssl_st;
struct x509_st;
struct x509_store_ctx_st;

namespace astcti::net {

// What all connections to one peer have in common. Reads the authorities once, so make it at
// start. Must outlive the streams that it opens.
class TlsContext {
public:
    // Throws std::runtime_error if the authorities cannot be read.
    explicit TlsContext(TlsPeer peer);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete; // OpenSSL and the streams hold our address

    // The client's end, on a connected socket that does not block.
    std::unique_ptr<Stream> connect(base::UniqueFd fd) const;

    const TlsPeer& peer() const noexcept { return peer_; }

private:
    struct Free {
        void operator()(ssl_ctx_st* context) const noexcept;
    };

    TlsPeer peer_;
    std::unique_ptr<ssl_ctx_st, Free> context_;
};

// TLS 1.2 or newer. As the client it has no certificate, and the peer is verified within the
// handshake: before it is over, and if it fails, not a byte of ours is sent. As the server it asks
// for no certificate.
class TlsStream final : public Stream {
public:
    // Without a peer it is the server's end. The peer must outlive this, the context need not.
    TlsStream(ssl_ctx_st* context, const TlsPeer* peer, base::UniqueFd fd);
    ~TlsStream() override;
    TlsStream(const TlsStream&) = delete; // OpenSSL holds our address

    int fd() const noexcept override { return fd_.get(); }
    Moved open() override;
    Moved read(std::span<char> into) override;
    Moved write(std::string_view bytes) override;
    void end() noexcept override;
    bool wants_write() const noexcept override;
    bool has_pending() const noexcept override;

    // For OpenSSL only.
    static int verify(x509_store_ctx_st* store, void* nothing) noexcept;
    static int receive(bio_st* bio, char* data, int size) noexcept;

private:
    struct Free {
        void operator()(ssl_st* ssl) const noexcept;
    };

    bool is_trusted(x509_store_ctx_st* store);
    void say_goodbye() noexcept;
    Moved moved(int result, std::size_t count);
    TlsFault fault(int error) const;

    const TlsPeer* peer_;
    base::UniqueFd fd_;
    std::unique_ptr<ssl_st, Free> ssl_;
    std::optional<TlsFault> refused_; // by our verification
    bool is_open_ = false;
    bool is_over_ = false;
    bool has_received_ = false;
    bool is_clear_ = false; // what came first was no TLS
};

} // namespace astcti::net
