// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tcp_connector.hpp"

#include "src/testing/loopback_socket.hpp"
#include "tests/support/op_script.hpp"

#include <headway/testing/reserved_port.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <functional>

namespace headway::connect {
namespace {

using testing::Descriptor;
using ::testing::HasSubstr;
using testing::ReservedPort;
using namespace std::chrono_literals;
using Connecting = testing::OpScript<Dialled>;

class ScriptedResolver final : public Resolver {
 public:
  void resolve(const std::string& host, std::uint16_t, std::shared_ptr<Lookup> lookup) override {
    asked.push_back(host);
    lookups.push_back(lookup);
    if (answers) lookup->finish({}, *answers);
  }
  std::vector<std::string> asked;
  std::vector<std::shared_ptr<Lookup>> lookups;
  std::optional<std::vector<Address>> answers;
};

Address loopback(std::uint16_t port) { return *Address::of_literal("127.0.0.1", port); }

class Listener {
 public:
  Listener() : socket_(testing::bound_socket(0)) {
    if (::listen(socket_.get(), 0) != 0) testing::throw_errno("listen");
  }
  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  /// Whence the next connection comes.
  std::string accept() {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    const Descriptor peer(
        ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC));
    return ::inet_ntoa(address.sin_addr);
  }
  /// From now on the system drops who wants to connect.
  void fill() {
    const sockaddr_in address = testing::loopback_address(port());
    do {
      waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    } while (::connect(waiting_.back().get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
             0);
  }

 private:
  Descriptor socket_;
  std::vector<Descriptor> waiting_;
};

class TcpConnectorTest : public ::testing::Test {
 protected:
  /// The operation on the scripted clock; where the system still works at a connection, it is waited for.
  Dialled connect(const HttpRoute& route) {
    Connecting script(connector.connect(route, {10s, 10s}), clock);
    return finish(script);
  }
  static Dialled finish(Connecting& script) {
    for (int i = 0; i < 100 && !script.done(); ++i) script.resume();
    return script.done() ? script.result() : Dialled();
  }

  testing::ManualClock clock;
  std::shared_ptr<ScriptedResolver> resolver = std::make_shared<ScriptedResolver>();
  TcpConnector connector{resolver};
  HttpRoute named{"http", "a.test", 80};
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
  EXPECT_TRUE(resolver->asked.empty());
}

TEST_F(TcpConnectorTest, says_who_refused) {
  const ReservedPort nobody;
  const Dialled dialled = connect({"http", "127.0.0.1", nobody.number()});
  EXPECT_EQ(dialled.error, Error::connection_refused);
  EXPECT_EQ(dialled.detail, "127.0.0.1:" + std::to_string(nobody.number()) + ": Connection refused");
}

TEST_F(TcpConnectorTest, tries_the_addresses_in_turn) {
  const ReservedPort nobody;
  Listener listener;
  resolver->answers = {loopback(nobody.number()), loopback(listener.port())};
  EXPECT_TRUE(connect(named).transport);
  EXPECT_EQ(resolver->asked, std::vector<std::string>{"a.test"});
  const ReservedPort nobody_either;
  resolver->answers = {loopback(nobody.number()), loopback(nobody_either.number())};
  const Dialled refused = connect(named);
  EXPECT_EQ(refused.error, Error::connection_refused);
  EXPECT_THAT(refused.detail,
              HasSubstr(std::to_string(nobody.number()) + ": Connection refused; 127.0.0.1:"));
}

TEST_F(TcpConnectorTest, gives_a_silent_address_its_share_of_the_time_and_no_more) {
  Listener silent, listener;
  silent.fill();
  resolver->answers = {loopback(silent.port()), loopback(listener.port())};
  Connecting script(connector.connect(named, {10s, 10s}), clock);
  script.wants_signal(Phase::connect, 10s).resume();
  script.wants_connected(5s).advance(5s);
  EXPECT_TRUE(finish(script).transport);
}

TEST_F(TcpConnectorTest, gives_the_last_address_all_the_time_that_is_left) {
  Listener silent;
  silent.fill();
  resolver->answers = {loopback(silent.port()), loopback(silent.port())};
  Connecting script(connector.connect(named, {10s, 10s}), clock);
  script.resume().wants_connected(5s).advance(5s).wants_connected(5s).advance(5s).ends();
  EXPECT_EQ(script.result().error, Error::connect_timeout);
}

TEST_F(TcpConnectorTest, gives_up_a_look_up_that_never_answers) {  // pool rule 56; scenario 83
  Connecting script(connector.connect(named, {3s, 10s}), clock);
  script.wants_signal(Phase::connect, 3s).advance(3s).ends();
  const Dialled dialled = script.result();
  EXPECT_EQ(dialled.error, Error::connect_timeout);
  EXPECT_THAT(dialled.detail, HasSubstr("a.test"));
  script.cancel();
  resolver->lookups[0]->finish({}, {loopback(1)});  // a late answer is harmless
}

TEST_F(TcpConnectorTest, calls_an_empty_answer_a_host_that_is_not_found) {  // pool rule 57
  resolver->answers.emplace();
  EXPECT_EQ(connect(named).error, Error::host_not_found);
}

TEST_F(TcpConnectorTest, passes_on_the_resolvers_error) {
  Connecting script(connector.connect(named, {3s, 10s}), clock);
  resolver->lookups[0]->finish(Error::resolve_failed, {});
  script.run_signalled().ends();
  EXPECT_EQ(script.result().error, Error::resolve_failed);
}

TEST_F(TcpConnectorTest, connects_from_the_local_address_that_it_is_given) {
  Listener listener;
  const Dialled dialled = connect({"http", "127.0.0.1", listener.port(), {.local_address = "127.0.0.2"}});
  ASSERT_TRUE(dialled.transport) << dialled.detail;
  EXPECT_EQ(listener.accept(), "127.0.0.2");
}

TEST_F(TcpConnectorTest, names_a_local_address_that_is_none) {
  Listener listener;
  const Dialled dialled = connect({"http", "127.0.0.1", listener.port(), {.local_address = "nowhere"}});
  EXPECT_EQ(dialled.error, Error::invalid_option);
  EXPECT_THAT(dialled.detail, HasSubstr("nowhere"));
}

TEST_F(TcpConnectorTest, refuses_what_it_cannot_do) {
  EXPECT_EQ(connect({"http", "a.test", 80, {.unix_socket = "/run/x"}}).error, Error::invalid_option);
  EXPECT_TRUE(resolver->asked.empty());
}

}  // namespace
}  // namespace headway::connect
