// SPDX-License-Identifier: BSL-1.0
#pragma once

// Asio, told to receive, tries to at once before it waits. What that attempt finds it does not tell, but the
// system does, through errno.

#include <cerrno>

namespace headway::drive {

/// Whether the attempt found nothing. `begin` begins a receive on a socket where no other is under way.
template <class Begin>
bool finds_nothing(Begin begin) {
  errno = 0;
  begin();
  return errno == EAGAIN;
}

/// Whether this Asio makes the attempt: asked of it, once, and not assumed. Any thread.
bool receives_eagerly();

}  // namespace headway::drive
