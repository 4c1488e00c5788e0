// SPDX-License-Identifier: BSL-1.0

// The census and its sampler against sockets that are really in the states they should be counted in.

#include "src/testing/loopback_socket.hpp"
#include "survey/census_sampler.hpp"
#include "survey/socket_census.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/survey/closes_last.hpp"
#include "tests/survey/untouched.hpp"

#include <headway/testing/patience.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <optional>

namespace survey {
namespace {

using namespace std::chrono_literals;
using headway::testing::bound_socket;
using headway::testing::Descriptor;
using headway::testing::eventually;
using headway::testing::Gate;
using headway::testing::loopback_address;
using headway::testing::LoopbackServer;
using headway::testing::patience;
using headway::testing::Peer;
using headway::testing::RawClient;
using headway::testing::ReservedPort;
using ::testing::Contains;
using ::testing::Each;

using Source = std::optional<SeenSockets> (*)(const std::vector<Endpoint>&);

class SocketCensus : public ::testing::TestWithParam<Source> {
 protected:
  // Nothing where the system does not allow this way.
  static std::optional<Census> census(const Endpoint& server) {
    std::optional<SeenSockets> sockets = GetParam()({server});
    if (!sockets) return std::nullopt;
    return count(*sockets);
  }

  // The census, once it holds `count` in that state: segments may still be under way on a busy machine.
  static Census census_with(const Endpoint& server, TcpState state, int expected) {
    std::optional<Census> seen;
    EXPECT_TRUE(eventually([&] { return (seen = census(server)) && (*seen)[state] == expected; }))
        << name(state);
    return seen.value_or(Census{});
  }
};

TEST_P(SocketCensus, counts_established_connections_of_this_side_only) {
  Untouched<LoopbackServer> server([](Peer& peer) { peer.wait_for_eof(); });
  RawClient first(server->port()), second(server->port());
  ASSERT_TRUE(server->wait_for_connections(2));
  EXPECT_EQ(census_with(local(server->port()), TcpState::established, 2).total(), 2);
}

TEST_P(SocketCensus, counts_nothing_of_other_servers) {
  Untouched<LoopbackServer> server([](Peer& peer) { peer.wait_for_eof(); });
  RawClient client(server->port());
  Untouched<ReservedPort> other;
  std::optional<Census> seen = census(local(other->number()));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->total(), 0);
}

TEST_P(SocketCensus, sees_close_wait_where_the_server_closed_and_nobody_noticed) {
  Untouched<LoopbackServer> server([](Peer&) {});
  RawClient client(server->port());
  ASSERT_TRUE(server->wait_for_closed_connections(1));
  EXPECT_EQ(census_with(local(server->port()), TcpState::close_wait, 1).total(), 1);
}

TEST_P(SocketCensus, sees_fin_wait_2_where_the_server_has_not_closed_yet) {
  Gate gate;
  Untouched<LoopbackServer> server([&](Peer& peer) { peer.wait_for(gate); });
  RawClient client(server->port());
  client.half_close();
  EXPECT_EQ(census_with(local(server->port()), TcpState::fin_wait_2, 1).total(), 1);
}

TEST_P(SocketCensus, sees_time_wait_where_this_side_closed_first) {
  Gate gate;
  Untouched<LoopbackServer> server(closes_last(gate));
  RawClient client(server->port());
  client.close();
  census_with(local(server->port()), TcpState::fin_wait_2, 1);
  gate.open();
  EXPECT_EQ(census_with(local(server->port()), TcpState::time_wait, 1).total(), 1);
}

TEST_P(SocketCensus, sees_nothing_where_the_server_closed_first) {
  Untouched<LoopbackServer> server([](Peer&) {});
  RawClient client(server->port());
  client.read_all();
  client.close();
  EXPECT_TRUE(eventually([&] { return census(local(server->port()))->total() == 0; }));
}

TEST_P(SocketCensus, sees_syn_sent_where_nobody_answers) {
  Untouched<ReservedPort> port;
  Descriptor listener = bound_socket(port->number());
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  RawClient fills_the_queue(port->number());
  Descriptor waiting(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback_address(port->number());
  ASSERT_EQ(::connect(waiting.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), -1);
  EXPECT_EQ(census_with(local(port->number()), TcpState::syn_sent, 1)[TcpState::established], 1);
}

Descriptor connect_ipv6(const sockaddr_in6& address) {
  Descriptor socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  bool connected = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  return connected ? std::move(socket) : Descriptor();
}

/// Listens on a free port of ::1, if this machine has IPv6.
struct Ipv6Listener {
  Ipv6Listener() : socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof address;
    works = ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
            ::listen(socket.get(), 4) == 0 &&
            ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
  }
  Descriptor socket;
  sockaddr_in6 address{};
  bool works = false;
};

std::vector<Endpoint> endpoints_of(const Ipv6Listener& listener) {
  return resolve("::1", ntohs(listener.address.sin6_port));
}

TEST_P(SocketCensus, counts_towards_ipv6_servers) {
  if (!Ipv6Listener().works) GTEST_SKIP() << "this machine has no IPv6";
  Untouched<Ipv6Listener> listener;
  Descriptor client = connect_ipv6(listener->address);
  ASSERT_TRUE(client);
  std::vector<Endpoint> server = resolve("::1", ntohs(listener->address.sin6_port));
  ASSERT_EQ(server.size(), 1u);
  EXPECT_EQ(census_with(server[0], TcpState::established, 1).total(), 1);
}

TEST_P(SocketCensus, knows_an_ipv4_server_behind_a_dual_stack_socket) {
  Untouched<LoopbackServer> server([](Peer& peer) { peer.wait_for_eof(); });
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(server->port());
  Endpoint mapped = local(server->port());
  std::copy(mapped.address.begin(), mapped.address.end(), address.sin6_addr.s6_addr);
  Descriptor client = connect_ipv6(address);
  if (!client) GTEST_SKIP() << "this machine has no IPv6";
  EXPECT_EQ(census_with(mapped, TcpState::established, 1).total(), 1);
}

INSTANTIATE_TEST_SUITE_P(Sources, SocketCensus, ::testing::Values(&list_by_netlink, &list_by_proc),
                         [](const auto& source) { return source.index == 0 ? "netlink" : "proc"; });

TEST(Take, counts_several_servers_together_in_whatever_order_they_are_given) {
  Untouched<LoopbackServer> a([](Peer& peer) { peer.wait_for_eof(); }),
      b([](Peer& peer) { peer.wait_for_eof(); });
  RawClient to_a(a->port()), to_b(b->port());
  EXPECT_EQ(take({local(a->port()), local(b->port())})[TcpState::established], 2);
  EXPECT_EQ(take({local(b->port()), local(a->port())})[TcpState::established], 2);
}

TEST(Census, keeps_the_higher_count_of_each_state) {
  Census peak, now;
  peak[TcpState::established] = 5;
  now[TcpState::established] = 3;
  now[TcpState::time_wait] = 2;
  peak.raise_to(now);
  EXPECT_EQ(peak[TcpState::established], 5);
  EXPECT_EQ(peak[TcpState::time_wait], 2);
  EXPECT_EQ(peak.total(), 7);
}

TEST(CensusSampler, remembers_connections_that_are_gone) {
  Untouched<LoopbackServer> server([](Peer& peer) { peer.wait_for_eof(); });
  CensusSampler sampler({local(server->port())}, 1ms);
  {
    RawClient first(server->port()), second(server->port());
    int before = sampler.taken();
    ASSERT_TRUE(eventually([&] { return sampler.taken() >= before + 2; }));
  }
  ASSERT_TRUE(server->wait_for_closed_connections(2));
  EXPECT_EQ(take({local(server->port())})[TcpState::established], 0);
  EXPECT_EQ(sampler.peak()[TcpState::established], 2);
}

TEST(CensusSampler, looks_once_more_when_it_is_asked) {
  Untouched<LoopbackServer> server([](Peer& peer) { peer.wait_for_eof(); });
  CensusSampler sampler({local(server->port())}, 1h);
  ASSERT_TRUE(eventually([&] { return sampler.taken() == 1; }));
  RawClient client(server->port());
  EXPECT_EQ(sampler.peak()[TcpState::established], 1);
}

TEST(CensusSampler, ends_at_once_whatever_its_interval) {
  auto start = std::chrono::steady_clock::now();
  { CensusSampler sampler({}, 1h); }
  EXPECT_LT(std::chrono::steady_clock::now() - start, patience / 2);
}

TEST(Resolve, finds_every_address_of_a_name) {
  std::vector<Endpoint> found = resolve("localhost", 80);
  EXPECT_THAT(found, Each(::testing::Field(&Endpoint::port, 80)));
  EXPECT_THAT(found, Contains(local(80)));
}

TEST(Resolve, names_the_host_that_it_cannot_find) {
  try {
    resolve("no-such-host.invalid", 80);
    FAIL() << "it was found";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith("cannot find no-such-host.invalid: "));
  }
}

}  // namespace
}  // namespace survey
