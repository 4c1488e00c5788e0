// SPDX-License-Identifier: BSL-1.0
// A file straight into a socket. The system call knows neither MSG_DONTWAIT nor MSG_NOSIGNAL, so both are
// made up for around it.
#include "src/connect/plain_transport.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/sendfile.h>

#include <cerrno>

namespace headway::connect {

using core::IoResult;

namespace {

/// SIGPIPE does not reach this thread meanwhile, and none is left behind that was not there before.
class PipeSignalGuard {
 public:
  PipeSignalGuard() noexcept {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  PipeSignalGuard(const PipeSignalGuard&) = delete;
  PipeSignalGuard& operator=(const PipeSignalGuard&) = delete;
  ~PipeSignalGuard() {
    const int error = errno;
    if (raised_ && !was_pending_) {
      const timespec at_once{};
      while (::sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }
  void raised() noexcept { raised_ = true; }

 private:
  sigset_t pipe_, before_;
  bool was_pending_ = false;
  bool raised_ = false;
};

/// The socket does not block meanwhile.
class NonBlocking {
 public:
  explicit NonBlocking(int socket) noexcept : socket_(socket), flags_(::fcntl(socket, F_GETFL)) {
    if ((flags_ & O_NONBLOCK) == 0) ::fcntl(socket_, F_SETFL, flags_ | O_NONBLOCK);
  }
  NonBlocking(const NonBlocking&) = delete;
  NonBlocking& operator=(const NonBlocking&) = delete;
  ~NonBlocking() {
    const int error = errno;
    if ((flags_ & O_NONBLOCK) == 0) ::fcntl(socket_, F_SETFL, flags_);
    errno = error;
  }

 private:
  int socket_;
  int flags_;
};

}  // namespace

IoResult PlainTransport::send_file(int file, std::uint64_t offset, std::size_t most) noexcept {
  const int socket = socket_.descriptor();
  PipeSignalGuard guard;
  NonBlocking meanwhile(socket);
  auto from = static_cast<off_t>(offset);
  const ssize_t n = ::sendfile(socket, file, &from, most);
  if (n > 0) return {.kind = IoResult::Kind::done, .bytes = static_cast<std::size_t>(n)};
  if (n == 0) return {.kind = IoResult::Kind::end};
  if (errno == EPIPE) guard.raised();
  if (errno == EAGAIN || errno == EINTR) return {.kind = IoResult::Kind::want_writable};
  return IoResult::of_receive(-errno);
}

}  // namespace headway::connect
