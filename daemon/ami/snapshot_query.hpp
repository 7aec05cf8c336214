// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/action.hpp"
#include "daemon/ami/packet.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>

namespace astcti::ami {

// The question what there is on a PBX, which is several actions: the bridges and the queues,
// then the channels, which are told of with both. Pure: gives bytes, is given packets.
class SnapshotQuery {
public:
    // What a packet is to the question.
    enum class Answer {
        none,    // it has nothing to do with it
        own,     // the question's own business
        item,    // a bridge, a queue's caller or a channel that is there
        done,    // it was the last one
        refused, // the channels may not be listed
        endless, // there are more than max_items
    };

    // Of all lists together. A PBX has a few hundred channels, and queues of thousands of members.
    static constexpr std::size_t max_items = 200000;

    // What sends an action: gets it and its ActionID.
    using Send = std::function<void(const ActionValue& id, const Action& action)>;

    // `next_id` gives a new ActionID.
    void ask(const std::function<ActionValue()>& next_id, const Send& send);
    void give_up() noexcept { open_ = false; }
    bool is_open() const noexcept { return open_; }

    // Whether an event of this name may be part of an answer.
    static bool needs(std::string_view event) noexcept;

    // Of an event.
    Answer event(const Packet& packet);
    // Of a response that is an error; something else may be asked instead.
    Answer error(const Packet& packet, const std::function<ActionValue()>& next_id,
                 const Send& send);
    // Asterisk does not know CoreShowChannels, and was asked for Status.
    bool is_before_1_6() const noexcept { return questions_[channels].last == "StatusComplete"; }

private:
    enum Part { bridges, queues, channels, parts };

    Answer finished(std::size_t part);
    static bool is_item(Part of, std::string_view event) noexcept;

    struct Question {
        std::string id;
        std::string_view last; // the event that ends the answer
        bool done = false;
    };

    bool open_ = false;
    std::size_t items_ = 0;
    std::array<Question, parts> questions_;
    std::size_t asked_ = 0; // the last answer's: mostly the next is to the same
};

} // namespace astcti::ami
