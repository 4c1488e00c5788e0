// SPDX-License-Identifier: BSL-1.0
#include "src/connect/names.hpp"

#include "tests/support/eventually.hpp"

#include <headway/error.hpp>
#include <headway/testing/gate.hpp>
#include <headway/testing/manual_clock.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <stdexcept>

namespace headway::connect {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using testing::Gate;
using Texts = std::vector<std::string>;

/// What a name server does, host by host. Thread-safe.
class Zone {
 public:
  Texts look_up(const std::string& host) {
    ++lookups;
    if (host.starts_with("hung")) gate.wait();
    if (host.starts_with("none")) return {};
    if (host.starts_with("garbage")) return {"not an address"};
    if (host.starts_with("thrown")) throw std::runtime_error("no such zone");
    if (host.starts_with("failed")) throw std::system_error(make_error_code(Error::resolve_failed), "later");
    if (host.starts_with("many")) return Texts(100, "192.0.2.1");
    return {"192.0.2.1", "2001:db8::1"};
  }
  std::atomic<int> lookups = 0;
  Gate gate;
};

class NamesTest : public ::testing::Test {
 protected:
  // What hangs at the end of a test is let go, and waited for: it refers to the zone.
  ~NamesTest() override {
    zone->gate.open();
    (void)eventually([&] { return weak_zone.use_count() <= 1 + (names ? 1 : 0); });
  }
  Names& make(DialOptions options = {}) {
    options.resolver = [zone = zone](const std::string& host) { return zone->look_up(host); };
    names = std::make_unique<Names>(options, clock);
    return *names;
  }
  static bool is_answered(const std::shared_ptr<Inquiry>& inquiry) {
    return eventually([&] { return inquiry->answered.is_set(); });
  }
  /// Waits for the answer.
  std::shared_ptr<const Answer> answer(const std::string& host) const {
    const auto inquiry = names->ask(host);
    return is_answered(inquiry) ? inquiry->answer() : nullptr;
  }

  testing::ManualClock clock;
  std::shared_ptr<Zone> zone = std::make_shared<Zone>();
  std::weak_ptr<Zone> weak_zone = zone;
  std::unique_ptr<Names> names;
};

TEST_F(NamesTest, finds_addresses_in_the_resolvers_order) {
  make();
  const auto found = answer("a.test");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->addresses.size(), 2);
  EXPECT_EQ(found->addresses[0].str(), "192.0.2.1:0");
  EXPECT_EQ(found->addresses[1].str(), "[2001:db8::1]:0");
}

TEST_F(NamesTest, joins_equal_questions) {
  make();
  const auto first = names->ask("hung.test");
  const auto second = names->ask("hung.test");
  zone->gate.open();
  EXPECT_TRUE(is_answered(first));
  EXPECT_TRUE(is_answered(second));
  EXPECT_EQ(first->answer(), second->answer());
  EXPECT_EQ(zone->lookups, 1);
}

TEST_F(NamesTest, keeps_an_answer_for_60_seconds) {  // pool rule 59
  make();
  answer("a.test");
  clock.advance(60s - 1ms);
  EXPECT_TRUE(names->ask("a.test")->answered.is_set());
  EXPECT_EQ(zone->lookups, 1);
  clock.advance(1ms);
  answer("a.test");
  EXPECT_EQ(zone->lookups, 2);
}

TEST_F(NamesTest, keeps_answers_as_long_as_it_is_told) {  // pool rule 59
  make({.keep_addresses = 5s});
  answer("a.test");
  clock.advance(5s);
  answer("a.test");
  EXPECT_EQ(zone->lookups, 2);
  make({.keep_addresses = 0s});
  answer("a.test");
  answer("a.test");
  EXPECT_EQ(zone->lookups, 4);
  make({.keep_addresses = unlimited});
  answer("a.test");
  clock.advance(24h * 365);
  answer("a.test");
  EXPECT_EQ(zone->lookups, 5);
}

TEST_F(NamesTest, keeps_no_failure) {
  make();
  EXPECT_EQ(answer("failed.test")->error, Error::resolve_failed);
  EXPECT_EQ(answer("failed.test")->detail, "later");
  EXPECT_EQ(zone->lookups, 2);
}

TEST_F(NamesTest, calls_an_empty_answer_a_host_that_is_not_found) {  // pool rule 57; scenario 131
  make();
  EXPECT_EQ(answer("none.test")->error, Error::host_not_found);
}

TEST_F(NamesTest, survives_a_resolver_that_throws_or_answers_nonsense) {  // scenario 131
  make();
  const auto thrown = answer("thrown.test");
  EXPECT_EQ(thrown->error, Error::resolve_failed);
  EXPECT_EQ(thrown->detail, "no such zone");
  const auto garbage = answer("garbage.test");
  EXPECT_EQ(garbage->error, Error::resolve_failed);
  EXPECT_EQ(garbage->detail, "\"not an address\" is no IP address");
}

TEST_F(NamesTest, takes_no_more_than_16_addresses) {
  make();
  EXPECT_EQ(answer("many.test")->addresses.size(), Names::most_addresses);
}

TEST_F(NamesTest, does_not_let_a_hung_name_hold_up_another) {  // pool rule 56
  make();
  std::vector<std::shared_ptr<Inquiry>> hung;
  for (int i = 0; i < 20; ++i) hung.push_back(names->ask("hung" + std::to_string(i) + ".test"));
  EXPECT_EQ(answer("a.test")->error, std::error_code());
  for (const auto& inquiry : hung) EXPECT_FALSE(inquiry->answered.is_set());
}

TEST_F(NamesTest, has_no_more_threads_than_it_may) {  // pool rule 56
  make({.max_lookups = 2});
  const auto first = names->ask("hung1.test"), second = names->ask("hung2.test"),
             third = names->ask("hung3.test");
  ASSERT_TRUE(eventually([&] { return zone->lookups == 2; }));
  EXPECT_FALSE(third->answered.is_set());
  zone->gate.open();
  EXPECT_TRUE(is_answered(third));
}

TEST_F(NamesTest, skips_a_look_up_that_nobody_waits_for_any_more) {
  make({.max_lookups = 1});
  const auto first = names->ask("hung.test");
  ASSERT_TRUE(eventually([&] { return zone->lookups == 1; }));
  names->ask("given.up.test");
  const auto last = names->ask("a.test");
  zone->gate.open();
  EXPECT_TRUE(is_answered(last));
  EXPECT_EQ(zone->lookups, 2);
}

TEST_F(NamesTest, has_a_late_answer_for_the_next_one) {  // pool rule 56; scenario 83
  make();
  auto given_up = names->ask("hung.test");
  const auto next = [&] { return names->ask("hung.test")->answered.is_set(); };
  ASSERT_TRUE(eventually([&] { return zone->lookups == 1; }));
  given_up.reset();
  EXPECT_FALSE(next());
  zone->gate.open();
  EXPECT_TRUE(eventually(next));
  EXPECT_EQ(zone->lookups, 1);
}

TEST_F(NamesTest, starts_another_look_up_beside_one_that_is_stuck_but_no_third) {  // pool rule 56
  make();
  const auto first = names->ask("hung.test");
  clock.advance(Names::stuck_after - 1ms);
  const auto second = names->ask("hung.test");
  ASSERT_TRUE(eventually([&] { return zone->lookups == 1; }));
  clock.advance(1ms);
  const auto third = names->ask("hung.test");
  ASSERT_TRUE(eventually([&] { return zone->lookups == 2; }));
  clock.advance(1h);
  const auto fourth = names->ask("hung.test");
  zone->gate.open();
  for (const auto& inquiry : {first, second, third, fourth}) EXPECT_TRUE(is_answered(inquiry));
  EXPECT_EQ(zone->lookups, 2);
}

TEST_F(NamesTest, forgets_names_rather_than_to_know_too_many) {
  make();
  for (std::size_t i = 0; i < Names::most_names; ++i) {
    ASSERT_TRUE(answer("a" + std::to_string(i)));
    clock.advance(1ms);
  }
  ASSERT_TRUE(answer("one.more"));
  const int before = zone->lookups;
  ASSERT_TRUE(answer("one.more"));
  ASSERT_TRUE(answer("a1023"));
  EXPECT_EQ(zone->lookups, before);
  ASSERT_TRUE(answer("a0"));  // the one that would have expired first
  EXPECT_EQ(zone->lookups, before + 1);
}

TEST_F(NamesTest, refuses_more_look_ups_at_a_time_than_it_knows_names) {
  make({.max_lookups = 1});
  std::deque<std::shared_ptr<Inquiry>> asked;
  for (std::size_t i = 0; i < Names::most_names; ++i) asked.push_back(names->ask("hung" + std::to_string(i)));
  const auto refused = names->ask("a.test");
  ASSERT_TRUE(refused->answered.is_set());
  EXPECT_EQ(refused->answer()->error, Error::resolve_failed);
  EXPECT_EQ(refused->answer()->detail, "too many look-ups at a time");
}

TEST_F(NamesTest, may_go_while_a_look_up_hangs) {  // pool rule 56: late answers are dropped safely
  make();
  const auto inquiry = names->ask("hung.test");
  ASSERT_TRUE(eventually([&] { return zone->lookups == 1; }));
  names.reset();
  zone->gate.open();
  EXPECT_TRUE(eventually([&] { return weak_zone.use_count() == 1; }));
  EXPECT_FALSE(inquiry->answered.is_set());
}

TEST(SystemResolver, knows_this_machine) {
  const Texts found = SystemResolver{}("localhost");
  ASSERT_FALSE(found.empty());
  for (const std::string& text : found) EXPECT_TRUE(text == "127.0.0.1" || text == "::1") << text;
}

TEST(SystemResolver, tells_a_name_without_an_address) {
  try {
    SystemResolver{}(std::string(300, 'x'));
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_TRUE(error.code() == Condition::resolve);
  }
}

}  // namespace
}  // namespace headway::connect
