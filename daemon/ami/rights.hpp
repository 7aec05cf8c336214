// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet.hpp"
#include "daemon/ami/remark.hpp"
#include "daemon/ami/right.hpp"
#include "daemon/ami/time.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::ami {

// Finds out which rights a manager user has, as Asterisk has no action that tells it.
// write=: ListCommands lists just the actions that one may do, each with the rights any of
// which allows it (1.6.0 to 23, main/manager.c action_listcommands, seen on 16 and 22; 1.4 wants
// all of them). read=: an event proves the right that it needs; a channel, or a queue's caller,
// that the list shows and of which no event told, that it is not there. Of read=user there is
// no such proof. Nobody is told anything before the write rights are known, and nothing twice.
// A caller who can forge an event gets one wrong line into the log, and nothing else.
class Rights {
public:
    // What began that shortly after the login may have been told of before it.
    static constexpr Time margin = std::chrono::seconds(2);

    // `user` is named in what is said.
    explicit Rights(std::string user) : user_(std::move(user)) {}

    // The answer to ListCommands: the verdict.
    void listed(const Packet& answer);
    // It was refused, or there was none.
    void not_listed();

    // An event came that needs this right.
    void proved(Right read);
    // An item of a list of what there is, which came so long after the login.
    void item(const Packet& packet, Time since_login);

    std::vector<Remark> take_remarks() { return std::exchange(remarks_, {}); }

private:
    void say(base::LogLevel level, std::string text);
    void judge_write(bool before_1_6);
    void judge_read(Right read);
    void miss_read(Right read, std::string_view cost);

    std::string user_;
    RightSet write_;
    RightSet read_;
    RightSet missed_;
    bool judged_ = false;
    std::vector<Remark> remarks_;
};

} // namespace astcti::ami
