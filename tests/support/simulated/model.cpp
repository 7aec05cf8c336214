// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/model.hpp"

#include <charconv>
#include <fmt/format.h>

namespace astcti::simulated {
namespace {

void breaks(const std::string& what) {
    World::the().breaks(what);
}

// What is between the two; nothing that is told here needs an escape.
std::string_view between(std::string_view text, std::string_view left, std::string_view right) {
    const auto begin = text.find(left);
    if (begin == text.npos)
        return {};
    const auto rest = text.substr(begin + left.size());
    return rest.substr(0, rest.find(right));
}

std::string_view attribute(std::string_view line, std::string_view name) {
    return between(line.substr(0, line.find('>')), fmt::format(" {}=\"", name), "\"");
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// "PJSIP/201 17"
std::pair<std::string, std::uint64_t> split(std::string_view text) {
    const auto space = text.find(' ');
    if (space == text.npos)
        breaks(fmt::format("an event says nothing of its telephone: {}", text));
    return {std::string(text.substr(0, space)), number(text.substr(space + 1))};
}

} // namespace

void Model::event(std::string_view line) {
    if (!line.ends_with('>'))
        breaks(fmt::format("half an event: {}", line));
    const auto seq = number(attribute(line, "seq"));
    if (seq != ++last_seq_)
        breaks(fmt::format("seq {} comes after {}", seq, last_seq_ - 1));
    const auto name = line.substr(1, line.find_first_of(" />") - 1);
    if (name == "SnapshotBegin") {
        begin(line);
    } else if (name == "SnapshotEnd") {
        end();
    } else if (name == "Pbx") {
        const auto [device, serial] = split(attribute(line, "pbx"));
        if (!in_snapshot_ || !fresh_.try_emplace(device, Known{serial, {}}).second)
            breaks("a telephone is told twice");
    } else {
        call(line, name);
    }
}

void Model::begin(std::string_view line) {
    if (in_snapshot_)
        breaks("a snapshot begins in a snapshot");
    in_snapshot_ = true;
    fresh_.clear();
    last_epoch_ = std::exchange(epoch_, attribute(line, "epoch"));
    const auto extension = attribute(line, "extension");
    if (extension_.empty())
        extension_ = extension;
    if (attribute(line, "user") != user_ || extension != extension_)
        breaks(fmt::format("a snapshot of somebody else: {}", line));
}

void Model::end() {
    if (!in_snapshot_)
        breaks("a snapshot ends that never began");
    in_snapshot_ = false;
    ++snapshots_;
    std::set<std::string> expected = further_;
    expected.insert(extension_);
    std::set<std::string> told;
    for (const auto& [device, known] : fresh_)
        told.insert(device);
    if (told != expected)
        breaks("a snapshot is not of the telephones it should be of");
    if (had_snapshot_ && epoch_ == last_epoch_) {
        if (owed_ == 0)
            breaks("a snapshot comes that was not asked for, and nothing was missed");
        for (const auto& [device, known] : fresh_) {
            const auto before = telephones_.find(device);
            if (before != telephones_.end() && before->second != known)
                breaks(
                    fmt::format("of {} something was missed, but the epoch is the same", device));
        }
    } else if (had_snapshot_) {
        ++collapses_;
    }
    // One that was asked for may come after the one that is sent for what was lost.
    if (owed_ > 0 && (!had_snapshot_ || epoch_ == last_epoch_))
        --owed_;
    had_snapshot_ = true;
    telephones_ = std::exchange(fresh_, {});
}

void Model::call(std::string_view line, std::string_view name) {
    const auto [device, serial] = split(between(line, "<calldata>", "</calldata>"));
    const std::string id(attribute(line, "call"));
    const auto owner = between(line, "<peer-name>", "</peer-name>");
    if (owner != user_ && !(owner == "desk" && device == extension_))
        breaks(fmt::format("{} is told of a call of {}", user_, owner));
    auto& all = in_snapshot_ ? fresh_ : telephones_;
    const auto known = all.find(device);
    if (known == all.end()) {
        breaks(fmt::format("a call of {}, which no snapshot had", device));
        return;
    }
    if (in_snapshot_) {
        if (!known->second.calls.emplace(id, serial).second || serial > known->second.serial)
            breaks("a snapshot has a call twice, or one of the future");
        return;
    }
    if (serial != known->second.serial + 1)
        breaks(fmt::format("event {} of {} comes after {}", serial, device, known->second.serial));
    known->second.serial = serial;
    if (name == "Ended")
        known->second.calls.erase(id);
    else
        known->second.calls[id] = serial;
}

void Model::original_event(std::string_view appdata, std::string_view name) {
    const auto [device, serial] = split(appdata);
    if (name != user_)
        breaks(fmt::format("{} is told of a call of {}", user_, name));
    auto& known = telephones_[device];
    if (known.serial != 0 && serial != known.serial + 1)
        breaks(fmt::format("event {} of {} comes after {}", serial, device, known.serial));
    known.serial = serial;
}

std::string Model::difference(const Switchboard& truth) const {
    if (in_snapshot_)
        return "a snapshot never ended";
    for (const auto& [device, known] : telephones_) {
        const auto& real = truth.telephones().at(device);
        if (real.serial != known.serial)
            return fmt::format("of {} the last event is {}, and known is {}", device, real.serial,
                               known.serial);
        if (had_snapshot_ && real.calls != known.calls)
            return fmt::format("of {} other calls are known than there are", device);
    }
    if (telephones_.empty())
        return "nothing was told";
    return {};
}

} // namespace astcti::simulated
