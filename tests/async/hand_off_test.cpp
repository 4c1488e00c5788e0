// SPDX-License-Identifier: BSL-1.0

// Operations cancelled in the instant in which they are handed what they wait for.

#include "tests/async/stage.hpp"

#include <asio/bind_executor.hpp>

#include <memory>

namespace headway::testing {
namespace {

using asio::cancellation_type;

/// One place, taken; two requests wait for it.
class HandOff : public ::testing::Test {
 protected:
  HandOff() {
    stage.client.async_get(url_a, asio::bind_cancellation_slot(signal.slot(), first.handler()));
    stage.client.async_get(url_a, second.handler());
    stage.settle();
    EXPECT_EQ(stage.pool->stats().pending, 2U);
  }
  void expect_second_served(std::size_t dials) {
    stage.settle();
    EXPECT_TRUE(failed_with(first, asio::error::operation_aborted));
    EXPECT_EQ(stage.connector->dials(), dials);
    EXPECT_TRUE(succeeded(second));
    EXPECT_TRUE(stage.at_rest());
    EXPECT_EQ(stage.pool->stats().available, 1U);
  }

  Stage stage{{.max_per_route = 1}};
  Lease held = stage.polled_lease();
  asio::cancellation_signal signal;
  Ending<Response> first, second;
};

TEST_F(HandOff, then_cancelled_gives_the_connection_to_the_next) {  // pool rule 21; scenario 82
  stage.last_peer().deliver(ok_hello);
  held.give_back(60s);  // it is the first one's now, who has not noticed
  signal.emit(cancellation_type::terminal);
  expect_second_served(1);
}

TEST_F(HandOff, after_the_cancellation_goes_to_the_next) {  // pool rule 21; scenario 82
  stage.last_peer().deliver(ok_hello);
  signal.emit(cancellation_type::terminal);  // it has not noticed
  held.give_back(60s);
  expect_second_served(1);
}

TEST_F(HandOff, of_a_place_then_cancelled_gives_the_place_to_the_next) {  // pool rule 5
  held.discard();
  signal.emit(cancellation_type::total);
  stage.settle();
  stage.accept().deliver(ok_hello);
  expect_second_served(2);
}

TEST_F(HandOff, to_one_whose_context_is_destroyed_gives_the_connection_to_the_next) {
  auto doomed = std::make_unique<asio::io_context>();
  Ending<Response> never;
  signal.emit(cancellation_type::terminal);
  stage.settle();
  Ending<Response> last;
  {
    Client asking{doomed->get_executor(), stage.pool};
    asking.async_get(url_a, never.handler());
    stage.client.async_get(url_a, last.handler());
    stage.last_peer().deliver(ok_hello);
    held.give_back(60s);
    stage.settle();  // the second one's answer; the connection is handed to the third
    EXPECT_TRUE(succeeded(second));
    EXPECT_EQ(last.times, 0);
    stage.last_peer().deliver(ok_hello);
    doomed.reset();
    stage.settle();
  }
  EXPECT_EQ(never.times, 0);
  EXPECT_TRUE(succeeded(last));
  EXPECT_TRUE(stage.at_rest());
  EXPECT_EQ(stage.connector->dials(), 1U);
}

TEST_F(HandOff, in_the_instant_of_its_timeout_is_worth_more_than_the_timeout) {  // reactor-pool#331
  stage.last_peer().deliver(ok_hello);
  stage.last_peer().deliver(ok_hello);
  stage.clock.advance(10s);
  held.give_back(60s);
  stage.settle();
  EXPECT_TRUE(succeeded(first));
}

TEST_F(HandOff, of_a_lease_then_cancelled_leaves_nothing_leased) {
  Ending<Lease> lease;
  asio::cancellation_signal lease_signal;
  signal.emit(cancellation_type::terminal);
  stage.settle();
  stage.pool->async_lease(route_a, asio::bind_executor(stage.io.get_executor(), lease.handler()));
  stage.last_peer().deliver(ok_hello);
  held.give_back(60s);
  stage.settle();
  EXPECT_TRUE(succeeded(second));
  EXPECT_TRUE(succeeded(lease));
  Ending<Lease> another;
  stage.pool->async_lease(
      route_a, asio::bind_executor(stage.io.get_executor(),
                                   asio::bind_cancellation_slot(lease_signal.slot(), another.handler())));
  lease.result.give_back(60s);
  lease_signal.emit(cancellation_type::total);
  stage.settle();
  EXPECT_TRUE(failed_with(another, asio::error::operation_aborted));
  EXPECT_TRUE(stage.at_rest());
  EXPECT_EQ(stage.pool->stats().available, 1U);
}

}  // namespace
}  // namespace headway::testing
