// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/line_buffer.hpp"

#include <algorithm>

namespace astcti::protocol {

LineBuffer::Status LineBuffer::next(std::string_view& line) {
    if (discarding_ && discard() == Status::need_more)
        return Status::need_more;

    const auto end = buffer_.find('\n', std::max(begin_, scanned_));
    if (end == std::string::npos) {
        if (buffer_.size() - begin_ > max_line_) {
            discarding_ = true;
            discard();
            return Status::too_long;
        }
        buffer_.erase(0, begin_);
        // Thousands of idle clients keep what their longest burst needed otherwise.
        if (buffer_.empty() && buffer_.capacity() > kept_capacity)
            buffer_.shrink_to_fit();
        begin_ = 0;
        scanned_ = buffer_.size();
        return Status::need_more;
    }

    std::string_view found(buffer_.data() + begin_, end - begin_);
    begin_ = end + 1;
    scanned_ = begin_;
    if (!found.empty() && found.back() == '\r')
        found.remove_suffix(1);
    if (found.size() > max_line_)
        return Status::too_long;
    line = found;
    return Status::line;
}

// Throws away up to the end of the line that was too long.
LineBuffer::Status LineBuffer::discard() {
    const auto end = buffer_.find('\n', begin_);
    if (end == std::string::npos) {
        buffer_.clear();
        begin_ = scanned_ = 0;
        return Status::need_more;
    }
    begin_ = scanned_ = end + 1;
    discarding_ = false;
    return Status::line;
}

} // namespace astcti::protocol
