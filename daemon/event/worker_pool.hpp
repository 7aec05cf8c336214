// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/unique_fd.hpp"
#include "daemon/event/io_source.hpp"
#include "daemon/event/loop.hpp"

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace astcti::event {

// A few threads for what must block: the database, password hashing, name look-up. A job
// runs in one of them; the function that it returns runs in the loop's thread afterwards.
class WorkerPool {
public:
    using Done = std::function<void()>;
    using Job = std::function<Done()>;

    // Jobs that wait; one more is refused. A client has one at most.
    static constexpr std::size_t max_queue = 2048;

    WorkerPool(Loop& loop, unsigned threads);
    // Waits for the jobs that run; those that wait are dropped, and so are the answers.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;

    // False if too many wait already. A job must not throw: what gets out of it ends the loop.
    // All that its answer needs is there from now on, so that no thread is short of memory.
    [[nodiscard]] bool submit(Job job);

private:
    struct Work {
        Job job;
        Done done = {};
        std::exception_ptr error = {}; // instead of `done`
    };

    void work();
    void deliver();

    base::UniqueFd wake_; // an eventfd: answers are there
    IoSource source_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<Work> jobs_;
    std::list<Work> answers_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace astcti::event
