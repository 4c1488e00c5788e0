// SPDX-License-Identifier: BSL-1.0
#include "tests/survey/untouched.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/survey/closes_last.hpp"

#include <gtest/gtest.h>

namespace survey {
namespace {

using headway::testing::eventually;
using headway::testing::Gate;
using headway::testing::LoopbackServer;
using headway::testing::RawClient;
using headway::testing::ReservedPort;

/// Stands where the system would have put a server: each is given the next port of the list, the last again
/// and again.
class Placed {
 public:
  explicit Placed(std::vector<std::uint16_t>* ports) : port(ports->front()) {
    if (ports->size() > 1) ports->erase(ports->begin());
  }
  std::uint16_t port;
};

std::vector<Endpoint> endpoints_of(const Placed& server) { return {local(server.port)}; }

/// The port of a server that is gone, but for what its client has left: a socket in TIME_WAIT.
std::uint16_t port_with_time_wait() {
  Gate gate;
  LoopbackServer server(closes_last(gate));
  RawClient(server.port()).close();
  const auto is_in = [&](TcpState state) {
    return eventually([&] { return take({local(server.port())})[state] > 0; });
  };
  EXPECT_TRUE(is_in(TcpState::fin_wait_2));
  gate.open();
  EXPECT_TRUE(is_in(TcpState::time_wait));
  return server.port();
}

TEST(Untouched, passes_over_a_port_that_an_earlier_client_left_a_socket_towards) {
  Untouched<ReservedPort> free;
  std::vector<std::uint16_t> ports{port_with_time_wait(), free->number()};
  Untouched<Placed> server(&ports);
  EXPECT_EQ(server->port, free->number());
}

TEST(Untouched, gives_up_where_every_port_has_sockets) {
  std::vector<std::uint16_t> ports{port_with_time_wait()};
  EXPECT_THROW(Untouched<Placed>{&ports}, std::runtime_error);
}

}  // namespace
}  // namespace survey
