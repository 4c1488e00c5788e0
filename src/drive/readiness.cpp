// SPDX-License-Identifier: BSL-1.0
#include "src/drive/readiness.hpp"

#include <poll.h>

namespace headway::drive {

std::vector<std::size_t> readable_now(std::span<const int> descriptors) {
  std::vector<pollfd> fds;
  fds.reserve(descriptors.size());
  for (const int descriptor : descriptors) fds.push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
  std::vector<std::size_t> readable;
  if (::poll(fds.data(), fds.size(), 0) <= 0) return readable;
  for (std::size_t i = 0; i < fds.size(); ++i) {
    if (fds[i].revents != 0) readable.push_back(i);
  }
  return readable;
}

}  // namespace headway::drive
