// SPDX-License-Identifier: BSL-1.0
#pragma once

// Threads of the library's own, which leave the program's signals to the program's own threads.

#include <pthread.h>

#include <csignal>
#include <system_error>
#include <thread>
#include <utility>

namespace headway::drive {

/// Throws std::system_error where the system has no thread left.
template <class Function>
std::thread start_quiet_thread(Function function) {
  struct Masked {
    sigset_t before;
    Masked() {
      sigset_t all;
      ::sigfillset(&all);
      ::pthread_sigmask(SIG_SETMASK, &all, &before);
    }
    ~Masked() { ::pthread_sigmask(SIG_SETMASK, &before, nullptr); }
  } const masked;
  return std::thread(std::move(function));
}

}  // namespace headway::drive
