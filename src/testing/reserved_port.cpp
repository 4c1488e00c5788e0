// SPDX-License-Identifier: BSL-1.0
#include "src/testing/loopback_socket.hpp"

#include <headway/testing/reserved_port.hpp>

#include <sys/socket.h>

namespace headway::testing {

ReservedPort::ReservedPort() : socket_(-1) {
  Descriptor socket = bound_socket(0);
  number_ = port_of(socket);
  socket_ = socket.release();
}

ReservedPort::~ReservedPort() { const Descriptor closing(socket_); }

}  // namespace headway::testing
