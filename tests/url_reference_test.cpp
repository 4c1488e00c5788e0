// SPDX-License-Identifier: BSL-1.0

#include <headway/url.hpp>

#include <gtest/gtest.h>

namespace headway {
namespace {

struct Resolution {
  const char *reference, *result;
};

constexpr const char* rfc_base = "http://a/b/c/d;p?q";

TEST(ResolveReference, follows_the_normal_examples_of_rfc_3986) {
  constexpr Resolution cases[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y#s"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
  };
  for (const Resolution& c : cases)
    EXPECT_EQ(resolve_reference(rfc_base, c.reference), c.result) << c.reference;
}

TEST(ResolveReference, follows_the_abnormal_examples_of_rfc_3986) {
  constexpr Resolution cases[] = {
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/./x", "http://a/b/c/g#s/./x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
      {"http:g", "http:g"},
  };
  for (const Resolution& c : cases)
    EXPECT_EQ(resolve_reference(rfc_base, c.reference), c.result) << c.reference;
}

TEST(ResolveReference, works_with_any_base) {
  constexpr struct {
    const char *base, *reference, *result;
  } cases[] = {
      {"http://a", "g", "http://a/g"},
      {"http://a", "?y", "http://a?y"},
      {"http://a?x/y", "g", "http://a/g"},
      {"http://a/b#f", "", "http://a/b"},
      {"http://a/b?", "", "http://a/b?"},
      {"http://a/b?q", "?", "http://a/b?"},
      {"http://a/b?q", "#", "http://a/b?q#"},
      {"http://a/b/", "c", "http://a/b/c"},
      {"http://a/b/../c", "", "http://a/b/../c"},
      {"http://a/b/../c", "d", "http://a/d"},
      {"mid:b/c", "d", "mid:b/d"},
      {"mid:b", "d", "mid:d"},
      {"mid:b", "../../d", "mid:d"},
      {"file:///a/b", "c", "file:///a/c"},
      {"s://a/b", "t://c/d/../e", "t://c/e"},
      {"s://a/b", "//c/d/../e", "s://c/e"},
      {"s://a/b", "1:c", "s://a/1:c"},
      {"s://a/b", "c?d:e", "s://a/c?d:e"},
      {"s://a/b", "/c:d", "s://a/c:d"},
      {"s://a/b/c", "..//../x", "s://a/x"},
      {"s://a/b/c", "/x//../y", "s://a/x/y"},
      {"", "", ""},
      {"", "a/../b", "/b"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(resolve_reference(c.base, c.reference), c.result) << c.base << " + " << c.reference;
  }
}

TEST(ResolveReference, takes_time_in_proportion_to_the_text) {
  std::string up;
  for (int i = 0; i < 200'000; ++i) up += "a/../";
  EXPECT_EQ(resolve_reference("http://h/", up), "http://h/");
}

}  // namespace
}  // namespace headway
