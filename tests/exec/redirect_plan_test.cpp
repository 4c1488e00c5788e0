// SPDX-License-Identifier: BSL-1.0

#include "src/exec/redirect_plan.hpp"

#include <headway/error.hpp>

#include <gtest/gtest.h>

namespace headway::exec {
namespace {

struct Planned {
  std::optional<RedirectPlan> plan;
  std::error_code error;
};

Planned plan_to(const char* from, const char* to, Downgrade downgrade = Downgrade::refuse) {
  Planned planned;
  planned.plan = plan_redirect(Url(from), Body(), {.method = "GET", .url = to}, downgrade, planned.error);
  return planned;
}

TEST(RedirectPlan, knows_an_origin_by_scheme_host_and_port) {
  struct Row {
    const char *from, *to;
    bool leaves;
  };
  for (const Row& row :
       {Row{"http://a/x", "http://a/y", false}, Row{"http://a/", "http://A:80/", false},
        Row{"http://a/", "http://b/", true}, Row{"http://a/", "http://a:81/", true},
        Row{"http://a/", "https://a/", true}, Row{"http://a/", "http://a.a/", true},
        Row{"http://a.a/", "http://a/", true}, Row{"http://[::1]/", "http://[::1]/z", false}}) {
    const Planned planned = plan_to(row.from, row.to);
    ASSERT_TRUE(planned.plan) << row.to;
    EXPECT_EQ(planned.plan->leaves_origin, row.leaves) << row.from << " " << row.to;
  }
}

TEST(RedirectPlan, refuses_to_leave_https_unless_allowed) {
  const Planned refused = plan_to("https://a/", "http://a/");
  EXPECT_FALSE(refused.plan);
  EXPECT_EQ(refused.error, Error::insecure_redirect);
  EXPECT_EQ(refused.error, Condition::limit);
  const Planned allowed = plan_to("https://a/", "http://a/", Downgrade::allow);
  ASSERT_TRUE(allowed.plan);
  EXPECT_TRUE(allowed.plan->leaves_origin);
}

// pool scenario 118
TEST(RedirectPlan, keeps_user_and_password_at_home_and_takes_none_from_the_server) {
  EXPECT_EQ(plan_to("http://u:p@a/", "http://a/z?q#f").plan->url, "http://u:p@a/z?q#f");
  EXPECT_EQ(plan_to("http://u:p@a/", "http://evil:x@a/z").plan->url, "http://u:p@a/z");
  EXPECT_EQ(plan_to("http://a/", "http://evil:x@a/z").plan->url, "http://a/z");
  EXPECT_EQ(plan_to("http://u:p@a/", "http://b/z").plan->url, "http://b/z");
  EXPECT_EQ(plan_to("http://u:p@a/", "http://u:p@b/z").plan->url, "http://b/z");
  EXPECT_EQ(plan_to("http://u:p@[::1]:8080/", "http://[::1]:8080/z").plan->url, "http://u:p@[::1]:8080/z");
}

TEST(RedirectPlan, finds_a_malformed_answer_of_the_strategy) {
  EXPECT_EQ(plan_to("http://a/", "/relative").error, Error::invalid_option);
  EXPECT_EQ(plan_to("http://a/", "ftp://a/").error, Error::invalid_option);
  std::error_code ec;
  plan_redirect(Url("http://a/"), Body(), {.method = "CONNECT", .url = "http://a/"}, Downgrade::refuse, ec);
  EXPECT_EQ(ec, Error::invalid_option);
}

TEST(RedirectPlan, never_sends_a_body_again_that_can_be_read_once) {  // pool scenario 115
  const Body once = Body::stream([](std::span<char>, std::error_code&) { return std::size_t{0}; });
  std::error_code ec;
  const Url from("http://a/");
  EXPECT_FALSE(plan_redirect(from, once, {.method = "POST", .url = "http://a/z"}, Downgrade::refuse, ec));
  EXPECT_FALSE(ec);
  EXPECT_TRUE(plan_redirect(from, once, {"GET", "http://a/z", RedirectBody::drop}, Downgrade::refuse, ec));
}

Request full_request() {
  Request request{.method = "POST", .url = "http://a/", .body = Body::json("{}")};
  for (const char* name : {"Host", "authorization", "Cookie", "Cookie2", "Referer", "X-API-Key",
                           "X-Auth-Token", "X-Mine", "Accept", "Content-Type", "Content-Language"}) {
    request.headers.add(name, "v");
  }
  request.trailers.add("X-Sum", "1");
  return request;
}

std::string names_of(const Headers& headers) {
  std::string names;
  for (const auto [name, value] : headers) names.append(name).append(" ");
  return names;
}

TEST(RedirectPlan, drops_what_is_for_the_first_origin_alone) {  // pool scenario 114
  Request request = full_request();
  follow({.method = "POST", .url = "http://b/", .leaves_origin = true}, {.sensitive_headers = {"x-mine"}},
         request);
  EXPECT_EQ(names_of(request.headers), "Accept Content-Type Content-Language ");
  EXPECT_EQ(request.url, "http://b/");
  EXPECT_EQ(request.body.bytes(), "{}");
}

TEST(RedirectPlan, keeps_all_fields_within_an_origin) {
  Request request = full_request();
  follow({.method = "POST", .url = "http://a/z"}, {.sensitive_headers = {"x-mine"}}, request);
  EXPECT_EQ(request.headers, full_request().headers);
  EXPECT_EQ(request.trailers.size(), 1u);
}

TEST(RedirectPlan, drops_what_describes_a_body_with_it) {
  Request request = full_request();
  follow({.method = "GET", .url = "http://a/z", .body = RedirectBody::drop}, {}, request);
  EXPECT_EQ(names_of(request.headers),
            "Host authorization Cookie Cookie2 Referer X-API-Key X-Auth-Token X-Mine Accept ");
  EXPECT_TRUE(request.body.empty());
  EXPECT_TRUE(request.body.content_type().empty());
  EXPECT_TRUE(request.trailers.empty());
}

}  // namespace
}  // namespace headway::exec
