// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/worker_pool.hpp"

#include "daemon/base/system_error.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace astcti::event {
namespace {

base::UniqueFd make_wake() {
    base::UniqueFd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!fd)
        base::throw_errno("cannot make an eventfd");
    return fd;
}

} // namespace

WorkerPool::WorkerPool(Loop& loop, unsigned threads)
    : wake_(make_wake()), source_(loop, wake_.get(), EPOLLIN, [this](auto) { deliver(); }) {
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        jobs_.clear();
    }
    changed_.notify_all();
    for (auto& thread : threads_)
        thread.join();
}

bool WorkerPool::submit(Job job) {
    {
        const std::lock_guard lock(mutex_);
        if (jobs_.size() >= max_queue)
            return false;
        jobs_.push_back({std::move(job)});
    }
    changed_.notify_one();
    return true;
}

void WorkerPool::work() {
    for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (stopping_)
            return;
        std::list<Work> taken;
        taken.splice(taken.end(), jobs_, jobs_.begin());
        lock.unlock();

        auto& work = taken.front();
        try {
            work.done = work.job();
        } catch (...) {
            work.error = std::current_exception();
        }
        work.job = nullptr;

        lock.lock();
        answers_.splice(answers_.end(), taken);
        lock.unlock();
        eventfd_write(wake_.get(), 1);
    }
}

void WorkerPool::deliver() {
    eventfd_t count = 0;
    eventfd_read(wake_.get(), &count);
    std::list<Work> answers;
    {
        const std::lock_guard lock(mutex_);
        answers.swap(answers_);
    }
    for (const auto& answer : answers) {
        if (answer.error)
            std::rethrow_exception(answer.error);
        answer.done();
    }
}

} // namespace astcti::event
