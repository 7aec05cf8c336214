// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::calls {

// Of an id, or any other name. Eight bytes at a time, in line: std::hash would be a call.
inline std::uint32_t hash_of(std::string_view id) noexcept {
    using Word = std::uint64_t;
    constexpr Word odd = 0x9E3779B97F4A7C15U;
    Word hash = id.size() * odd;
    const auto mix = [&hash](Word word) {
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32U;
    };
    const auto* bytes = id.data();
    const auto size = id.size();
    const auto word_at = [bytes](std::size_t at) {
        Word word = 0;
        std::memcpy(&word, bytes + at, sizeof word);
        return word;
    };
    if (size >= sizeof(Word)) {
        for (std::size_t at = 0; at + sizeof(Word) < size; at += sizeof(Word))
            mix(word_at(at));
        mix(word_at(size - sizeof(Word))); // of which some may have been mixed in already
    } else {
        Word word = 0;
        for (const char c : id)
            word = word << 8U | static_cast<unsigned char>(c);
        mix(word);
    }
    hash *= odd;
    return static_cast<std::uint32_t>(hash >> 32U);
}

// Owns things that have an id, which is a member of each (`Id`) and never changes. A thing stays
// where it is until it is erased. Things lie side by side in blocks, and an index of eight bytes
// for each says where: to find one costs the look at one place of the index and at the thing
// itself, and to add one no memory but for every so many-th.
template <typename Thing, auto Id>
class IdTable {
    struct Place {
        Place() noexcept {} // NOLINT: begun and ended by hand
        ~Place() {}         // NOLINT
        union {
            Thing thing;
        };
        bool is_taken = false;
        std::uint32_t next_free = 0;
    };

    template <typename Table, typename Value>
    class Iterator {
    public:
        Iterator(Table& table, std::uint32_t at) noexcept : table_(&table), at_(at) { settle(); }
        Value& operator*() const noexcept { return table_->place(at_).thing; }
        Iterator& operator++() noexcept {
            ++at_;
            settle();
            return *this;
        }
        bool operator==(const Iterator& other) const noexcept { return at_ == other.at_; }

    private:
        void settle() noexcept {
            while (at_ < table_->used_ && !table_->place(at_).is_taken)
                ++at_;
        }

        Table* table_;
        std::uint32_t at_;
    };

public:
    IdTable() = default;
    IdTable(const IdTable&) = delete;
    IdTable& operator=(const IdTable&) = delete;
    ~IdTable() { clear(); }

    void clear() noexcept {
        for (auto& thing : *this)
            thing.~Thing();
        blocks_.clear();
        index_.clear();
        size_ = 0;
        used_ = 0;
        free_ = nowhere;
    }

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

    // In no order that means anything. None may be added or erased meanwhile.
    auto begin() noexcept { return Iterator<IdTable, Thing>(*this, 0); }
    auto end() noexcept { return Iterator<IdTable, Thing>(*this, used_); }
    auto begin() const noexcept { return Iterator<const IdTable, const Thing>(*this, 0); }
    auto end() const noexcept { return Iterator<const IdTable, const Thing>(*this, used_); }

    Thing* find(std::string_view id) noexcept {
        return size_ == 0 ? nullptr : find(id, hash_of(id));
    }
    // By an id of which the hash is known.
    Thing* find(std::string_view id, std::uint32_t hash) noexcept {
        if (size_ == 0)
            return nullptr;
        const auto* entry = look_up(id, hash);
        return entry->place == nowhere ? nullptr : &place(entry->place).thing;
    }
    const Thing* find(std::string_view id) const noexcept {
        return const_cast<IdTable*>(this)->find(id); // NOLINT: what it gives is const again
    }
    const Thing* find(std::string_view id, std::uint32_t hash) const noexcept {
        return const_cast<IdTable*>(this)->find(id, hash); // NOLINT: as above
    }

    // One whose id has this hash_of() is looked for soon: what the index has of it can come nearer.
    void expect(std::uint32_t hash) const noexcept {
        if (size_ != 0)
            __builtin_prefetch(&index_[hash & (index_.size() - 1)]);
    }

    // Whether there may be one whose id has this hash_of(); false is certain.
    bool may_have(std::uint32_t hash) const noexcept {
        if (size_ == 0)
            return false;
        const auto mask = index_.size() - 1;
        auto at = hash & mask;
        while (index_[at].place != nowhere && index_[at].hash != hash)
            at = (at + 1) & mask;
        return index_[at].place != nowhere;
    }

    // The one of this id, and whether it is a new one.
    std::pair<Thing*, bool> add(std::string_view id) { return add(id, hash_of(id)); }
    std::pair<Thing*, bool> add(std::string_view id, std::uint32_t hash) {
        if (2 * (size_ + 1) > index_.size())
            grow();
        auto* entry = look_up(id, hash);
        if (entry->place != nowhere)
            return {&place(entry->place).thing, false};
        const auto at = take_place();
        auto* thing = new (&place(at).thing) Thing; // NOLINT: erase() ends it
        thing->*Id = id;
        *entry = {hash, at};
        ++size_;
        return {thing, true};
    }

    void erase(std::string_view id) noexcept {
        if (size_ == 0)
            return;
        auto* entry = look_up(id, hash_of(id));
        if (entry->place == nowhere)
            return;
        auto& erased = place(entry->place);
        erased.thing.~Thing();
        erased.is_taken = false;
        erased.next_free = std::exchange(free_, entry->place);
        close_gap(static_cast<std::size_t>(entry - index_.data()));
        if (--size_ == 0)
            give_back();
    }

private:
    struct Entry {
        std::uint32_t hash = 0;
        std::uint32_t place = nowhere;
    };

    static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
    static constexpr std::uint32_t block = 64; // places
    static constexpr std::size_t least_index = 64;

    Place& place(std::uint32_t at) noexcept { return blocks_[at / block][at % block]; }
    const Place& place(std::uint32_t at) const noexcept { return blocks_[at / block][at % block]; }

    // Where it is, or would be: at most half of the index is taken.
    Entry* look_up(std::string_view id, std::uint32_t hash) noexcept {
        const auto mask = index_.size() - 1;
        for (auto at = hash & mask;; at = (at + 1) & mask) {
            auto& entry = index_[at];
            if (entry.place == nowhere ||
                (entry.hash == hash && std::string_view(place(entry.place).thing.*Id) == id))
                return &entry;
        }
    }

    std::uint32_t take_place() {
        if (free_ != nowhere) {
            const auto at = free_;
            free_ = place(at).next_free;
            place(at).is_taken = true;
            return at;
        }
        if (used_ == blocks_.size() * block)
            blocks_.push_back(std::make_unique<Place[]>(block));
        place(used_).is_taken = true;
        if ((used_ + 1) % block != 0)
            expect_use(place(used_ + 1));
        return used_++;
    }

    // It is taken soon, mostly: while the next packet is read its memory can come nearer.
    static void expect_use(const Place& next) noexcept {
        constexpr std::size_t cache_line = 64;
        const auto* at = reinterpret_cast<const char*>(&next);
        for (std::size_t offset = 0; offset < sizeof(Place); offset += cache_line)
            __builtin_prefetch(at + offset, 1);
    }

    void grow() {
        std::vector<Entry> before(index_.empty() ? least_index : 2 * index_.size());
        before.swap(index_);
        const auto mask = index_.size() - 1;
        for (const auto& entry : before) {
            if (entry.place == nowhere)
                continue;
            auto at = entry.hash & mask;
            while (index_[at].place != nowhere)
                at = (at + 1) & mask;
            index_[at] = entry;
        }
    }

    // Moves up what would not be found any more.
    void close_gap(std::size_t gap) noexcept {
        const auto mask = index_.size() - 1;
        for (auto at = (gap + 1) & mask; index_[at].place != nowhere; at = (at + 1) & mask) {
            const auto wanted = index_[at].hash & mask;
            if (((at - wanted) & mask) >= ((at - gap) & mask)) {
                index_[gap] = index_[at];
                gap = at;
            }
        }
        index_[gap].place = nowhere;
    }

    // Nothing is left: what the one busy hour took need not be kept for ever.
    void give_back() noexcept {
        if (blocks_.size() <= 1)
            return;
        blocks_.resize(1);
        index_ = {};
        used_ = 0;
        free_ = nowhere;
    }

    std::vector<std::unique_ptr<Place[]>> blocks_;
    std::vector<Entry> index_; // open addressing; its size is a power of two
    std::size_t size_ = 0;
    std::uint32_t used_ = 0; // places, of which some may be free again
    std::uint32_t free_ = nowhere;
};

} // namespace astcti::calls
