// SPDX-License-Identifier: BSL-1.0

#include <headway/method.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace headway {
namespace {

using namespace std::string_view_literals;

struct Facts {
  std::string_view method;
  bool valid, safe, idempotent, with_body;
};

TEST(Method, has_the_properties_that_rfc_9110_gives_it) {
  constexpr Facts cases[] = {
      {"GET", true, true, true, false},
      {"HEAD", true, true, true, false},
      {"OPTIONS", true, true, true, false},
      {"TRACE", true, true, true, false},
      {"PUT", true, false, true, true},
      {"DELETE", true, false, true, false},
      {"POST", true, false, false, true},
      {"PATCH", true, false, false, true},
      {"CONNECT", false, false, false, false},
      {"get", true, false, false, false},
      {"Put", true, false, false, false},
      {"connect", true, false, false, false},
      {"PROPFIND", true, false, false, false},
      {"M-SEARCH", true, false, false, false},
      {"GETS", true, false, false, false},
      {"", false, false, false, false},
      {"GE T", false, false, false, false},
      {"GET ", false, false, false, false},
      {"GET\r\n", false, false, false, false},
      {"GET\0"sv, false, false, false, false},
      {"GET/", false, false, false, false},
      {"G\xC3\x89T", false, false, false, false},
      {"!#$%&'*+-.^_`|~", true, false, false, false},
  };
  for (const Facts& c : cases) {
    SCOPED_TRACE(c.method);
    EXPECT_EQ(is_valid_method(c.method), c.valid);
    EXPECT_EQ(is_safe(c.method), c.safe);
    EXPECT_EQ(is_idempotent(c.method), c.idempotent);
    EXPECT_EQ(expects_body(c.method), c.with_body);
  }
}

}  // namespace
}  // namespace headway
