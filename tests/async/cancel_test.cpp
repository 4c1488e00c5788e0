// SPDX-License-Identifier: BSL-1.0

// Operations cancelled at each point where they can wait, in each of Asio's three ways: the handler is called
// once, the pool is whole, and the place can be used again.

#include "tests/async/parked.hpp"

namespace headway::testing {
namespace {

using asio::cancellation_type;

class CancelledRequest : public ::testing::TestWithParam<Point> {
 protected:
  CancelledRequest() {
    GetParam().park(parked);
    EXPECT_EQ(parked.ending.times, 0);
  }
  void expect_cancelled_and_whole() {
    EXPECT_TRUE(failed_with(parked.ending, asio::error::operation_aborted));
    parked.held.reset();
    EXPECT_TRUE(stage.at_rest());
    EXPECT_EQ(stage.pool->stats().available, 0U);
    EXPECT_TRUE(stage.io.stopped());
    // The one place can be used again.
    const std::size_t dials = stage.connector->dials();
    Ending<Response> next;
    stage.client.async_get(url_a, next.handler());
    stage.settle();
    ASSERT_EQ(stage.connector->dials(), dials + 1);
    stage.connector->dial(dials).peer->deliver(ok_hello);
    stage.accept();
    stage.settle();
    EXPECT_TRUE(succeeded(next));
    EXPECT_EQ(parked.ending.times, 1);
  }

  Parked parked;
  Stage& stage = parked.stage;
};

INSTANTIATE_TEST_SUITE_P(At, CancelledRequest, ::testing::ValuesIn(points),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(CancelledRequest, ends_at_once_where_anything_may_have_happened) {  // scenario 72
  parked.cancel(cancellation_type::terminal);
  expect_cancelled_and_whole();
}

TEST_P(CancelledRequest, ends_at_once_where_something_may_have_happened) {
  parked.cancel(cancellation_type::partial);
  expect_cancelled_and_whole();
}

TEST_P(CancelledRequest, ends_only_if_the_server_knows_nothing_of_it_where_nothing_may_have_happened) {
  parked.cancel(cancellation_type::total);
  if (GetParam().reached_server) {
    EXPECT_EQ(parked.ending.times, 0);
    parked.cancel(cancellation_type::terminal);
  }
  expect_cancelled_and_whole();
}

TEST_P(CancelledRequest, ends_once_however_often_it_is_cancelled) {
  parked.signal.emit(cancellation_type::terminal);
  parked.signal.emit(cancellation_type::terminal);
  parked.cancel(cancellation_type::all);
  parked.signal.emit(cancellation_type::terminal);
  expect_cancelled_and_whole();
}

TEST_P(CancelledRequest, ends_with_the_cancellation_where_time_runs_out_in_the_same_instant) {
  parked.signal.emit(cancellation_type::terminal);
  stage.clock.advance(2h);
  stage.settle();
  expect_cancelled_and_whole();
}

TEST(CancelledInTime, has_the_request_never_sent) {
  Stage stage;
  asio::cancellation_signal signal;
  Ending<Response> ending;
  stage.client.async_get(url_a, asio::bind_cancellation_slot(signal.slot(), ending.handler()));
  stage.accept();
  signal.emit(cancellation_type::total);  // the dial is done, and the operation does not know yet
  stage.settle();
  EXPECT_TRUE(failed_with(ending, asio::error::operation_aborted));
  EXPECT_EQ(stage.last_peer().written(), "");
  EXPECT_TRUE(stage.at_rest());
}

TEST(CancelledTooLate, leaves_the_answer_as_it_is) {
  Stage stage;
  asio::cancellation_signal signal;
  Ending<Response> ending;
  stage.client.async_get("nonsense", asio::bind_cancellation_slot(signal.slot(), ending.handler()));
  signal.emit(cancellation_type::all);
  stage.settle();
  EXPECT_TRUE(failed_with(ending, Error::invalid_url));
  signal.emit(cancellation_type::all);
  stage.settle();
  EXPECT_EQ(ending.times, 1);
}

/// Cancels from within the body's function, while the operation runs.
class CancelledByItsBody : public ::testing::Test {
 protected:
  void ask(cancellation_type how) {
    const auto read = [this, how, called = 0](std::span<char> into, std::error_code&) mutable {
      if (called++ > 0) return std::size_t{0};
      signal.emit(how);
      return std::string_view("piece").copy(into.data(), into.size());
    };
    Request upload{.method = "PUT", .url = url_a, .body = Body::stream(read)};
    stage.client.async_send(std::move(upload), asio::bind_cancellation_slot(signal.slot(), ending.handler()));
    stage.settle();
    stage.accept().deliver_after("0\r\n\r\n", ok_hello);
    stage.settle();
  }

  Stage stage;
  asio::cancellation_signal signal;
  Ending<Response> ending;
};

TEST_F(CancelledByItsBody, ends_with_the_next_wait) {
  ask(cancellation_type::terminal);
  EXPECT_TRUE(failed_with(ending, asio::error::operation_aborted));
  EXPECT_TRUE(stage.at_rest());
}

TEST_F(CancelledByItsBody, goes_on_where_the_server_knows_of_it_already) {
  ask(cancellation_type::total);
  EXPECT_TRUE(succeeded(ending));
  EXPECT_TRUE(stage.at_rest());
}

}  // namespace
}  // namespace headway::testing
