// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tcp_connector.hpp"
#include "src/testing/descriptor.hpp"
#include "src/testing/loopback_socket.hpp"
#include "tests/support/op_script.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>

#include <vector>

namespace headway::connect {
namespace {

using testing::Descriptor;
using ::testing::EndsWith;
using ::testing::StartsWith;
using namespace std::chrono_literals;
using Connecting = testing::OpScript<Dialled>;

class UnixSocketTest : public ::testing::Test {  // scenario 130
 protected:
  Descriptor listen() const {
    const Address address = Address::of_path(path).value();
    Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(listener.get(), address.data(), address.size) != 0) testing::throw_errno("bind");
    if (::listen(listener.get(), 0) != 0) testing::throw_errno("listen");
    return listener;
  }

  testing::TemporaryDirectory directory;
  std::string path = directory.path() / "x.sock";
  testing::ManualClock clock;
  TcpConnector connector{{}, std::make_shared<Names>(DialOptions{}, clock)};
  HttpRoute route{"http", "a.test", 80, {.unix_socket = path}};
};

TEST_F(UnixSocketTest, is_connected_at_once) {
  const Descriptor listener = listen();
  Connecting script(connector.connect(route, {10s, 10s}), clock);
  ASSERT_TRUE(script.done());
  const Dialled dialled = script.result();
  ASSERT_TRUE(dialled.transport) << dialled.detail;
  EXPECT_EQ(dialled.transport->write("hello", {}).bytes, 5);
}

TEST_F(UnixSocketTest, that_nobody_listens_on_is_refused) {
  (void)listen();
  Connecting script(connector.connect(route, {10s, 10s}), clock);
  const Dialled dialled = script.ends().result();
  EXPECT_EQ(dialled.error, Error::connection_refused);
  EXPECT_EQ(dialled.detail, path + ": Connection refused");
}

TEST_F(UnixSocketTest, that_is_not_there_is_named) {
  Connecting script(connector.connect(route, {10s, 10s}), clock);
  const Dialled dialled = script.ends().result();
  EXPECT_EQ(dialled.error, Error::connect_failed);
  EXPECT_THAT(dialled.detail, StartsWith(path));
  EXPECT_THAT(dialled.detail, EndsWith("No such file or directory"));
}

TEST_F(UnixSocketTest, whose_queue_is_full_is_tried_again_until_the_deadline) {
  const Descriptor listener = listen();
  std::vector<Dialled> waiting;
  const auto connect = [&] { return Connecting(connector.connect(route, {10s, 10s}), clock); };
  for (;;) {
    Connecting script = connect();
    if (!script.done()) break;
    waiting.push_back(script.result());
  }
  Connecting script = connect();
  Connecting late = connect();
  script.advance(5ms);
  ASSERT_FALSE(script.done());
  ::close(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  EXPECT_TRUE(script.advance(5ms).ends().result().transport);
  const Dialled dialled = late.advance(10s).ends().result();
  EXPECT_EQ(dialled.error, Error::connect_timeout);
  EXPECT_EQ(dialled.detail, path + ": no answer");
}

}  // namespace
}  // namespace headway::connect
