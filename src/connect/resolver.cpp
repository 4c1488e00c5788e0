// SPDX-License-Identifier: BSL-1.0
#include "src/connect/resolver.hpp"

#include <headway/error.hpp>

#include <netdb.h>
#include <signal.h>

#include <condition_variable>
#include <deque>
#include <thread>
#include <utility>

namespace headway::connect {

void Lookup::finish(std::error_code error, std::vector<Address> addresses) {
  if (!error && addresses.empty()) error = Error::host_not_found;
  error_ = error;
  addresses_ = std::move(addresses);
  done.set();
}

namespace {

void look_up(const std::string& host, std::uint16_t port, Lookup& lookup) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int result = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  std::vector<Address> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    addresses.push_back(Address::of(each->ai_addr, each->ai_addrlen));
  }
  if (found != nullptr) ::freeaddrinfo(found);
  std::error_code error;
  if (result == EAI_NONAME || result == EAI_NODATA) {
    error = Error::host_not_found;
  } else if (result != 0) {
    error = Error::resolve_failed;
  }
  lookup.finish(error, std::move(addresses));
}

}  // namespace

struct SystemResolver::State {
  struct Question {
    std::string host;
    std::uint16_t port;
    std::shared_ptr<Lookup> lookup;
  };
  std::mutex mutex;
  std::condition_variable wake_up;
  std::deque<Question> questions;
  std::size_t max_threads = 0;
  std::size_t threads = 0;
  std::size_t unoccupied = 0;
  bool ended = false;

  static void work(const std::shared_ptr<State>& state) {
    std::unique_lock lock(state->mutex);
    for (;;) {
      ++state->unoccupied;
      state->wake_up.wait(lock, [&] { return state->ended || !state->questions.empty(); });
      --state->unoccupied;
      if (state->ended) return;
      Question question = std::move(state->questions.front());
      state->questions.pop_front();
      lock.unlock();
      // Nobody waits any more: the caller's deadline has passed.
      if (question.lookup.use_count() > 1) look_up(question.host, question.port, *question.lookup);
      question = {};
      lock.lock();
    }
  }
};

SystemResolver::SystemResolver(std::size_t max_threads) : state_(std::make_shared<State>()) {
  state_->max_threads = max_threads;
}

SystemResolver::~SystemResolver() {
  std::lock_guard lock(state_->mutex);
  state_->ended = true;
  state_->wake_up.notify_all();
}

void SystemResolver::resolve(const std::string& host, std::uint16_t port, std::shared_ptr<Lookup> lookup) {
  std::unique_lock lock(state_->mutex);
  state_->questions.push_back({host, port, lookup});
  if (state_->questions.size() > state_->unoccupied && state_->threads < state_->max_threads) start_thread();
  if (state_->threads > 0) return state_->wake_up.notify_one();
  state_->questions.pop_back();
  lock.unlock();
  lookup->finish(Error::resolve_failed, {});  // the system has no thread left
}

/// Preconditions: the state's mutex is held.
void SystemResolver::start_thread() {
  // The program's signals are for its own threads.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([state = state_] { State::work(state); }).detach();
    ++state_->threads;
  } catch (const std::system_error&) {
    // Those that there are have to do.
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace headway::connect
