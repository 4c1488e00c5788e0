// SPDX-License-Identifier: BSL-1.0
#include "src/connect/plain_transport.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace headway::connect {

using core::IoResult;

// The socket itself stays in blocking mode, so that a blocking waiter can wait by receiving; each call here
// says MSG_DONTWAIT.

IoResult PlainTransport::read(std::span<char> into) noexcept {
  const ssize_t n = ::recv(socket_.descriptor(), into.data(), into.size(), MSG_DONTWAIT);
  return IoResult::of_receive(n < 0 ? -errno : n);
}

IoResult PlainTransport::write(std::string_view first, std::string_view second) noexcept {
  constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  ssize_t n = 0;
  if (second.empty()) {
    n = ::send(socket_.descriptor(), first.data(), first.size(), flags);
  } else {
    std::array<iovec, 2> pieces{iovec{const_cast<char*>(first.data()), first.size()},
                                iovec{const_cast<char*>(second.data()), second.size()}};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    n = ::sendmsg(socket_.descriptor(), &message, flags);
  }
  if (n >= 0) return {.kind = IoResult::Kind::done, .bytes = static_cast<std::size_t>(n)};
  if (errno == EAGAIN || errno == EINTR) return {.kind = IoResult::Kind::want_writable};
  return IoResult::of_receive(-errno);
}

core::Transport::Idle PlainTransport::look() noexcept {
  char byte = 0;
  const ssize_t n = ::recv(socket_.descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (n > 0) return Idle::surplus;
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? Idle::quiet : Idle::ended;
}

}  // namespace headway::connect
