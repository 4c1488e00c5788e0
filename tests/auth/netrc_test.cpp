// SPDX-License-Identifier: BSL-1.0

#include "src/auth/credential_held.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/credentials.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using ::testing::HasSubstr;

/// "host user:password;" for each entry.
std::string flat(std::string_view text) {
  std::string all;
  const Credentials read = parse_netrc(text);
  for (const auto& [host, credential] : read.entries()) {
    const auto& login = std::get<Password>(credential.held().kind);
    all.append(host).append(" ").append(login.user).append(":").append(login.password).append(";");
  }
  return all;
}

TEST(Netrc, has_a_login_for_each_machine) {
  const std::pair<const char*, const char*> table[] = {
      {"", ""},
      {"machine a.test login u password p", "a.test u:p;"},
      {"machine A.Test\n\tlogin u\r\n\tpassword p\n", "a.test u:p;"},
      {"machine a.test password p login u machine b.test login v password q", "a.test u:p;b.test v:q;"},
      {"machine a.test login u password p account x machine b.test login v password q",
       "a.test u:p;b.test v:q;"},
      {"# a comment\nmachine a.test # another\nlogin u password p", "a.test u:p;"},
      {"machine a.test login u password #p", "a.test u:#p;"},
      {"machine a.test login u password \"p \\\"q\\\" \\\\\"", "a.test u:p \"q\" \\;"},
      {"machine ::1 login u password p", "::1 u:p;"},
      {"machine a.test login u password p\nmachine a.test login v password q", "a.test u:p;"},
      {"macdef init\nmachine x.test login x password x\n\nmachine a.test login u password p", "a.test u:p;"},
      {"machine a.test login u password p\ndefault login d password d", "a.test u:p;"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(flat(text), expected) << text;
}

TEST(Netrc, passes_over_what_is_no_login) {
  for (const char* text : {"machine", "machine a.test", "machine a.test login u", "machine a.test password p",
                           "login u password p", "machine a.test login \"\" password p",
                           "machine a.test login u:v password p", "machine a.test login u password \"p\x01\"",
                           "machine a/b login u password p", "machine a.test login u password \"p",
                           "machine a.test login u password", "default login u password p", "nonsense"})
    EXPECT_EQ(flat(text), "") << text;
}

TEST(Netrc, is_read_from_a_file) {
  const testing::TemporaryDirectory directory;
  directory.write("netrc", "machine a.test login u password p");
  EXPECT_EQ(read_netrc(directory.path() / "netrc").entries().size(), 1u);
  std::error_code ec;
  EXPECT_TRUE(read_netrc(directory.path() / "none", ec).entries().empty());
  EXPECT_EQ(ec, std::errc::no_such_file_or_directory);
  try {
    read_netrc(directory.path() / "none");
    ADD_FAILURE();
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("none"));
  }
}

}  // namespace
}  // namespace headway
