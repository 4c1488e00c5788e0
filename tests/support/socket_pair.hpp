// SPDX-License-Identifier: BSL-1.0
#pragma once

// Two sockets connected with each other.

#include "src/testing/descriptor.hpp"

#include <headway/detail/socket.hpp>

#include <sys/socket.h>

#include <array>

namespace headway::testing {

struct SocketPair {
  SocketPair() {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) throw_errno("socketpair");
    ours = detail::Socket(pair[0]);
    theirs = detail::Socket(pair[1]);
  }
  void send_from_theirs(char byte) const {
    if (::send(theirs.descriptor(), &byte, 1, MSG_NOSIGNAL) != 1) throw_errno("send");
  }

  detail::Socket ours, theirs;
};

}  // namespace headway::testing
