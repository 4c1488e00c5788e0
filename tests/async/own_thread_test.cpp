// SPDX-License-Identifier: BSL-1.0

// Clients without an executor: a thread of their own, started with the first operation, joined at the end.

#include "tests/async/ending.hpp"
#include "tests/support/eventually.hpp"

#include <headway/async.hpp>
#include <headway/testing/loopback_server.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_future.hpp>

#include <array>
#include <filesystem>
#include <future>
#include <optional>
#include <set>

namespace headway::testing {
namespace {

using namespace std::chrono_literals;

/// How many threads this program has.
std::ptrdiff_t threads() {
  const std::filesystem::directory_iterator all("/proc/self/task");
  return std::distance(begin(all), end(all));
}

Handler echo_target() {
  return keep_alive([](const ReceivedRequest& request) { return response(200, request.target); });
}

/// Never answers.
Handler silence() {
  return [](Peer& peer) {
    if (peer.read_request()) peer.wait_for_eof();
  };
}

/// Its pool has no monitor, and so no thread either.
ClientOptions without_monitor() { return {.pool = {.monitor = {.interval = unlimited}}}; }

/// However a client ends, its thread does too.
class OwnThread : public ::testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(eventually([this] { return threads() <= before_; }));
  }

 private:
  std::ptrdiff_t before_ = threads();
};

TEST_F(OwnThread, starts_with_the_first_operation_and_ends_with_the_client) {
  const std::ptrdiff_t before = threads();
  std::optional<Client> client(without_monitor());
  EXPECT_EQ(threads(), before);
  EXPECT_EQ(client->async_get("nonsense", asio::use_future).wait_for(10s), std::future_status::ready);
  EXPECT_EQ(threads(), before + 1);
  EXPECT_EQ(client->async_get("nonsense", asio::use_future).wait_for(10s), std::future_status::ready);
  EXPECT_EQ(threads(), before + 1);
  client.reset();
  EXPECT_EQ(threads(), before);
}

TEST_F(OwnThread, calls_all_handlers_and_is_the_clients_executor) {
  LoopbackServer server(echo_target());
  Client client;
  std::promise<std::thread::id> ids[3];
  const auto tell = [](std::promise<std::thread::id>& id) {
    return [&id](std::error_code, const Response&) { id.set_value(std::this_thread::get_id()); };
  };
  client.async_get(server.url(), tell(ids[0]));
  client.async_get("nonsense", tell(ids[1]));
  asio::post(client.get_executor(), [&] { ids[2].set_value(std::this_thread::get_id()); });
  std::set<std::thread::id> all;
  for (auto& id : ids) all.insert(id.get_future().get());
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(all.count(std::this_thread::get_id()), 0U);
}

TEST_F(OwnThread, runs_what_is_posted_before_the_first_operation) {
  Client client;
  std::promise<void> posted;
  asio::post(client.get_executor(), [&] { posted.set_value(); });
  EXPECT_EQ(posted.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(OwnThread, starts_again_though_a_program_stopped_its_context) {
  LoopbackServer server(echo_target());
  Client client;
  auto& context = asio::query(client.get_executor(), asio::execution::context);
  static_cast<asio::io_context&>(context).stop();
  EXPECT_TRUE(eventually([&] {
    return client.async_get(server.url(), asio::use_future).wait_for(1s) == std::future_status::ready;
  }));
}

TEST_F(OwnThread, calls_every_handler_before_the_client_is_gone) {  // pool rule 75
  LoopbackServer server(silence());
  std::atomic<int> aborted = 0, shut_down = 0;
  {
    Client client{{.pool = {.max_per_route = 2}}};
    for (int i = 0; i < 10; ++i) {
      client.async_get(server.url(), [&](std::error_code ec, const Response&) {
        aborted += ec == asio::error::operation_aborted;
        shut_down += ec == Error::pool_shut_down;
      });
    }
    EXPECT_TRUE(server.wait_for_requests(2));
  }
  EXPECT_EQ(aborted + shut_down, 10);
  EXPECT_GE(aborted, 2);
}

TEST_F(OwnThread, is_left_to_itself_where_its_handler_destroys_the_client) {
  LoopbackServer server(echo_target());
  auto client = std::make_unique<Client>(without_monitor());
  std::promise<int> done;
  client->async_get(server.url(), [&](std::error_code, const Response& response) {
    client.reset();
    done.set_value(response.status);
  });
  EXPECT_EQ(done.get_future().get(), 200);
  EXPECT_EQ(client, nullptr);
}

TEST_F(OwnThread, ends_other_operations_where_a_handler_destroys_the_client) {
  LoopbackServer server(echo_target());
  LoopbackServer silent(silence());
  auto client = std::make_unique<Client>();
  std::promise<std::error_code> other;
  client->async_get(silent.url(), [&](std::error_code ec, const Response&) { other.set_value(ec); });
  EXPECT_TRUE(silent.wait_for_requests(1));
  client->async_get(server.url(), [&](std::error_code, const Response&) { client.reset(); });
  EXPECT_EQ(other.get_future().get(), asio::error::operation_aborted);
}

TEST_F(OwnThread, starts_again_for_a_stream_that_outlives_the_client) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write(response(200, "0123456789"));
    peer.wait_for_eof();
  });
  auto shared = std::make_shared<PoolingConnectionManager>();
  {
    ResponseStream stream;
    {
      Client client{shared};
      stream = client.async_open({.url = server.url()}, asio::use_future).get();
    }
    std::array<char, 4> buffer{};
    for (const std::size_t expected : {4U, 4U, 2U})
      EXPECT_EQ(stream.async_read_some(asio::buffer(buffer), asio::use_future).get(), expected);
  }
  EXPECT_EQ(shared->stats().available, 1U);
  shared->close_idle(0ms);
  EXPECT_TRUE(server.wait_for_closed_connections(1));
}

TEST_F(OwnThread, reads_a_stream_on_in_the_handler_that_destroyed_the_client) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write(response(200, "0123456789"));
    peer.wait_for_eof();
  });
  auto client = std::make_unique<Client>(without_monitor());
  std::array<char, 64> buffer{};
  ResponseStream stream;
  std::promise<std::size_t> done;
  std::set<std::thread::id> ids;
  client->async_open({.url = server.url()}, [&](std::error_code, ResponseStream opened) {
    stream = std::move(opened);
    ids.insert(std::this_thread::get_id());
    client.reset();
    stream.async_read_some(asio::buffer(buffer), [&](std::error_code, std::size_t n) {
      ids.insert(std::this_thread::get_id());
      done.set_value(n);
    });
  });
  EXPECT_EQ(done.get_future().get(), 10U);
  EXPECT_EQ(ids.size(), 1U);
}

/// A handler that asks once more, as one that retries would.
TEST_F(OwnThread, ends_though_a_handler_starts_another_operation_meanwhile) {
  LoopbackServer silent(silence());
  auto shared = std::make_shared<PoolingConnectionManager>();
  std::atomic<int> first = 0, second = 0;
  {
    Client client{shared};
    client.async_get(silent.url(), [&](std::error_code ec, const Response&) {
      first += ec == asio::error::operation_aborted;
      client.async_get(silent.url(), [&](std::error_code again, const Response&) {
        second += again == asio::error::operation_aborted;
      });
    });
    EXPECT_TRUE(silent.wait_for_requests(1));
  }
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
  EXPECT_EQ(shared->stats().leased, 0U);
}

TEST_F(OwnThread, ends_though_a_handler_reads_a_stream_on_meanwhile) {
  LoopbackServer slow([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
    peer.wait_for_eof();
  });
  auto shared = std::make_shared<PoolingConnectionManager>();
  std::atomic<int> aborted = 0;
  std::array<char, 64> buffer{};
  ResponseStream stream;
  {
    Client client{shared};
    stream = client.async_open({.url = slow.url()}, asio::use_future).get();
    EXPECT_EQ(stream.async_read_some(asio::buffer(buffer), asio::use_future).get(), 5U);
    stream.async_read_some(asio::buffer(buffer), [&](std::error_code ec, std::size_t) {
      aborted += ec == asio::error::operation_aborted;
      stream.async_read_some(asio::buffer(buffer), [&](std::error_code again, std::size_t) {
        aborted += again == asio::error::operation_aborted;
      });
    });
  }
  EXPECT_EQ(aborted, 2);
}

/// Whichever of the two is faster, the read ends, and so does the client.
TEST_F(OwnThread, ends_while_another_thread_starts_to_read_a_stream) {
  LoopbackServer slow([](Peer& peer) {
    while (peer.read_request()) {
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
      peer.wait_for_eof();
    }
  });
  auto shared = std::make_shared<PoolingConnectionManager>();
  for (int i = 0; i < 100; ++i) {
    std::array<char, 64> buffer{};
    std::optional<Client> client(std::in_place, shared);
    ResponseStream stream = client->async_open({.url = slow.url()}, asio::use_future).get();
    std::future<std::size_t> read;
    std::thread reader([&] { read = stream.async_read_some(asio::buffer(buffer), asio::use_future); });
    client.reset();
    reader.join();
    ASSERT_EQ(read.wait_for(10s), std::future_status::ready);
    try {
      EXPECT_EQ(read.get(), 5U);
    } catch (const std::system_error& ended) {
      EXPECT_EQ(ended.code(), asio::error::operation_aborted);
    }
  }
}

}  // namespace
}  // namespace headway::testing
