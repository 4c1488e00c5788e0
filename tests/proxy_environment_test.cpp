// SPDX-License-Identifier: BSL-1.0

#include <headway/proxy.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace headway {
namespace {

using Environment = std::map<std::string, std::string>;

Proxy from(const Environment& environment) {
  return Proxy::from_environment([&](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  });
}

TEST(ProxyFromEnvironment, takes_each_variable_in_either_case) {  // scenario 125
  const Proxy lower = from({{"http_proxy", "http://h"},
                            {"https_proxy", "http://s"},
                            {"all_proxy", "http://a"},
                            {"no_proxy", "n"}});
  const Proxy upper = from({{"HTTP_PROXY", "http://h"},
                            {"HTTPS_PROXY", "http://s"},
                            {"ALL_PROXY", "http://a"},
                            {"NO_PROXY", "n"}});
  for (const Proxy& proxy : {lower, upper}) {
    EXPECT_EQ(proxy.http, "http://h");
    EXPECT_EQ(proxy.https, "http://s");
    EXPECT_EQ(proxy.url, "http://a");
    EXPECT_EQ(proxy.no_proxy, "n");
  }
}

TEST(ProxyFromEnvironment, prefers_lower_case_and_takes_empty_for_unset) {  // scenario 125
  EXPECT_EQ(from({{"https_proxy", "http://a"}, {"HTTPS_PROXY", "http://b"}}).https, "http://a");
  EXPECT_EQ(from({{"https_proxy", ""}, {"HTTPS_PROXY", "http://b"}}).https, "http://b");
  EXPECT_EQ(from({}).url + from({}).http + from({}).https + from({}).no_proxy, "");
}

TEST(ProxyFromEnvironment, ignores_in_a_cgi_program_what_a_client_may_have_sent) {  // scenario 125
  EXPECT_EQ(from({{"REQUEST_METHOD", "GET"}, {"HTTP_PROXY", "http://evil"}}).http, "");
  EXPECT_EQ(from({{"REQUEST_METHOD", ""}, {"HTTP_PROXY", "http://evil"}}).http, "");
  EXPECT_EQ(from({{"REQUEST_METHOD", "GET"}, {"http_proxy", "http://good"}}).http, "http://good");
  EXPECT_EQ(from({{"REQUEST_METHOD", "GET"}, {"HTTPS_PROXY", "http://good"}}).https, "http://good");
}

}  // namespace
}  // namespace headway
