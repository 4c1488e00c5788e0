// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tcp_connector.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/listener.hpp"
#include "tests/support/op_script.hpp"

#include <headway/testing/gate.hpp>
#include <headway/testing/reserved_port.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace headway::connect {
namespace {

using ::testing::HasSubstr;
using testing::Listener;
using testing::ReservedPort;
using namespace std::chrono_literals;
using Connecting = testing::OpScript<Dialled>;

std::ptrdiff_t open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return std::distance(begin(files), end(files));
}

std::string text_of(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

class TcpConnectorTest : public ::testing::Test {
 protected:
  std::shared_ptr<TcpConnector> make(DialOptions options = {}) {
    options.resolver = [zone = zone](const std::string& host) {
      ++zone->lookups;
      return zone->answer(host);
    };
    return std::make_shared<TcpConnector>(options, std::make_shared<Names>(options, clock));
  }
  /// The operation on the scripted clock; where the system still works at a connection, it is waited for.
  Dialled connect(const HttpRoute& route) { return connect(*make(), route); }
  Dialled connect(Connector& connector, const HttpRoute& route) {
    Connecting script(connector.connect(route, {10s, 10s}), clock);
    return finish(script);
  }
  static Dialled finish(Connecting& script) {
    for (int i = 0; i < 100 && !script.done(); ++i) script.resume();
    return script.done() ? script.result() : Dialled();
  }
  /// A host at these addresses of this machine. They all have the same port, so they differ in their number.
  static HttpRoute at(std::vector<std::string> addresses, std::uint16_t port) {
    return {"http", "a.test", port, {.addresses = std::move(addresses)}};
  }

  testing::ManualClock clock;
  /// A look-up that hangs outlives its test.
  struct Zone {
    std::atomic<int> lookups = 0;
    Resolver answer = [](const std::string&) { return std::vector<std::string>{}; };
    testing::Gate gate;
  };
  const std::shared_ptr<Zone> zone = std::make_shared<Zone>();
};

TEST_F(TcpConnectorTest,
       makes_sockets_that_do_not_outlive_an_exec_and_do_not_hold_bytes_back) {  // pool rule 77
  Listener listener;
  const Dialled dialled = connect({"http", "127.0.0.1", listener.port()});
  ASSERT_TRUE(dialled.transport);
  const int socket = dialled.transport->socket().descriptor();
  EXPECT_NE(::fcntl(socket, F_GETFD) & FD_CLOEXEC, 0);
  int no_delay = 0;
  socklen_t size = sizeof no_delay;
  ASSERT_EQ(::getsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
  EXPECT_NE(no_delay, 0);
}

TEST_F(TcpConnectorTest, connects_to_a_literal_address_without_a_look_up) {
  Listener listener;
  const Dialled dialled = connect({"http", "127.0.0.1", listener.port()});
  EXPECT_FALSE(dialled.error) << dialled.detail;
  EXPECT_TRUE(dialled.transport);
  EXPECT_EQ(zone->lookups, 0);
}

TEST_F(TcpConnectorTest, connects_to_the_routes_own_addresses_without_a_look_up) {
  Listener listener;
  EXPECT_TRUE(connect(at({"127.0.0.1"}, listener.port())).transport);
  EXPECT_EQ(zone->lookups, 0);
}

TEST_F(TcpConnectorTest, says_who_refused) {
  const ReservedPort nobody;
  const Dialled dialled = connect({"http", "127.0.0.1", nobody.number()});
  EXPECT_EQ(dialled.error, Error::connection_refused);
  EXPECT_EQ(dialled.detail, text_of(nobody.number()) + ": Connection refused");
}

TEST_F(TcpConnectorTest, tries_the_next_address_at_once_where_one_refuses) {  // pool rule 54
  Listener listener;
  EXPECT_TRUE(connect(at({"127.0.0.2", "127.0.0.3", "127.0.0.1"}, listener.port())).transport);
}

TEST_F(TcpConnectorTest, names_every_address_that_it_tried_and_why) {  // scenario 129
  const ReservedPort nobody;
  const Dialled refused = connect(at({"127.0.0.2", "127.0.0.3"}, nobody.number()));
  EXPECT_EQ(refused.error, Error::connection_refused);
  const std::string port = std::to_string(nobody.number());
  EXPECT_EQ(refused.detail,
            "127.0.0.2:" + port + ": Connection refused; 127.0.0.3:" + port + ": Connection refused");
}

TEST_F(TcpConnectorTest, tries_the_next_address_beside_one_that_is_silent_for_long) {  // pool rule 54
  Listener silent;
  silent.fill();
  const auto connector = make();
  Connecting script(
      connector->connect(at({"127.0.0.1", "127.0.0.1", "127.0.0.2"}, silent.port()), {10s, 10s}), clock);
  script.wants_connected(250ms).advance(249ms).wants_connected(1ms).advance(1ms);
  script.wants_connected(250ms).advance(250ms);  // the third refuses, and nothing is left but to wait
  script.resume().wants_connected(9500ms).advance(9500ms).ends();
  const Dialled dialled = script.result();
  EXPECT_EQ(dialled.error, Error::connect_timeout);
  const std::string port = std::to_string(silent.port());
  EXPECT_EQ(dialled.detail, "127.0.0.2:" + port + ": Connection refused; 127.0.0.1:" + port +
                                ": no answer; 127.0.0.1:" + port + ": no answer");
}

TEST_F(TcpConnectorTest, keeps_to_the_delay_that_it_is_given) {
  Listener silent;
  silent.fill();
  const auto connector = make({.attempt_delay = 40ms});
  Connecting script(connector->connect(at({"127.0.0.1", "127.0.0.2"}, silent.port()), {10s, 10s}), clock);
  script.wants_connected(40ms);
}

TEST_F(TcpConnectorTest, has_one_deadline_for_all_addresses) {  // pool rule 55
  Listener silent;
  silent.fill();
  const auto connector = make();
  Connecting script(connector->connect(at({"127.0.0.1", "127.0.0.2"}, silent.port()), {100ms, 10s}), clock);
  script.wants_connected(100ms).advance(100ms).ends();
  const Dialled dialled = script.result();
  EXPECT_EQ(dialled.error, Error::connect_timeout);
  EXPECT_EQ(dialled.detail, text_of(silent.port()) + ": no answer");
}

TEST_F(TcpConnectorTest, takes_a_connection_that_came_at_its_deadline) {
  Listener listener;
  const auto connector = make();
  Connecting script(connector->connect(at({"127.0.0.1"}, listener.port()), {100ms, 10s}), clock);
  if (!script.done()) script.advance(100ms);  // the loopback has connected it long ago
  EXPECT_TRUE(script.result().transport);
}

TEST_F(TcpConnectorTest, closes_the_losers) {  // pool rules 54, 60
  Listener silent;
  silent.fill();
  const auto connector = make();
  const auto before = open_files();
  {
    Connecting script(connector->connect(at({"127.0.0.1", "127.0.0.1"}, silent.port()), {10s, 10s}), clock);
    script.advance(250ms).wants_connected();
    EXPECT_EQ(open_files(), before + 2);
    script.advance(10s).ends();
  }
  EXPECT_EQ(open_files(), before);
  {
    const Listener winner("127.0.0.2", silent.port());
    Connecting script(connector->connect(at({"127.0.0.1", "127.0.0.2"}, silent.port()), {10s, 10s}), clock);
    const Dialled dialled = finish(script.advance(250ms));
    ASSERT_TRUE(dialled.transport);
    EXPECT_EQ(open_files(), before + 2);  // the winner's, and the listener
  }
  EXPECT_EQ(open_files(), before);
  Connecting cancelled(connector->connect(at({"127.0.0.1"}, silent.port()), {10s, 10s}), clock);
  EXPECT_EQ(open_files(), before + 1);
  cancelled.cancel();
  EXPECT_EQ(open_files(), before);
}

TEST_F(TcpConnectorTest, tries_an_address_that_was_silent_last_for_a_while) {  // pool rule 58
  Listener silent;
  silent.fill();
  const auto connector = make();
  const HttpRoute route = at({"127.0.0.1", "127.0.0.2"}, silent.port());
  Connecting first(connector->connect(route, {10s, 10s}), clock);
  first.advance(250ms).resume().wants_connected(9750ms).advance(9750ms).ends();
  Connecting again(connector->connect(at({"127.0.0.1", "127.0.0.3"}, silent.port()), {1s, 10s}), clock);
  again.resume().advance(1s).ends();
  EXPECT_THAT(again.result().detail, ::testing::StartsWith("127.0.0.3:"));
  clock.advance(FailedAddresses::memory);
  Connecting later(connector->connect(route, {1s, 10s}), clock);
  later.wants_connected(250ms);
}

TEST_F(TcpConnectorTest, gives_up_a_look_up_that_never_answers) {  // pool rules 55, 56; scenario 83
  zone->answer = [&zone = *zone](const std::string&) {
    zone.gate.wait();
    return std::vector<std::string>{"127.0.0.1"};
  };
  const auto connector = make();
  Connecting script(connector->connect(HttpRoute{"http", "a.test", 80}, {3s, 10s}), clock);
  script.wants_signal(Phase::connect, 3s).advance(3s).ends();
  const Dialled dialled = script.result();
  EXPECT_EQ(dialled.error, Error::connect_timeout);
  EXPECT_EQ(dialled.detail, "look-up of a.test");
  script.cancel();
  zone->gate.open();  // a late answer is harmless
}

TEST_F(TcpConnectorTest, passes_on_the_resolvers_error_and_words) {  // pool rule 57; scenario 131
  zone->answer = [](const std::string&) -> std::vector<std::string> {
    throw std::system_error(make_error_code(Error::resolve_failed), "try later");
  };
  const auto connector = make();
  Connecting script(connector->connect(HttpRoute{"http", "a.test", 80}, {3s, 10s}), clock);
  ASSERT_TRUE(testing::eventually([&] { return script.run_signalled().done(); }));
  const Dialled dialled = script.result();
  EXPECT_EQ(dialled.error, Error::resolve_failed);
  EXPECT_EQ(dialled.detail, "look-up of a.test: try later");
}

TEST_F(TcpConnectorTest, connects_from_the_local_address_that_it_is_given) {
  Listener listener;
  const Dialled dialled = connect({"http", "127.0.0.1", listener.port(), {.local_address = "127.0.0.2"}});
  ASSERT_TRUE(dialled.transport) << dialled.detail;
  EXPECT_EQ(listener.accept(), "127.0.0.2");
}

TEST_F(TcpConnectorTest, leaves_addresses_out_that_the_local_one_cannot_reach) {
  Listener listener;
  HttpRoute route{"http", "a.test", listener.port(), {.local_address = "127.0.0.2", .addresses = {"::1"}}};
  const Dialled none = connect(route);
  EXPECT_EQ(none.error, Error::connect_failed);
  EXPECT_THAT(none.detail, HasSubstr("127.0.0.2"));
  route = {
      "http", "a.test", listener.port(), {.local_address = "127.0.0.2", .addresses = {"::1", "127.0.0.1"}}};
  EXPECT_TRUE(connect(route).transport);
}

TEST_F(TcpConnectorTest, names_a_local_address_that_is_not_this_machines) {
  Listener listener;
  const Dialled dialled = connect({"http", "127.0.0.1", listener.port(), {.local_address = "192.0.2.1"}});
  EXPECT_EQ(dialled.error, Error::connect_failed);
  EXPECT_THAT(dialled.detail, HasSubstr("local address 192.0.2.1: "));
}

TEST_F(TcpConnectorTest, binds_to_the_interface_that_it_is_given) {
  Listener listener;
  const Dialled dialled = connect({"http", "127.0.0.1", listener.port(), {.interface = "lo"}});
  ASSERT_TRUE(dialled.transport) << dialled.detail;
  std::array<char, 16> name{};
  socklen_t size = name.size();
  const int socket = dialled.transport->socket().descriptor();
  ASSERT_EQ(::getsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, name.data(), &size), 0);
  EXPECT_STREQ(name.data(), "lo");
}

TEST_F(TcpConnectorTest, names_an_interface_that_is_none) {
  Listener listener;
  const Dialled dialled = connect({"http", "127.0.0.1", listener.port(), {.interface = "nowhere7"}});
  EXPECT_EQ(dialled.error, Error::connect_failed);
  EXPECT_THAT(dialled.detail, HasSubstr("interface nowhere7: "));
}

TEST_F(TcpConnectorTest, names_what_of_a_route_cannot_be) {
  const struct {
    RouteVia via;
    const char* what;
  } cases[] = {
      {{.local_address = "nowhere"}, "local_address \"nowhere\""},
      {{.addresses = {"nowhere"}}, "addresses \"nowhere\""},
      {{.addresses = std::vector<std::string>(17, "::1")}, "more than 16"},
      {{.unix_socket = "/" + std::string(107, 'x')}, "unix_socket is longer than 107 bytes"},
  };
  for (const auto& c : cases) {
    const Dialled dialled = connect({"http", "a.test", 80, c.via});
    EXPECT_EQ(dialled.error, Error::invalid_option);
    EXPECT_THAT(dialled.detail, HasSubstr(c.what));
  }
}

TEST_F(TcpConnectorTest, sets_tcp_keep_alive_and_what_the_hook_sets) {
  Listener listener;
  std::string hooked;
  const auto connector = make({.tcp_keep_alive = TcpKeepAlive{.idle = 41s, .interval = 1500ms, .probes = 7},
                               .on_socket = [&](int descriptor, const HttpRoute& route) {
                                 const int size = 16 * 1024;
                                 ::setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
                                 hooked = route.str();
                               }});
  const HttpRoute route{"http", "127.0.0.1", listener.port()};
  const Dialled dialled = connect(*connector, route);
  ASSERT_TRUE(dialled.transport) << dialled.detail;
  const auto option = [&](int level, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    ::getsockopt(dialled.transport->socket().descriptor(), level, name, &value, &size);
    return value;
  };
  EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPIDLE), 41);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPINTVL), 2);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPCNT), 7);
  EXPECT_EQ(option(SOL_SOCKET, SO_SNDBUF), 2 * 16 * 1024);  // the kernel doubles it
  EXPECT_EQ(hooked, route.str());
}

TEST_F(TcpConnectorTest,
       lets_an_exception_of_the_hook_through_and_leaves_no_socket) {  // scenario 131; rule 60
  Listener listener;
  const auto connector = make({.on_socket = [](int, const HttpRoute&) { throw std::runtime_error("no"); }});
  const auto before = open_files();
  EXPECT_THROW(connect(*connector, {"http", "127.0.0.1", listener.port()}), std::runtime_error);
  EXPECT_EQ(open_files(), before);
}

}  // namespace
}  // namespace headway::connect
