// SPDX-License-Identifier: BSL-1.0
#include "tests/support/listening.hpp"

#include "src/testing/descriptor.hpp"
#include "src/testing/loopback_socket.hpp"

#include <headway/testing/patience.hpp>

#include <sys/socket.h>

namespace headway::testing {

bool accepts(std::uint16_t port) {
  Descriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback_address(port);
  return ::connect(probe.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

bool wait_until_accepting(std::uint16_t port, ChildProcess& process) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!accepts(port)) {
    if (process.wait_for_exit(std::chrono::milliseconds(5))) return false;
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

}  // namespace headway::testing
