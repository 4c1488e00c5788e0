// SPDX-License-Identifier: BSL-1.0

// Event streams, other protocols and early answers of a server that is not ours: Python's.

#include "tests/client/client_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/listening.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/headway.hpp>
#include <headway/testing/reserved_port.hpp>

#include <asio/buffer.hpp>
#include <asio/read.hpp>
#include <asio/use_future.hpp>
#include <asio/write.hpp>

#include <csignal>
#include <stdexcept>
#include <thread>

namespace headway::testing {
namespace {

class PythonPeer {
 public:
  PythonPeer()
      : process_({find_program("python3", "python3"), SCRIPTED_PEER, std::to_string(port_.number())},
                 directory_.path() / "output") {
    if (!wait_until_accepting(port_.number(), process_)) {
      throw std::runtime_error("python3 does not serve: " + directory_.read("output"));
    }
  }
  ~PythonPeer() { process_.stop(SIGTERM); }
  PythonPeer(const PythonPeer&) = delete;
  PythonPeer& operator=(const PythonPeer&) = delete;

  std::string url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(port_.number()) + target;
  }

 private:
  TemporaryDirectory directory_;
  ReservedPort port_;
  ChildProcess process_;
};

class PythonPeers : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Flavours, PythonPeers, all_flavours(), flavour_name);

TEST(PythonEvents, come_one_after_another_until_there_are_no_more) {
  PythonPeer peer;
  Client client;
  EventStream events(client, {.url = peer.url("/events")}, {.reconnect = Reconnect::on});
  Event event;
  for (const char* number : {"1", "2", "3"}) {
    ASSERT_TRUE(events.next(event));
    EXPECT_EQ(event.type + '|' + event.data + '|' + event.id, std::string("count|") + number + '|' + number);
  }
  EXPECT_FALSE(events.next(event));
  EventStream from_two(client, {.url = peer.url("/events")}, {.last_event_id = "2"});
  EXPECT_EQ(from_two.async_next(asio::use_future).get().data, "3");
}

TEST_P(PythonPeers, speak_another_protocol_when_asked) {  // scenario 132
  PythonPeer peer;
  Client client;
  Opened opened =
      open(client, {.url = peer.url("/echo"), .headers = {{"Connection", "Upgrade"}, {"Upgrade", "echo"}}});
  ASSERT_FALSE(opened.error) << opened.error.message();
  UpgradedStream stream(std::move(opened.stream));
  const std::string text = "hello, Python";
  EXPECT_EQ(stream.write_some(text), text.size());
  std::string got(text.size(), '\0');
  EXPECT_EQ(asio::read(stream, asio::buffer(got)), text.size());
  EXPECT_EQ(got, text);
  stream.close();
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(PythonPeers, speak_another_protocol_through_nginx) {  // scenario 132
  PythonPeer peer;
  Nginx nginx({.server_config = "location / { proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
                                " proxy_set_header Connection upgrade; proxy_pass " +
                                peer.url("") + "; }"});
  Client client;
  Opened opened =
      open(client, {.url = nginx.url("/echo"), .headers = {{"Connection", "Upgrade"}, {"Upgrade", "echo"}}});
  ASSERT_FALSE(opened.error) << opened.error.message();
  UpgradedStream stream(std::move(opened.stream));
  const std::string text(100'000, 'n');
  std::string got(text.size(), '\0');
  std::thread writer([&] { asio::write(stream, asio::buffer(text)); });
  EXPECT_EQ(asio::read(stream, asio::buffer(got)), text.size());
  writer.join();
  EXPECT_EQ(got, text);
  stream.close();
  EXPECT_TRUE(pool_is_whole(client));
}

TEST_P(PythonPeers, answer_before_a_large_body_has_been_sent) {
  PythonPeer peer;
  TemporaryDirectory directory;
  directory.write("file", std::string(20'000'000, 'f'));
  Client client;
  const Outcome got = ask(
      client, {.method = "POST", .url = peer.url("/refused"), .body = Body::file(directory.path() / "file")});
  ASSERT_FALSE(got.error) << got.error.message();
  EXPECT_EQ(got.response.status, 413);
  EXPECT_EQ(got.response.body, "too large");
  EXPECT_TRUE(pool_is_whole(client));
}

}  // namespace
}  // namespace headway::testing
