// SPDX-License-Identifier: BSL-1.0

// Operations whose connection never makes them wait: others have their turn meanwhile, and they can be
// cancelled.

#include "tests/async/stage.hpp"

namespace headway::testing {
namespace {

const std::string chunked_head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

class Hurrying : public ::testing::Test {
 protected:
  /// A thousand pieces that are all there.
  void drain() {
    stream = stage.open(chunked_head);
    for (int i = 0; i < 1000; ++i) stage.last_peer().deliver("3\r\nabc\r\n");
    stage.last_peer().deliver("0\r\n\r\n");
    stream.async_drain(asio::bind_cancellation_slot(signal.slot(), drained.handler()));
  }
  void upload_without_end() {
    Body endless = Body::stream([this](std::span<char> into, std::error_code&) {
      ++pieces;
      return into.size();
    });
    stage.client.async_post(url_a, std::move(endless),
                            asio::bind_cancellation_slot(signal.slot(), uploaded.handler()));
    stage.settle();
    stage.accept();
  }

  Stage stage;
  ResponseStream stream;
  asio::cancellation_signal signal;
  Ending<void> drained;
  Ending<Response> uploaded;
  int pieces = 0;
};

TEST_F(Hurrying, downloads_let_others_have_their_turn) {
  drain();
  bool turn = false;
  asio::post(stage.io, [&] { turn = drained.times == 0; });
  stage.settle();
  EXPECT_TRUE(turn);
  EXPECT_TRUE(succeeded(drained));
}

TEST_F(Hurrying, downloads_can_be_cancelled) {
  drain();
  stage.step();
  signal.emit(asio::cancellation_type::terminal);
  stage.settle();
  EXPECT_TRUE(failed_with(drained, asio::error::operation_aborted));
}

TEST_F(Hurrying, uploads_let_others_have_their_turn_and_can_be_cancelled) {
  upload_without_end();
  for (int i = 0; i < 10; ++i) stage.step();
  const int before = pieces;
  EXPECT_GT(before, 16);
  bool turn = false;
  asio::post(stage.io, [&] { turn = true; });
  for (int i = 0; i < 4; ++i) stage.step();
  EXPECT_TRUE(turn);
  EXPECT_GT(pieces, before);
  signal.emit(asio::cancellation_type::terminal);
  stage.settle();
  EXPECT_TRUE(failed_with(uploaded, asio::error::operation_aborted));
  EXPECT_EQ(stage.pool->stats().leased, 0U);
}

}  // namespace
}  // namespace headway::testing
