// SPDX-License-Identifier: BSL-1.0

// The census and its sampler against sockets that are really in the states they should be counted in.

#include "survey/census_sampler.hpp"
#include "survey/socket_census.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/raw_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <optional>
#include <thread>

namespace survey {
namespace {

using namespace std::chrono_literals;
using headway::testing::bound_socket;
using headway::testing::Descriptor;
using headway::testing::Gate;
using headway::testing::loopback_address;
using headway::testing::LoopbackServer;
using headway::testing::patience;
using headway::testing::Peer;
using headway::testing::RawClient;
using headway::testing::ReservedPort;
using ::testing::Contains;
using ::testing::Each;

Endpoint local(std::uint16_t port) { return ipv4_endpoint({127, 0, 0, 1}, port); }

bool eventually(const std::function<bool()>& holds) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

using Source = std::optional<std::vector<Socket>> (*)(const std::vector<Endpoint>&);

// Ports come again: a server's may have been that of a client or a server of which the kernel still remembers
// connections. So each test says which sockets were there before it did anything.
class SocketCensus : public ::testing::TestWithParam<Source> {
 protected:
  std::vector<Socket> list(const Endpoint& server) {
    std::optional<std::vector<Socket>> sockets = GetParam()({server});
    EXPECT_TRUE(sockets);
    return sockets.value_or(std::vector<Socket>{});
  }

  void remember(const Endpoint& server) { before = list(server); }

  // The census, once it holds `number` in that state: segments may still be under way on a busy machine.
  Census census_with(const Endpoint& server, TcpState state, int number) {
    Census census;
    EXPECT_TRUE(eventually([&] { return (census = count(list(server), before))[state] == number; }))
        << name(state);
    return census;
  }

  std::vector<Socket> before;
};

TEST_P(SocketCensus, counts_established_connections_of_this_side_only) {
  LoopbackServer server([](Peer& peer) { peer.wait_for_eof(); });
  remember(local(server.port()));
  RawClient first(server.port()), second(server.port());
  ASSERT_TRUE(server.wait_for_connections(2));
  EXPECT_EQ(census_with(local(server.port()), TcpState::established, 2).total(), 2);
}

TEST_P(SocketCensus, counts_nothing_of_other_servers) {
  ReservedPort other;
  remember(local(other.number()));
  LoopbackServer server([](Peer& peer) { peer.wait_for_eof(); });
  RawClient client(server.port());
  ASSERT_TRUE(server.wait_for_connections(1));
  EXPECT_EQ(count(list(local(other.number())), before).total(), 0);
}

TEST_P(SocketCensus, sees_close_wait_where_the_server_closed_and_nobody_noticed) {
  LoopbackServer server([](Peer&) {});
  remember(local(server.port()));
  RawClient client(server.port());
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(census_with(local(server.port()), TcpState::close_wait, 1).total(), 1);
}

TEST_P(SocketCensus, sees_fin_wait_2_where_the_server_has_not_closed_yet) {
  Gate gate;
  LoopbackServer server([&](Peer& peer) { peer.wait_for(gate); });
  remember(local(server.port()));
  RawClient client(server.port());
  client.half_close();
  EXPECT_EQ(census_with(local(server.port()), TcpState::fin_wait_2, 1).total(), 1);
}

TEST_P(SocketCensus, sees_time_wait_where_this_side_closed_first) {
  LoopbackServer server([](Peer& peer) { peer.wait_for_eof(); });
  remember(local(server.port()));
  RawClient client(server.port());
  client.close();
  ASSERT_TRUE(server.wait_for_closed_connections(1));
  EXPECT_EQ(census_with(local(server.port()), TcpState::time_wait, 1).total(), 1);
}

TEST_P(SocketCensus, sees_nothing_where_the_server_closed_first) {
  LoopbackServer server([](Peer&) {});
  remember(local(server.port()));
  RawClient client(server.port());
  client.read_all();
  client.close();
  EXPECT_TRUE(eventually([&] { return count(list(local(server.port())), before).total() == 0; }));
}

TEST_P(SocketCensus, sees_syn_sent_where_nobody_answers) {
  ReservedPort port;
  Descriptor listener = bound_socket(port.number());
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  remember(local(port.number()));
  RawClient fills_the_queue(port.number());
  Descriptor waiting(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback_address(port.number());
  ASSERT_EQ(::connect(waiting.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), -1);
  EXPECT_EQ(census_with(local(port.number()), TcpState::syn_sent, 1)[TcpState::established], 1);
}

Descriptor connect_ipv6(const sockaddr_in6& address) {
  Descriptor socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  bool connected = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  return connected ? std::move(socket) : Descriptor();
}

TEST_P(SocketCensus, counts_towards_ipv6_servers) {
  Descriptor listener(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  if (::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    GTEST_SKIP() << "this machine has no IPv6";
  socklen_t size = sizeof address;
  ::listen(listener.get(), 4);
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
  std::vector<Endpoint> server = resolve("::1", ntohs(address.sin6_port));
  ASSERT_EQ(server.size(), 1u);
  remember(server[0]);
  Descriptor client = connect_ipv6(address);
  ASSERT_TRUE(client);
  EXPECT_EQ(census_with(server[0], TcpState::established, 1).total(), 1);
}

TEST_P(SocketCensus, knows_an_ipv4_server_behind_a_dual_stack_socket) {
  LoopbackServer server([](Peer& peer) { peer.wait_for_eof(); });
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(server.port());
  Endpoint mapped = local(server.port());
  std::copy(mapped.address.begin(), mapped.address.end(), address.sin6_addr.s6_addr);
  remember(mapped);
  Descriptor client = connect_ipv6(address);
  if (!client) GTEST_SKIP() << "this machine has no IPv6";
  EXPECT_EQ(census_with(mapped, TcpState::established, 1).total(), 1);
}

INSTANTIATE_TEST_SUITE_P(Sources, SocketCensus, ::testing::Values(&list_by_netlink, &list_by_proc),
                         [](const auto& source) { return source.index == 0 ? "netlink" : "proc"; });

TEST(Take, counts_several_servers_together_in_whatever_order_they_are_given) {
  LoopbackServer a([](Peer& peer) { peer.wait_for_eof(); }), b([](Peer& peer) { peer.wait_for_eof(); });
  std::vector<Endpoint> servers{local(a.port()), local(b.port())}, reversed{servers[1], servers[0]};
  std::vector<Socket> before = sockets_towards(servers);
  RawClient to_a(a.port()), to_b(b.port());
  EXPECT_EQ(take(servers, before)[TcpState::established], 2);
  EXPECT_EQ(take(reversed, before)[TcpState::established], 2);
}

TEST(Take, leaves_out_what_was_there_before) {
  LoopbackServer server([](Peer& peer) { peer.wait_for_eof(); });
  RawClient early(server.port());
  std::vector<Socket> before = sockets_towards({local(server.port())});
  RawClient late(server.port());
  EXPECT_EQ(take({local(server.port())}, before).total(), 1);
  EXPECT_GE(take({local(server.port())}).total(), 2);
}

TEST(Count, takes_the_ends_of_an_old_socket_for_a_new_one_only_if_they_are_open_again) {
  Socket old{local(1000), local(80), TcpState::time_wait};
  Socket now = old;
  EXPECT_EQ(count({now}, {old}).total(), 0);
  now.state = TcpState::established;
  EXPECT_EQ(count({now}, {old})[TcpState::established], 1);
  old.state = TcpState::established;
  EXPECT_EQ(count({now}, {old}).total(), 0);
  now.state = TcpState::time_wait;
  EXPECT_EQ(count({now}, {old}).total(), 0);
  now.local.port = 1001;
  EXPECT_EQ(count({now}, {old})[TcpState::time_wait], 1);
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
  LoopbackServer server([](Peer& peer) { peer.wait_for_eof(); });
  std::vector<Socket> before = sockets_towards({local(server.port())});
  CensusSampler sampler({local(server.port())}, 1ms, before);
  {
    RawClient first(server.port()), second(server.port());
    int earlier = sampler.taken();
    ASSERT_TRUE(eventually([&] { return sampler.taken() >= earlier + 2; }));
  }
  ASSERT_TRUE(server.wait_for_closed_connections(2));
  EXPECT_EQ(take({local(server.port())}, before)[TcpState::established], 0);
  EXPECT_EQ(sampler.peak()[TcpState::established], 2);
}

TEST(CensusSampler, looks_once_more_when_it_is_asked) {
  LoopbackServer server([](Peer& peer) { peer.wait_for_eof(); });
  CensusSampler sampler({local(server.port())}, 1h, sockets_towards({local(server.port())}));
  ASSERT_TRUE(eventually([&] { return sampler.taken() == 1; }));
  RawClient client(server.port());
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
