// SPDX-License-Identifier: BSL-1.0

#include <headway/redirect_strategy.hpp>

#include <gtest/gtest.h>

namespace headway {
namespace {

std::optional<NextRequest> next_of(int status, std::string_view method, Headers headers,
                                   const char* url = "http://a.example/x/y?q#part") {
  ResponseHead head{.status = status, .headers = std::move(headers)};
  const Url from(url);
  return DefaultRedirectStrategy{}({head, from, method});
}

std::string target_of(std::string_view location, const char* url = "http://a.example/x/y?q") {
  const auto next = next_of(302, "GET", {{"Location", location}}, url);
  return next ? next->url : "none";
}

// pool scenario 113
TEST(DefaultRedirectStrategy, keeps_or_changes_the_method_by_status) {
  struct Row {
    int status;
    const char* method;
    const char* next;
  };
  for (const Row& row : {Row{301, "GET", "GET"}, Row{301, "POST", "GET"}, Row{301, "HEAD", "HEAD"},
                         Row{301, "PUT", "PUT"}, Row{302, "GET", "GET"}, Row{302, "POST", "GET"},
                         Row{302, "DELETE", "DELETE"}, Row{302, "post", "post"}, Row{303, "GET", "GET"},
                         Row{303, "HEAD", "HEAD"}, Row{303, "POST", "GET"}, Row{303, "PUT", "GET"},
                         Row{303, "DELETE", "GET"}, Row{303, "OPTIONS", "GET"}, Row{307, "POST", "POST"},
                         Row{307, "GET", "GET"}, Row{308, "POST", "POST"}, Row{308, "PATCH", "PATCH"}}) {
    const auto next = next_of(row.status, row.method, {{"Location", "/z"}});
    ASSERT_TRUE(next) << row.status << row.method;
    EXPECT_EQ(next->method, row.next) << row.status << row.method;
    const bool changed = next->method != row.method;
    EXPECT_EQ(next->body, changed ? RedirectBody::drop : RedirectBody::keep) << row.status << row.method;
  }
}

TEST(DefaultRedirectStrategy, leaves_other_statuses_alone) {  // pool scenario 113
  for (const int status : {300, 304, 305, 306, 309, 399}) {
    EXPECT_FALSE(next_of(status, "GET", {{"Location", "/z"}})) << status;
  }
}

TEST(DefaultRedirectStrategy, leaves_a_response_alone_that_names_no_place) {  // pool scenario 113
  EXPECT_FALSE(next_of(302, "GET", {}));
  EXPECT_FALSE(next_of(302, "GET", {{"Location", ""}}));
  EXPECT_FALSE(next_of(302, "GET", {{"Location", "/a"}, {"location", "/b"}}));
  EXPECT_TRUE(next_of(302, "GET", {{"Location", "/a"}, {"location", "/a"}}));
}

TEST(DefaultRedirectStrategy, resolves_the_location) {
  struct Row {
    const char* location;
    const char* target;
  };
  for (const Row& row :
       {Row{"http://b.example/z", "http://b.example/z"}, Row{"https://b.example", "https://b.example/"},
        Row{"//b.example:81/z", "http://b.example:81/z"}, Row{"/z", "http://a.example/z"},
        Row{"z", "http://a.example/x/z"}, Row{"../z/./w", "http://a.example/z/w"},
        Row{"?r", "http://a.example/x/y?r"}, Row{"#f", "http://a.example/x/y?q#f"},
        Row{"/a b", "http://a.example/a%20b"}, Row{"/\xc3\xa9", "http://a.example/%C3%A9"},
        Row{"ftp://b.example/", "none"}, Row{"javascript:alert(1)", "none"}, Row{"http://", "none"},
        Row{"http://b.example:99999/", "none"}, Row{"/\x01", "none"}}) {
    EXPECT_EQ(target_of(row.location), row.target) << row.location;
  }
}

TEST(DefaultRedirectStrategy, hands_the_fragment_on) {  // RFC 9110 section 10.2.2
  EXPECT_EQ(target_of("/z", "http://a.example/x#part"), "http://a.example/z#part");
  EXPECT_EQ(target_of("/z#other", "http://a.example/x#part"), "http://a.example/z#other");
  EXPECT_EQ(target_of("/z#", "http://a.example/x#part"), "http://a.example/z#");
  EXPECT_EQ(target_of("/z", "http://a.example/x"), "http://a.example/z");
}

}  // namespace
}  // namespace headway
