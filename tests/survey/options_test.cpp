// SPDX-License-Identifier: BSL-1.0
#include "survey/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace survey {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string error_of(const std::vector<std::string_view>& arguments) {
  try {
    parse_options(arguments);
  } catch (const OptionError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Options, run_all_plans_on_the_embedded_servers_by_default) {
  Options options = parse_options({});
  EXPECT_THAT(options.urls, IsEmpty());
  EXPECT_EQ(options.requests, 60);
  EXPECT_EQ(options.interval, 0ms);
  EXPECT_EQ(options.threads, 1);
  EXPECT_THAT(options.plans, ElementsAreArray(all_plans));
  EXPECT_EQ(options.json_file, "");
  EXPECT_EQ(options.svg_file, "");
  EXPECT_EQ(options.action, Options::Action::run);
}

TEST(Options, are_read_with_their_value_behind_them_or_after_an_equals_sign) {
  Options options =
      parse_options({"http://a/", "--requests", "7", "--interval=1.1s", "--threads", "4", "https://b/x",
                     "--json=a=b.json", "--svg", "c.svg", "--plans", "pool,close"});
  EXPECT_THAT(options.urls, ElementsAre("http://a/", "https://b/x"));
  EXPECT_EQ(options.requests, 7);
  EXPECT_EQ(options.interval, 1100ms);
  EXPECT_EQ(options.threads, 4);
  EXPECT_EQ(options.json_file, "a=b.json");
  EXPECT_EQ(options.svg_file, "c.svg");
  EXPECT_THAT(options.plans, ElementsAre(Plan::pool, Plan::close));
}

TEST(Options, take_durations_in_seconds_and_milliseconds) {
  EXPECT_EQ(parse_options({"--interval", "0ms"}).interval, 0ms);
  EXPECT_EQ(parse_options({"--interval", "250ms"}).interval, 250ms);
  EXPECT_EQ(parse_options({"--interval", "2s"}).interval, 2s);
  EXPECT_EQ(parse_options({"--interval", "0.5s"}).interval, 500ms);
}

TEST(Options, refuse_durations_without_unit_sign_or_sense) {
  for (std::string_view bad : {"", "5", "ms", "-1s", "1m", "1 s", "nans", "infs", "2h", "3601s", "1e3ms"})
    EXPECT_EQ(
        error_of({"--interval", bad}),
        "--interval takes a duration up to an hour such as 250ms or 1.1s, not '" + std::string(bad) + "'");
}

TEST(Options, refuse_counts_that_are_none) {
  for (std::string_view bad : {"", "0", "-3", "x", "7x", "1.5", "1000001", "99999999999999999999"})
    EXPECT_EQ(error_of({"--requests", bad}),
              "--requests takes a whole number from 1 to 1000000, not '" + std::string(bad) + "'");
  EXPECT_THAT(error_of({"--threads", "0"}), HasSubstr("--threads takes a whole number from 1 to 1000"));
}

TEST(Options, refuse_plans_that_do_not_exist_or_come_twice) {
  EXPECT_EQ(error_of({"--plans", "pool,cloze"}),
            "--plans takes plans out of leave-open,close,server-closes,single,pool, not 'cloze'");
  EXPECT_THAT(error_of({"--plans", ""}), HasSubstr("not ''"));
  EXPECT_THAT(error_of({"--plans", "pool,"}), HasSubstr("not ''"));
  EXPECT_THAT(error_of({"--plans", "pool,pool"}), HasSubstr("--plans takes each plan once"));
}

TEST(Options, name_the_option_that_is_unknown_or_lacks_its_value) {
  EXPECT_EQ(error_of({"--request", "5"}), "there is no option --request; see --help");
  EXPECT_EQ(error_of({"-n"}), "there is no option -n; see --help");
  EXPECT_EQ(error_of({"--svg"}), "--svg needs a value; see --help");
  EXPECT_EQ(error_of({"--json="}), "--json takes the name of a file, not ''");
}

TEST(Options, refuse_what_is_no_url) {
  EXPECT_EQ(error_of({"localhost:80"}),
            "a URL begins with http:// or https://, which 'localhost:80' does not");
}

TEST(Options, ask_for_help) { EXPECT_EQ(parse_options({"--help"}).action, Options::Action::show_help); }

TEST(Options, are_all_in_the_help_text_and_so_are_the_plans) {
  EXPECT_THAT(std::string(help_text()),
              AllOf(HasSubstr("--requests N"), HasSubstr("--interval T"), HasSubstr("--threads N"),
                    HasSubstr("--plans A,B,..."), HasSubstr("--json FILE"), HasSubstr("--svg FILE")));
  for (Plan plan : all_plans)
    EXPECT_THAT(std::string(help_text()), HasSubstr("\n  " + std::string(name(plan)) + " "));
}

}  // namespace
}  // namespace survey
