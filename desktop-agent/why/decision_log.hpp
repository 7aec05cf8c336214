// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::why {

// What a decision is about; the words are those of D-Bus.
enum class Part { call, rule, start, notification };
std::string_view to_word(Part part) noexcept;

// One thing that was decided or done for a call, or that somebody answered.
struct Note {
    protocol::Microseconds time = 0;
    Part part = Part::call;
    std::string result; // a word, such as matched, skipped, started, failed, shown
    std::string text;   // an English sentence without what the caller typed

    bool operator==(const Note&) const = default;
};

struct Told {
    std::string call; // its id
    std::vector<Note> notes;
    std::size_t left_out = 0; // of the oldest but the first, when there were too many
};

// Why did it pop, or not: everything that was decided for the last calls. Pure: the time comes
// with the note.
class DecisionLog {
public:
    static constexpr std::size_t max_calls = 50;   // then the oldest is forgotten
    static constexpr std::size_t max_notes = 200;  // of one call; the first ones stay
    static constexpr std::size_t first_notes = 50; // so many of them

    // A call begins with a note of itself; what else comes of a call that is not known any more is
    // left out, so that it takes no other's place.
    void add(std::string_view call, Note note);

    // The last call if `call` is empty; nullptr if it is not known, or not any more.
    const Told* find(std::string_view call) const noexcept;

    // The oldest first.
    const std::deque<Told>& calls() const noexcept { return calls_; }

private:
    std::deque<Told> calls_;
};

} // namespace astcti::why
