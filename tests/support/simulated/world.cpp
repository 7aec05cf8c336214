// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/simulated/world.hpp"

#include <algorithm>
#include <cassert>

namespace astcti::simulated {
namespace {

World* current = nullptr;

constexpr std::uint64_t began = 1795406900 * second;
// More handlers than this without any time going by: the loop turns for nothing.
constexpr int max_turns = 20000;

} // namespace

World::World(std::uint64_t seed) : random(seed) {
    assert(!current);
    current = this;
}

World::~World() {
    current = nullptr;
}

World& World::the() {
    assert(current);
    return *current;
}

std::uint64_t World::real_time() const noexcept {
    return began + now_;
}

void World::server_ended() {
    if (may_be_short_of_memory)
        has_failed = true;
    else
        breaks("an exception came out of a handler");
}

void World::breaks(const std::string& what) {
    if (broken_.empty())
        broken_ = what;
}

bool World::run_job() {
    const auto due =
        std::ranges::find_if(jobs_, [this](const auto& job) { return job.due <= now_; });
    if (due == jobs_.end())
        return false;
    const auto run = std::move(due->run);
    jobs_.erase(due);
    run();
    return true;
}

void World::settle() {
    for (int turns = 0; !has_failed && (run_job() || (loop_ && dispatch_one(*loop_, *this)));
         ++turns)
        if (turns > max_turns) {
            breaks("the loop turns without an end");
            return;
        }
}

Time World::next_time() const {
    auto next = loop_ ? next_timer(*loop_) : never;
    for (const auto& job : jobs_)
        next = std::min(next, job.due);
    return next;
}

void World::pass(Time time) {
    const auto until = now_ + time;
    for (settle(); broken_.empty() && !has_failed; settle()) {
        const auto next = next_time();
        if (next > until)
            break;
        now_ = std::max(now_, next);
    }
    now_ = until;
    settle();
}

int World::listen() {
    sockets_.emplace_back();
    sockets_.back().listens = true;
    return first_fd + static_cast<int>(sockets_.size()) - 1;
}

int World::make_epoll() {
    const int fd = listen();
    socket(fd)->is_epoll = true;
    return fd;
}

int World::connect(int listener, const net::Address& peer, std::size_t room, uid_t uid) {
    sockets_.emplace_back();
    auto& made = sockets_.back();
    made.peer = peer;
    made.room = room;
    made.uid = uid;
    const int fd = first_fd + static_cast<int>(sockets_.size()) - 1;
    auto* const door = socket(listener);
    if (!door || door->is_closed)
        made.is_closed = made.is_over = true; // refused
    else
        door->waiting.push_back(fd);
    return fd;
}

Socket* World::socket(int fd) noexcept {
    const auto index = static_cast<std::size_t>(fd - first_fd);
    return fd < first_fd || index >= sockets_.size() ? nullptr : &sockets_[index];
}

std::size_t World::open_sockets() const noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(sockets_, [](const auto& one) { return !one.is_closed; }));
}

void World::later(const void* owner, Time after, std::function<void()> job) {
    jobs_.push_back({now_ + after, owner, std::move(job)});
}

void World::drop_jobs(const void* owner) {
    std::erase_if(jobs_, [owner](const auto& job) { return job.owner == owner; });
}

std::size_t World::jobs_of(const void* owner) const noexcept {
    return static_cast<std::size_t>(std::ranges::count(jobs_, owner, &Job::owner));
}

} // namespace astcti::simulated
