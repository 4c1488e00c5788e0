// SPDX-License-Identifier: BSL-1.0

// TlsTransport over a transport in memory: what a socket cannot be made to do on time.

#include "src/connect/tls_registry.hpp"
#include "src/connect/tls_transport.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/tls_peer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace headway::connect {
namespace {

using core::IoResult;
using Kind = core::IoResult::Kind;
using testing::Authority;
using testing::TlsServerSettings;

/// The two ends of a connection.
struct Wire {
  std::string to_server, to_client;
  std::size_t room = std::string::npos;  ///< how much more it takes from the client
  std::vector<std::size_t> writes;       ///< their sizes
  std::vector<std::size_t> reads;        ///< the room that the client had
  bool ended = false;
  bool alive = true;                      ///< the client's end exists
  std::function<void()> when_empty = {};  ///< before a read that would block
};

class WireTransport final : public core::Transport {
 public:
  explicit WireTransport(Wire& wire) : wire_(wire) {}
  ~WireTransport() override { wire_.alive = false; }
  IoResult read(std::span<char> into) noexcept override {
    wire_.reads.push_back(into.size());
    if (wire_.to_client.empty() && wire_.when_empty) wire_.when_empty();
    if (wire_.to_client.empty()) return {.kind = wire_.ended ? Kind::end : Kind::want_readable};
    const std::size_t n = wire_.to_client.copy(into.data(), into.size());
    wire_.to_client.erase(0, n);
    return {.kind = Kind::done, .bytes = n};
  }
  IoResult write(std::string_view first, std::string_view) noexcept override {
    const std::size_t n = std::min(first.size(), wire_.room);
    if (n == 0) return {.kind = Kind::want_writable};
    wire_.to_server += first.substr(0, n);
    wire_.writes.push_back(n);
    if (wire_.room != std::string::npos) wire_.room -= n;
    return {.kind = Kind::done, .bytes = n};
  }
  detail::Socket& socket() noexcept override { return socket_; }
  bool is_raw() const noexcept override { return true; }
  Idle look() noexcept override {
    if (!wire_.to_client.empty()) return Idle::surplus;
    return wire_.ended ? Idle::ended : Idle::quiet;
  }

 private:
  Wire& wire_;
  detail::Socket socket_;
};

class TlsTransportTest : public ::testing::Test {
 protected:
  /// Both ends do their handshake.
  void open(std::unique_ptr<core::Transport> below) {
    server.reset(SSL_new(settings.native()));
    SSL_set_accept_state(server.get());
    SSL_set_bio(server.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    BIO_set_mem_eof_return(SSL_get_rbio(server.get()), -1);
    client = std::make_unique<TlsTransport>(std::move(below), context, route);
    IoResult result = client->handshake();
    for (int i = 0; i < 10 && result.blocked(); ++i) {
      serve([&] { return SSL_do_handshake(server.get()); });
      result = client->handshake();
    }
    ASSERT_EQ(result.kind, Kind::done) << result.error.message() << client->failure();
    serve([&] { return SSL_do_handshake(server.get()); });
  }
  void open() { open(std::make_unique<WireTransport>(wire)); }

  /// Lets the server take what has come, do something and send.
  template <class Action>
  int serve(Action action) {
    BIO_write(SSL_get_rbio(server.get()), wire.to_server.data(), static_cast<int>(wire.to_server.size()));
    wire.to_server.clear();
    const int result = action();
    char* data = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(server.get()), &data);
    if (size > 0) wire.to_client.append(data, static_cast<std::size_t>(size));
    BIO_reset(SSL_get_wbio(server.get()));
    return result;
  }
  std::string received() {
    std::string all;
    std::array<char, 16 * 1024> piece;
    serve([&] {
      int n = 0;
      while ((n = SSL_read(server.get(), piece.data(), static_cast<int>(piece.size()))) > 0) {
        all.append(piece.data(), static_cast<std::size_t>(n));
      }
      return n;
    });
    return all;
  }
  void send(const std::string& text) {
    serve([&] { return SSL_write(server.get(), text.data(), static_cast<int>(text.size())); });
  }

  Wire wire;
  Authority authority;
  HttpRoute route{"https", "localhost"};
  TlsServerSettings settings{authority.issue()};
  std::shared_ptr<const TlsContext> context =
      std::make_shared<const TlsContext>(TlsMaterial({.ca_pem = authority.certificate()}), "test");
  std::unique_ptr<SSL, TlsFree<SSL_free>> server;
  std::unique_ptr<TlsTransport> client;
};

TEST_F(TlsTransportTest, sends_head_and_body_in_one_record) {
  open();
  wire.writes.clear();
  const IoResult wrote = client->write("head ", "body");
  EXPECT_EQ(wrote.bytes, 9U);
  EXPECT_EQ(wire.writes.size(), 1U);
  EXPECT_EQ(received(), "head body");
}

TEST_F(TlsTransportTest, fills_its_records) {
  open();
  wire.writes.clear();
  const std::string body(64 * 1024, 'x');
  EXPECT_EQ(client->write("head ", body).bytes, body.size() + 5);
  EXPECT_EQ(wire.writes.size(), 5U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_GT(wire.writes[i], 16U * 1024);
  EXPECT_EQ(received(), "head " + body);
}

TEST_F(TlsTransportTest, goes_on_with_a_record_that_was_half_sent) {
  open();
  const std::string body(40 * 1024, 'x');
  std::string_view rest = body;
  wire.room = 20 * 1024;
  IoResult wrote = client->write("head ", rest);
  ASSERT_EQ(wrote.kind, Kind::done);
  EXPECT_EQ(wrote.bytes, 16U * 1024);
  rest.remove_prefix(wrote.bytes - 5);
  EXPECT_EQ(client->write(rest, {}).kind, Kind::want_writable);
  wire.room = std::string::npos;
  EXPECT_EQ(client->write(rest, {}).bytes, rest.size());
  EXPECT_EQ(received(), "head " + body);
}

TEST_F(TlsTransportTest, never_lets_out_a_request_that_was_given_up) {
  open();
  wire.to_server.clear();
  wire.room = 10;
  EXPECT_EQ(client->write("DELETE / HTTP/1.1\r\n\r\n", {}).kind, Kind::want_writable);
  wire.room = std::string::npos;
  client.reset();
  EXPECT_EQ(received(), "");
  EXPECT_FALSE(wire.alive);
}

TEST_F(TlsTransportTest, reads_as_much_at_once_as_there_is) {
  open();
  send("hello");
  wire.reads.clear();
  std::array<char, 100> into{};
  EXPECT_EQ(client->read(into).bytes, 5U);
  ASSERT_EQ(wire.reads.size(), 1U);  // not first a header and then a body
  EXPECT_GT(wire.reads.front(), 16U * 1024);
}

TEST_F(TlsTransportTest, knows_what_it_holds) {
  open();
  send("hello");
  std::array<char, 2> into{};
  EXPECT_EQ(client->read(into).bytes, 2U);
  EXPECT_TRUE(client->holds_input());
  EXPECT_EQ(client->look(), core::Transport::Idle::surplus);
  std::array<char, 3> rest{};
  EXPECT_EQ(client->read(rest).bytes, 3U);
  EXPECT_FALSE(client->holds_input());
  EXPECT_EQ(client->look(), core::Transport::Idle::quiet);
}

TEST_F(TlsTransportTest, does_not_wade_through_records_without_data_for_ever) {  // pool rule 27
  open();
  wire.when_empty = [this] {
    serve([&] {
      SSL_key_update(server.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
      return SSL_do_handshake(server.get());
    });
  };
  std::array<char, 100> into{};
  const IoResult got = client->read(into);
  EXPECT_EQ(got.kind, Kind::failed);
  EXPECT_EQ(got.error, Error::tls_failed);
  EXPECT_EQ(client->failure(), "too many records without data");
  EXPECT_EQ(client->look(), core::Transport::Idle::ended);
}

TEST_F(TlsTransportTest, lets_others_have_their_turn_in_a_handshake_of_requests_for_one) {  // pool rule 55
  using namespace std::string_literals;
  const std::string hello_request = "\x16\x03\x03\x00\x04\x00\x00\x00\x00"s;
  int sent = 0;
  wire.when_empty = [&] {
    if (++sent <= 10'000) wire.to_client = hello_request;
  };
  client = std::make_unique<TlsTransport>(std::make_unique<WireTransport>(wire), context, route);
  EXPECT_TRUE(client->handshake().blocked());
  EXPECT_TRUE(client->interrupted());
  EXPECT_LT(sent, 100);
  EXPECT_TRUE(client->handshake().blocked());  // and goes on
  EXPECT_GT(sent, 100);
}

TEST_F(TlsTransportTest, tells_an_end_from_a_cut) {  // pool rule 64
  for (const bool goodbye : {true, false}) {
    wire = {};
    open();
    std::array<char, 10> into{};
    EXPECT_TRUE(client->read(into).blocked());
    if (goodbye) serve([&] { return SSL_shutdown(server.get()); });
    wire.ended = true;
    EXPECT_EQ(client->read(into).kind, goodbye ? Kind::end : Kind::cut);
    EXPECT_EQ(client->read(into).kind, goodbye ? Kind::end : Kind::cut);  // and stays so
  }
}

TEST_F(TlsTransportTest, waits_for_the_connections_own_end_behind_that_of_tls) {
  open();
  serve([&] { return SSL_shutdown(server.get()); });
  std::array<char, 4096> into{};  // for the tickets of the handshake too
  EXPECT_EQ(client->discard(into).kind, Kind::done);
  EXPECT_EQ(client->discard(into).kind, Kind::want_readable);
  wire.ended = true;
  EXPECT_EQ(client->discard(into).kind, Kind::end);
}

/// As through a proxy that is spoken to in TLS: what the inner server sends goes into the outer one.
TEST_F(TlsTransportTest, goes_over_another_of_its_kind) {
  open();
  std::unique_ptr<core::Transport> outer = std::move(client);
  const auto relay = std::move(server);
  server.reset(SSL_new(settings.native()));
  SSL_set_accept_state(server.get());
  SSL_set_bio(server.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  client = std::make_unique<TlsTransport>(std::move(outer), context, route);
  const auto inner = std::move(server);
  const auto exchange = [&](auto action) {
    server.reset(relay.get());
    const std::string up = received();
    BIO_write(SSL_get_rbio(inner.get()), up.data(), static_cast<int>(up.size()));
    action(inner.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(inner.get()), &data);
    if (size > 0) send({data, static_cast<std::size_t>(size)});
    BIO_reset(SSL_get_wbio(inner.get()));
    (void)server.release();
  };
  IoResult result = client->handshake();
  for (int i = 0; i < 10 && result.blocked(); ++i) {
    EXPECT_EQ(result.kind, Kind::want_readable);
    exchange([](SSL* ssl) { SSL_do_handshake(ssl); });
    result = client->handshake();
  }
  ASSERT_EQ(result.kind, Kind::done) << result.error.message() << client->failure();
  exchange([](SSL* ssl) {
    SSL_do_handshake(ssl);
    SSL_write(ssl, "hello", 5);
  });
  std::array<char, 100> into{};
  EXPECT_EQ(client->read({into.data(), 2}).bytes, 2U);
  EXPECT_TRUE(client->holds_input());  // the rest of the inner record
  EXPECT_EQ(client->read(into).bytes, 3U);
  EXPECT_FALSE(client->holds_input());
  EXPECT_EQ(client->look(), core::Transport::Idle::quiet);

  for (const std::string word : {"first", "later"}) {
    exchange([&](SSL* ssl) { SSL_write(ssl, word.data(), static_cast<int>(word.size())); });
  }
  EXPECT_EQ(client->read(into).bytes, 5U);
  EXPECT_TRUE(client->holds_input());  // another record, and that is the outer one's
  EXPECT_EQ(client->look(), core::Transport::Idle::surplus);
  EXPECT_EQ(client->read(into).bytes, 5U);
  EXPECT_FALSE(client->holds_input());
}

TEST(TlsSessions, are_bounded) {
  TlsSessions sessions;
  const HttpRoute often{"https", "often.test"};
  for (std::size_t i = 0; i < TlsSessions::most_routes + 10; ++i) {
    sessions.keep({"https", "host" + std::to_string(i)}, SessionPtr(SSL_SESSION_new()));
  }
  EXPECT_EQ(sessions.size(), TlsSessions::most_routes);
  EXPECT_EQ(sessions.take({"https", "host0"}), nullptr);
  for (std::size_t i = 0; i < 2 * TlsSessions::most_per_route; ++i) {
    SessionPtr single_use(SSL_SESSION_new());
    SSL_SESSION_set_protocol_version(single_use.get(), TLS1_3_VERSION);
    sessions.keep(often, std::move(single_use));
  }
  EXPECT_EQ(sessions.size(), TlsSessions::most_routes - 1 + TlsSessions::most_per_route);
}

}  // namespace
}  // namespace headway::connect
