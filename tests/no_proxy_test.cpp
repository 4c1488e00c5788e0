// SPDX-License-Identifier: BSL-1.0

#include <headway/error.hpp>
#include <headway/no_proxy.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using ::testing::HasSubstr;

struct Matched {
  const char *list, *host;
  std::uint16_t port;
  bool matches;
};

const Matched table[] = {
    {"", "example.com", 80, false},
    {" , ,", "example.com", 80, false},
    {"*", "example.com", 80, true},
    {"*", "::1", 443, true},
    {"example.com", "example.com", 80, true},
    {"EXAMPLE.com.", "example.com", 80, true},
    {"example.com", "example.com.", 80, true},
    {"example.com", "www.example.com", 80, true},
    {"example.com", "notexample.com", 80, false},
    {"example.com", "example.com.evil.net", 80, false},
    {"example.com", "com", 80, false},
    {".example.com", "example.com", 80, false},
    {".example.com", "a.b.example.com", 80, true},
    {"*.example.com", "www.example.com", 80, true},
    {"*.example.com", "example.com", 80, false},
    {"localhost", "localhost", 8080, true},
    {"example.com:8080", "www.example.com", 8080, true},
    {"example.com:8080", "example.com", 80, false},
    {"a.test, b.test\tc.test", "c.test", 80, true},
    {"a.test,b.test", "d.test", 80, false},
    {"10.1.2.3", "10.1.2.3", 80, true},
    {"10.1.2.3", "10.1.2.30", 80, false},
    {"10.1.2.3:81", "10.1.2.3", 81, true},
    {"10.1.2.3:81", "10.1.2.3", 80, false},
    {"10.0.0.0/8", "10.255.0.1", 80, true},
    {"10.0.0.0/8", "11.0.0.1", 80, false},
    {"10.1.2.99/25", "10.1.2.127", 80, true},
    {"10.1.2.99/25", "10.1.2.128", 80, false},
    {"0.0.0.0/0", "8.8.8.8", 80, true},
    {"0.0.0.0/0", "::1", 80, false},
    {"10.0.0.0/8:81", "10.0.0.1", 81, true},
    {"10.0.0.0/8", "::ffff:10.0.0.1", 80, true},
    {"::ffff:10.0.0.0/104", "10.0.0.1", 80, true},
    {"::1", "::1", 80, true},
    {"::1", "::2", 80, false},
    {"[::1]", "::1", 80, true},
    {"[::1]:81", "::1", 81, true},
    {"[::1]:81", "::1", 80, false},
    {"fd00::/8", "fdab::1", 80, true},
    {"fd00::/8", "fe80::1", 80, false},
    {"2001:db8::/33", "2001:db8:7fff::1", 80, true},
    {"2001:db8::/33", "2001:db8:8000::1", 80, false},
    {"0:0:0:0:0:0:0:1", "::1", 80, true},
    {"1.2.3", "9.1.2.3", 80, false},
    {"2.3.4", "1.2.3.4", 80, false},
};

TEST(NoProxy, matches_names_ports_addresses_and_ranges) {  // scenario 125
  for (const Matched& row : table) {
    EXPECT_EQ(NoProxy(row.list).matches(row.host, row.port), row.matches)
        << '"' << row.list << "\" " << row.host << ':' << row.port;
  }
}

TEST(NoProxy, names_the_entry_that_is_malformed) {  // scenario 125
  for (const char* entry :
       {"10.0.0.0/33", "10.0.0.0/-1",   "10.0.0.0/",    "::1/129",  "[::1", "[10.0.0.1]", "[]",
        "a.test:",     "a.test:0",      "a.test:65536", "a.test:x", "..",   ".",          "a*b",
        "*.",          "http://a.test", "a.test/8",     "/8",       ":80",  "a\x01",      "a%zz"}) {
    try {
      const NoProxy list(std::string("good.test,") + entry);
      ADD_FAILURE() << entry;
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), Error::invalid_option);
      EXPECT_THAT(error.what(), HasSubstr(entry));
    }
  }
}

}  // namespace
}  // namespace headway
