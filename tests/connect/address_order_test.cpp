// SPDX-License-Identifier: BSL-1.0
#include "src/connect/address_order.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway::connect {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

std::vector<Address> parse(const Texts& texts) {
  std::vector<Address> addresses;
  for (const std::string& text : texts) addresses.push_back(Address::of_literal(text, 80).value());
  return addresses;
}

Texts print(const std::vector<Address>& addresses) {
  Texts texts;
  for (const Address& address : addresses) texts.push_back(address.str());
  return texts;
}

TEST(AddressOrder, families_take_turns_beginning_with_the_first_ones) {  // pool rule 54
  const struct {
    Texts given, expected;
  } cases[] = {
      {{}, {}},
      {{"::1"}, {"[::1]:80"}},
      {{"::1", "::2", "1.1.1.1", "1.1.1.2"}, {"[::1]:80", "1.1.1.1:80", "[::2]:80", "1.1.1.2:80"}},
      {{"1.1.1.1", "1.1.1.2", "::1"}, {"1.1.1.1:80", "[::1]:80", "1.1.1.2:80"}},
      {{"::1", "1.1.1.1", "1.1.1.2", "1.1.1.3"}, {"[::1]:80", "1.1.1.1:80", "1.1.1.2:80", "1.1.1.3:80"}},
      {{"1.1.1.1", "1.1.1.2"}, {"1.1.1.1:80", "1.1.1.2:80"}},
  };
  for (const auto& c : cases) EXPECT_EQ(print(interleave(parse(c.given))), c.expected);
}

class FailedAddressesTest : public ::testing::Test {
 protected:
  Texts order() {
    std::vector<Address> addresses = parse({"::1", "1.1.1.1", "::2"});
    failed.put_last(addresses, now);
    return print(addresses);
  }
  void note(const char* text) { failed.note(*Address::of_literal(text, 80), now); }

  FailedAddresses failed;
  TimePoint now{1h};
};

TEST_F(FailedAddressesTest, go_last_for_a_while_in_their_own_order) {  // pool rule 58
  note("::1");
  note("1.1.1.1");
  EXPECT_EQ(order(), (Texts{"[::2]:80", "[::1]:80", "1.1.1.1:80"}));
  now += FailedAddresses::memory;
  EXPECT_EQ(order(), (Texts{"[::1]:80", "1.1.1.1:80", "[::2]:80"}));
}

TEST_F(FailedAddressesTest, are_forgotten_once_they_answer) {  // pool rule 58
  note("::1");
  failed.forget(*Address::of_literal("::1", 80));
  EXPECT_EQ(order().front(), "[::1]:80");
}

TEST_F(FailedAddressesTest, of_another_port_are_others) {
  failed.note(*Address::of_literal("::1", 81), now);
  EXPECT_EQ(order().front(), "[::1]:80");
}

TEST_F(FailedAddressesTest, are_not_more_than_it_can_remember) {
  for (std::uint16_t port = 1; port <= FailedAddresses::most + 10; ++port)
    failed.note(*Address::of_literal("1.1.1.9", port), now);
  note("::1");
  EXPECT_EQ(order().back(), "[::1]:80");
}

TEST(Address, knows_its_zone) {
  const auto address = Address::of_literal("fe80::1%lo", 80);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->str(), "[fe80::1%lo]:80");
  EXPECT_FALSE(Address::of_literal("fe80::1%nowhere", 80));
  EXPECT_FALSE(Address::of_literal("127.0.0.1%lo", 80));
}

TEST(Address, of_a_path_has_room_for_107_bytes) {
  const std::string longest(Address::longest_path, 'x');
  EXPECT_EQ(longest.size(), 107);
  ASSERT_TRUE(Address::of_path(longest));
  EXPECT_EQ(Address::of_path(longest)->str(), longest);
  EXPECT_FALSE(Address::of_path(longest + 'x'));
  EXPECT_FALSE(Address::of_path(std::string("a\0b", 3)));
  EXPECT_FALSE(Address::of_path(""));
}

}  // namespace
}  // namespace headway::connect
