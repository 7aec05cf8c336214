// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/why/decision_log.hpp"

#include <algorithm>

namespace astcti::why {

std::string_view to_word(Part part) noexcept {
    switch (part) {
    case Part::call:
        return "call";
    case Part::rule:
        return "rule";
    case Part::start:
        return "start";
    case Part::notification:
        break;
    }
    return "notification";
}

void DecisionLog::add(std::string_view call, Note note) {
    auto found = std::ranges::find(calls_, call, &Told::call);
    if (found == calls_.end()) {
        if (note.part != Part::call)
            return;
        if (calls_.size() == max_calls)
            calls_.pop_front();
        found = calls_.insert(calls_.end(), Told{std::string(call), {}, 0});
    }
    auto& notes = found->notes;
    if (notes.size() == max_notes) {
        notes.erase(notes.begin() + first_notes);
        ++found->left_out;
    }
    notes.push_back(std::move(note));
}

const Told* DecisionLog::find(std::string_view call) const noexcept {
    if (call.empty())
        return calls_.empty() ? nullptr : &calls_.back();
    const auto found = std::ranges::find(calls_, call, &Told::call);
    return found == calls_.end() ? nullptr : &*found;
}

} // namespace astcti::why
