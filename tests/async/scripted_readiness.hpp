// SPDX-License-Identifier: BSL-1.0
#pragma once

// A real socket for a scripted connection, so that a reactor can poll it: it is readable and writable exactly
// when the script says so. One thread.

#include "tests/support/scripted_transport.hpp"
#include "tests/support/socket_pair.hpp"

#include <sys/socket.h>

#include <array>
#include <memory>
#include <utility>

namespace headway::testing {

class ScriptedReadiness {
 public:
  explicit ScriptedReadiness(std::shared_ptr<ScriptedPeer> peer)
      : peer_(std::move(peer)), descriptor_(pair_.ours.descriptor()) {}

  /// The connection's socket; once.
  detail::Socket take() { return std::move(pair_.ours); }

  /// Makes the socket what the script says now.
  void follow() {
    if (peer_->closed()) return;
    if (std::exchange(readable_, peer_->readable()) != readable_) {
      readable_ ? pair_.send_from_theirs('r') : drain(descriptor_);
    }
    if (std::exchange(writable_, peer_->writable()) != writable_) {
      writable_ ? drain(pair_.theirs.descriptor()) : fill(descriptor_);
    }
  }

 private:
  static void drain(int descriptor) {
    std::array<char, 4096> dropped;
    while (::recv(descriptor, dropped.data(), dropped.size(), MSG_DONTWAIT) > 0) {
    }
  }
  static void fill(int descriptor) {
    const std::array<char, 4096> bytes{};
    while (::send(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
    }
  }

  std::shared_ptr<ScriptedPeer> peer_;
  SocketPair pair_;
  int descriptor_;
  bool readable_ = false;
  bool writable_ = true;
};

}  // namespace headway::testing
