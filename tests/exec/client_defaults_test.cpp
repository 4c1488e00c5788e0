// SPDX-License-Identifier: BSL-1.0

#include "src/exec/client_defaults.hpp"

#include <gtest/gtest.h>

namespace headway::exec {
namespace {

TEST(WithQuery, puts_parameters_where_they_belong) {
  struct Row {
    const char* url;
    const char* result;
  };
  for (const Row& row :
       {Row{"http://a", "http://a?x=1"}, Row{"http://a/p", "http://a/p?x=1"},
        Row{"http://a/p?", "http://a/p?x=1"}, Row{"http://a/p?y", "http://a/p?y&x=1"},
        Row{"http://a/p?y&", "http://a/p?y&x=1"}, Row{"http://a/p#f?g", "http://a/p?x=1#f?g"},
        Row{"http://a/?y=2#f", "http://a/?y=2&x=1#f"}, Row{"http://a/?y=what?", "http://a/?y=what?&x=1"}}) {
    EXPECT_EQ(with_query(row.url, {{"x", "1"}}), row.result) << row.url;
  }
}

TEST(WithQuery, encodes_names_and_values) {
  EXPECT_EQ(with_query("http://a/", {{"a b", "c&d=e"}, {"\xc3\xa9", ""}, {"", "+%#?"}}),
            "http://a/?a%20b=c%26d%3De&%C3%A9=&=%2B%25%23%3F");
  EXPECT_EQ(with_query("http://a/", {{"x", "1"}, {"x", "2"}}), "http://a/?x=1&x=2");
  EXPECT_EQ(with_query("http://a/#f", {}), "http://a/#f");
}

TEST(ClientDefaults, resolve_what_is_relative_against_the_base_url) {
  const ClientDefaults defaults({.base_url = "https://u:p@a.test/v1/"});
  struct Row {
    const char *url, *result;
  };
  for (const Row& row :
       {Row{"users", "https://u:p@a.test/v1/users"}, Row{"users?x#y", "https://u:p@a.test/v1/users?x#y"},
        Row{"/users", "https://u:p@a.test/users"}, Row{"../v2", "https://u:p@a.test/v2"},
        Row{"", "https://u:p@a.test/v1/"}, Row{"?q", "https://u:p@a.test/v1/?q"},
        Row{"//b.test/", "https://b.test/"}, Row{"http://c.test/./x", "http://c.test/./x"},
        Row{"ftp://c.test/", "ftp://c.test/"}}) {
    EXPECT_EQ(defaults.url_of({.url = row.url}), row.result) << row.url;
  }
}

TEST(ClientDefaults, put_the_clients_parameters_before_the_requests) {
  const ClientDefaults defaults({.base_url = "http://a.test/", .query = {{"key", "k"}}});
  EXPECT_EQ(defaults.url_of({.url = "p?own", .query = {{"q", "1"}}}), "http://a.test/p?own&key=k&q=1");
  EXPECT_TRUE(defaults.changes_urls());
  EXPECT_FALSE(ClientDefaults({}).changes_urls());
}

TEST(ClientDefaults, add_headers_that_a_request_does_not_have) {
  const ClientDefaults defaults(
      {.headers = {{"X-A", "1"}, {"x-b", "2"}, {"X-B", "3"}, {"Content-Type", "t"}}});
  Request request{.headers = {{"x-a", "own"}}, .body = Body::json("{}")};
  defaults.add_headers(request);
  EXPECT_EQ(request.headers, (Headers{{"x-a", "own"}, {"x-b", "2"}, {"X-B", "3"}}));
}

TEST(ClientDefaults, share_one_set_of_fields_unless_they_have_their_own) {
  const core::StandingFieldsPtr usual = ClientDefaults({}).fields();
  EXPECT_EQ(ClientDefaults({.base_url = "http://a.test/"}).fields(), usual);
  EXPECT_EQ(ClientDefaults({.decoding = ContentDecoding::off}).fields(), core::usual_fields());
  const ClientDefaults own({.headers = {{"X-A", "1"}}});
  EXPECT_NE(own.fields(), usual);
  EXPECT_EQ(own.library_fields(), usual);
}

TEST(ClientDefaults, out_of_range_are_named) {
  const auto wrong = [](const ClientOptions& options) {
    try {
      const ClientDefaults defaults(options);
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), Error::invalid_option);
      return std::string(error.what()).substr(0, std::string(error.what()).find(':'));
    }
    return std::string("nothing");
  };
  EXPECT_EQ(wrong({.base_url = "/v1"}), "base_url is no absolute http or https URL");
  EXPECT_EQ(wrong({.base_url = "ftp://a/"}), "base_url is no absolute http or https URL");
  EXPECT_EQ(wrong({.user_agent = "a\r\nb"}), "user_agent is no field value");
  EXPECT_EQ(wrong({.headers = {{"a b", "c"}}}), "headers has a name that is no token");
  EXPECT_EQ(wrong({.headers = {{"A", "c\nd"}}}), "headers has a malformed value of A");
  for (const char* name : {"Host", "connection", "Content-Length", "Transfer-Encoding", "Expect", "Trailer",
                           "Proxy-Authorization"}) {
    EXPECT_EQ(wrong({.headers = {{name, "x"}}}), "headers must not have " + std::string(name));
  }
}

}  // namespace
}  // namespace headway::exec
