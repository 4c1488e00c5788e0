// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/crowd.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace headway::bench {
namespace {

/// Calls `work(thread, requests)` on each of the threads, with its share of the requests.
template <class Work>
void on_threads(int threads, int requests, Work work) {
  std::vector<std::exception_ptr> errors(static_cast<std::size_t>(threads));
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) {
      const int share = requests / threads + (i < requests % threads ? 1 : 0);
      running.emplace_back([&work, &errors, i, share] {
        try {
          work(static_cast<std::size_t>(i), share);
        } catch (...) {
          errors[static_cast<std::size_t>(i)] = std::current_exception();
        }
      });
    }
  }
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

class Group : public Peer {
 public:
  Group(int threads, int members, const Candidate& candidate) : threads_(threads) {
    for (int i = 0; i < members; ++i) members_.push_back(candidate.make());
  }

 protected:
  const int threads_;
  std::vector<std::unique_ptr<Peer>> members_;
};

class Queue final : public Group {
 public:
  Queue(const Crowd& crowd, const Candidate& candidate)
      : Group(crowd.threads, crowd.connections, candidate) {}

 private:
  void ask(int requests) override {
    on_threads(threads_, requests, [this](std::size_t, int share) {
      for (; share > 0; --share) {
        std::unique_ptr<Peer> peer = take();
        peer->ask(1);
        give_back(std::move(peer));
      }
    });
  }

  std::unique_ptr<Peer> take() {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [this] { return !members_.empty(); });
    std::unique_ptr<Peer> peer = std::move(members_.back());
    members_.pop_back();
    return peer;
  }

  void give_back(std::unique_ptr<Peer> peer) {
    const std::lock_guard lock(mutex_);
    members_.push_back(std::move(peer));
    free_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable free_;
};

class Sharers final : public Group {
 public:
  Sharers(const Crowd& crowd, const Candidate& candidate) : Group(crowd.threads, crowd.threads, candidate) {}

 private:
  void ask(int requests) override {
    on_threads(threads_, requests, [this](std::size_t thread, int share) {
      if (share > 0) members_[thread]->ask(share);
    });
  }
};

}  // namespace

std::unique_ptr<Peer> make_queue(const Crowd& crowd, const Candidate& candidate) {
  return std::make_unique<Queue>(crowd, candidate);
}

std::unique_ptr<Peer> make_sharers(const Crowd& crowd, const Candidate& candidate) {
  return std::make_unique<Sharers>(crowd, candidate);
}

}  // namespace headway::bench
