// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/unique_fd.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace astcti::net {

// What became of an attempt to move bytes.
struct Moved {
    enum class How {
        some,   // `count` bytes
        none,   // not now: wait for the descriptor
        closed, // the peer has ended it
        failed, // see `why`; over
    };

    How how = How::none;
    std::size_t count = 0;
    std::string why = {}; // what failed, and what to do if that is known
    // To try again soon is of no use: somebody has to change something.
    bool is_lasting = false;
};

// A connected socket, in clear or through TLS. Nothing in it blocks; it owns the descriptor.
class Stream {
public:
    virtual ~Stream() = default;

    virtual int fd() const noexcept = 0;

    // Makes the stream ready for what follows: none until it is, then some. Nothing else may be
    // called before.
    virtual Moved open() = 0;
    virtual Moved read(std::span<char> into) = 0;
    virtual Moved write(std::string_view bytes) = 0;

    // Ends it for both sides, politely if that can be done now; nothing may be moved after it.
    virtual void end() noexcept = 0;

    // The last attempt waits for the descriptor to be writable, not readable.
    virtual bool wants_write() const noexcept = 0;
    // Bytes are here already that the descriptor will not be readable for.
    virtual bool has_pending() const noexcept = 0;
};

// TCP as it is.
class PlainStream final : public Stream {
public:
    explicit PlainStream(base::UniqueFd fd) : fd_(std::move(fd)) {}

    int fd() const noexcept override { return fd_.get(); }
    Moved open() override { return {Moved::How::some}; }
    Moved read(std::span<char> into) override;
    Moved write(std::string_view bytes) override;
    void end() noexcept override;
    bool wants_write() const noexcept override { return false; }
    bool has_pending() const noexcept override { return false; }

private:
    base::UniqueFd fd_;
};

} // namespace astcti::net
