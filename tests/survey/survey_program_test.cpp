// SPDX-License-Identifier: BSL-1.0

// The survey as its users run it: against a real nginx that treats connections in three ways, against its own
// servers, and against nobody.

#include "tests/support/nginx.hpp"
#include "tests/survey/one_processor.hpp"
#include "tests/survey/survey_run.hpp"

#include <headway/testing/reserved_port.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace survey {
namespace {

using headway::testing::Nginx;
using headway::testing::ReservedPort;
using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string urls(const Nginx& nginx) {
  return nginx.url("/", 0) + ' ' + nginx.url("/", 1) + ' ' + nginx.url("/", 2) + ' ';
}

TEST(Survey, shows_what_each_plan_leaves_behind) {
  const OneProcessor in_order;
  Nginx nginx({.ports = 3});
  SurveyRun run(urls(nginx) + "--requests 60");
  ASSERT_EQ(run.exit_code(), 0) << run.err();
  EXPECT_EQ(run.sockets("leave-open", "sockets_at_end", "ESTABLISHED"), 60);
  EXPECT_EQ(run.sockets("close", "sockets_at_end", "TIME_WAIT"), 60);
  EXPECT_EQ(run.sockets("server-closes", "sockets_at_end", "TIME_WAIT"), 0);
  EXPECT_EQ(run.sockets("server-closes", "sockets_at_peak", "TIME_WAIT"), 0);
  EXPECT_EQ(run.number("server-closes", "connections_opened"), 60);
  EXPECT_EQ(run.number("single", "connections_opened"), 3);
  EXPECT_EQ(run.number("pool", "connections_opened"), 3);
  EXPECT_EQ(run.sockets("pool", "sockets_at_peak", "ESTABLISHED"), 3);
  for (const char* plan : {"leave-open", "close", "server-closes", "single", "pool"})
    EXPECT_EQ(run.number(plan, "failures"), 0) << plan;
}

TEST(Survey, counts_no_socket_of_an_earlier_plan) {
  const OneProcessor in_order;
  Nginx nginx({.ports = 3});
  SurveyRun before(urls(nginx) + "--requests 30 --plans close");
  SurveyRun run(urls(nginx) + "--requests 12 --plans leave-open,close,server-closes");
  EXPECT_EQ(run.sockets("leave-open", "sockets_at_peak", "TIME_WAIT"), 0);
  EXPECT_EQ(run.sockets("close", "sockets_at_end", "TIME_WAIT"), 12);
  EXPECT_EQ(run.sockets("server-closes", "sockets_at_end", "TIME_WAIT"), 0);
}

TEST(Survey, loses_no_request_where_nginx_closes_after_every_fifth) {
  Nginx nginx({.ports = 3, .http_config = "keepalive_requests 5;"});
  SurveyRun run(urls(nginx) + "--requests 60 --plans single,pool");
  for (const char* plan : {"single", "pool"}) {
    EXPECT_EQ(run.number(plan, "failures"), 0) << plan;
    EXPECT_EQ(run.number(plan, "connections_opened"), 12) << plan;
    EXPECT_EQ(run.sockets(plan, "sockets_at_end", "CLOSE_WAIT"), 0) << plan;
  }
}

TEST(Survey, loses_no_request_where_nginx_has_closed_by_the_next) {
  Nginx nginx({.ports = 3, .http_config = "keepalive_timeout 1s;"});
  SurveyRun run(urls(nginx) + "--requests 4 --interval 1.1s --plans single,pool");
  for (const char* plan : {"single", "pool"}) {
    EXPECT_EQ(run.number(plan, "failures"), 0) << plan;
    EXPECT_EQ(run.number(plan, "connections_opened"), 4) << plan;
    EXPECT_EQ(run.sockets(plan, "sockets_at_end", "CLOSE_WAIT"), 0) << plan;
  }
}

TEST(Survey, lets_threads_take_turns_on_single_connections) {
  Nginx nginx({.ports = 3});
  SurveyRun run(urls(nginx) + "--requests 120 --threads 4 --plans single,pool");
  EXPECT_EQ(run.number("single", "failures"), 0);
  EXPECT_EQ(run.number("single", "connections_opened"), 3);
  EXPECT_EQ(run.number("pool", "failures"), 0);
  EXPECT_LE(run.number("pool", "connections_opened"), 12);
}

TEST(Survey, ends_with_its_advice_on_servers_of_its_own) {
  SurveyRun run("--requests 30");
  EXPECT_EQ(run.exit_code(), 0) << run.err();
  EXPECT_THAT(run.out(), ContainsRegex("\n(single|pool) fits: "));
  EXPECT_THAT(run.err(), IsEmpty());
}

TEST(Survey, shows_the_first_errors_below_the_table) {
  ReservedPort nobody;
  const std::string url = "http://127.0.0.1:" + std::to_string(nobody.number()) + "/";
  SurveyRun run(url + " --requests 3 --plans pool");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.out(), HasSubstr("\npool: GET " + url));
  EXPECT_THAT(run.out(), EndsWith("(3 of 3 requests)\n"));
  EXPECT_EQ(run.number("pool", "failures"), 3);
}

TEST(Survey, counts_a_server_error_as_a_failure) {
  Nginx nginx({.server_config = "location / { return 503; }"});
  SurveyRun run(nginx.url() + " --requests 2 --plans pool");
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_THAT(run.out(), HasSubstr("answered 503"));
}

TEST(Survey, succeeds_where_any_request_did) {
  Nginx nginx;
  ReservedPort nobody;
  SurveyRun run(nginx.url() + " http://127.0.0.1:" + std::to_string(nobody.number()) +
                "/ --requests 4 --plans single,pool");
  EXPECT_EQ(run.exit_code(), 0);
  EXPECT_EQ(run.number("pool", "failures"), 2);
}

TEST(Survey, refuses_what_it_cannot_understand) {
  for (const char* wrong : {"--requests 0", "--frobnicate", "ftp://a/", "'http://a b/'"}) {
    SurveyRun run(wrong);
    EXPECT_EQ(run.exit_code(), 2) << wrong;
    EXPECT_FALSE(run.wrote_json()) << wrong;
    EXPECT_THAT(run.err(), testing::StartsWith("survey: ")) << wrong;
  }
}

}  // namespace
}  // namespace survey
