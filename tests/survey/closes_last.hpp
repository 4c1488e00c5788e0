// SPDX-License-Identifier: BSL-1.0
#pragma once

// A server's handler that leaves its clients in TIME_WAIT for certain. Where the server closes as soon as it
// has seen the client's end, its FIN may overtake its acknowledgement on a machine of several processors;
// what the client answers to that straggler meets no socket any more, and the reset takes the TIME_WAIT away
// (RFC 1337).

#include <headway/testing/gate.hpp>
#include <headway/testing/peer.hpp>

namespace survey {

/// Lets the client close first, and closes once `gate` is open: to be opened where the client is seen in
/// FIN_WAIT_2.
inline auto closes_last(headway::testing::Gate& gate) {
  return [&gate](headway::testing::Peer& peer) {
    peer.wait_for_eof();
    peer.wait_for(gate);
  };
}

}  // namespace survey
