// SPDX-License-Identifier: BSL-1.0
#include "survey/advice.hpp"

#include "tests/survey/results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace survey {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

using ::testing::StartsWith;

const SurveySettings three_servers{.servers = 3, .requests = 60};

PlanResult leave_open() { return left_with(plan_result("leave-open", 450us, 60), TcpState::close_wait, 60); }
PlanResult close() { return left_with(plan_result("close", 450us, 60), TcpState::time_wait, 60); }
PlanResult server_closes() { return plan_result("server-closes", 460us, 60); }
PlanResult pool() { return left_with(plan_result("pool", 180us, 6), TcpState::established, 3); }

TEST(Advice, picks_the_pool_where_connections_can_be_reused_and_says_what_that_saves) {
  EXPECT_EQ(
      advise({leave_open(), close(), server_closes(), pool()}, three_servers),
      "pool fits: 10.0 requests per connection on 6 connections; p50 180 us against 460 us of server-closes; "
      "3 sockets left against 60 of leave-open, mostly CLOSE_WAIT");
}

TEST(Advice, lets_the_server_close_where_reuse_gains_nothing) {
  PlanResult vain = left_with(plan_result("pool", 455us, 60), TcpState::established, 1);
  SurveySettings slow = three_servers;
  slow.interval = 1100ms;
  EXPECT_THAT(
      advise({close(), server_closes(), vain}, slow),
      AllOf(StartsWith("server-closes fits: the servers let hardly any connection be used twice when 1.10 s "
                       "passes, so keeping them gains nothing"),
            HasSubstr("0 sockets left against 60 of close, mostly TIME_WAIT")));
}

TEST(Advice, speaks_of_reuse_in_vain_only_where_it_was_tried) {
  EXPECT_THAT(advise({close(), server_closes()}, three_servers),
              StartsWith("server-closes fits: 1.0 requests per connection on 60 connections"));
}

TEST(Advice, passes_over_a_plan_that_failed_however_fast_it_was) {
  PlanResult failing = pool();
  failing.failures = 2;
  EXPECT_THAT(advise({server_closes(), failing}, three_servers),
              AllOf(StartsWith("server-closes fits: "), HasSubstr("; pool failed 2 times")));
}

TEST(Advice, passes_over_a_plan_that_piles_up_sockets_however_fast_it_was) {
  PlanResult quick = left_with(plan_result("close", 100us, 60), TcpState::time_wait, 60);
  EXPECT_THAT(advise({quick, pool()}, three_servers), StartsWith("pool fits: "));
}

TEST(Advice, allows_one_open_connection_per_server_and_thread_and_one_socket_in_ten_requests) {
  PlanResult at_the_limit = left_with(pool(), TcpState::time_wait, 6);
  EXPECT_THAT(advise({server_closes(), at_the_limit}, three_servers), StartsWith("pool fits: "));
  PlanResult beyond_it = left_with(pool(), TcpState::time_wait, 7);
  EXPECT_THAT(advise({server_closes(), beyond_it}, three_servers), StartsWith("server-closes fits: "));
}

TEST(Advice, takes_the_plan_that_piles_up_least_where_all_do) {
  PlanResult less = left_with(plan_result("single", 500us, 40), TcpState::time_wait, 40);
  EXPECT_THAT(advise({leave_open(), close(), less}, three_servers), StartsWith("single fits: "));
}

TEST(Advice, prefers_fewer_connections_among_plans_that_are_equally_fast) {
  EXPECT_THAT(advise({plan_result("pool", 190us, 6), plan_result("single", 180us, 7)}, three_servers),
              StartsWith("pool fits: "));
  EXPECT_THAT(advise({plan_result("pool", 199us, 6), plan_result("single", 180us, 7)}, three_servers),
              StartsWith("single fits: "));
}

TEST(Advice, prefers_the_pool_where_nothing_else_tells_plans_apart) {
  EXPECT_THAT(advise({plan_result("single", 180us, 3), plan_result("pool", 180us, 3)}, three_servers),
              StartsWith("pool fits: "));
}

TEST(Advice, says_nothing_of_others_where_one_plan_ran_alone) {
  EXPECT_EQ(advise({pool()}, three_servers),
            "pool fits: 10.0 requests per connection on 6 connections; p50 180 us; 3 sockets left, mostly "
            "ESTABLISHED");
}

TEST(Advice, says_that_none_fits_where_all_failed_and_which_failed_least) {
  PlanResult bad = pool(), worse = close();
  bad.failures = 3;
  worse.failures = 60;
  EXPECT_EQ(advise({worse, bad}, three_servers),
            "no plan fits: every one had failures, pool the fewest (3 of 60 requests)");
}

TEST(Advice, names_none_as_the_best_of_those_that_failed_alike) {
  PlanResult one = pool(), other = close();
  one.failures = other.failures = 60;
  EXPECT_EQ(advise({one, other}, three_servers), "no plan fits: every one had failures (60 of 60 requests)");
}

TEST(Advice, does_without_results) { EXPECT_EQ(advise({}, three_servers), "no plan fits: none was tried"); }

}  // namespace
}  // namespace survey
