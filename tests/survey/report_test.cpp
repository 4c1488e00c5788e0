// SPDX-License-Identifier: BSL-1.0

// The tests of what is printed and written: table, JSON, drawing.

#include "survey/axis.hpp"
#include "survey/json_writer.hpp"
#include "survey/report_json.hpp"
#include "survey/report_svg.hpp"
#include "survey/results_table.hpp"
#include "survey/svg_canvas.hpp"
#include "tests/survey/results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace survey {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Table, aligns_the_first_column_left_and_the_others_right) {
  Table table({"plan", "n"});
  table.add_row({"pool", "7"});
  table.add_row({"leave-open", "1234"});
  EXPECT_EQ(table.text(),
            "plan           n\n"
            "----------------\n"
            "pool           7\n"
            "leave-open  1234\n");
}

TEST(Table, counts_characters_rather_than_bytes) {
  Table table({"a", "b"});
  table.add_row({"\xc3\xa4\xe2\x82\xac", "1"});
  table.add_row({"xy", "2"});
  EXPECT_THAT(table.text(), EndsWith("\xc3\xa4\xe2\x82\xac  1\nxy  2\n"));
}

TEST(Table, leaves_no_blanks_behind_a_short_row) {
  Table table({"a", "b"});
  table.add_row({"x"});
  EXPECT_THAT(table.text(), EndsWith("\nx\n"));
}

TEST(ResultsTable, shows_sockets_at_the_end_and_a_higher_peak_in_brackets) {
  PlanResult pool = left_with(plan_result("pool", 180us, 6), TcpState::established, 3);
  pool.peak[TcpState::established] = 5;
  EXPECT_EQ(results_table({pool}).text(),
            "plan  requests  failed  conns  req/conn     min     p50     p95     p99     max  ESTABLISHED\n"
            "--------------------------------------------------------------------------------------------\n"
            "pool        60       0      6      10.0  180 us  180 us  180 us  180 us  180 us        3 (5)\n");
}

TEST(ResultsTable, has_columns_for_states_that_were_left_or_that_can_last) {
  PlanResult result = left_with(plan_result("close", 1ms, 60), TcpState::fin_wait_2, 60);
  result.peak[TcpState::established] = 1;
  result.peak[TcpState::last_ack] = 1;
  EXPECT_THAT(results_table({result}).text(), AllOf(HasSubstr("FIN_WAIT2"), HasSubstr("ESTABLISHED"),
                                                    Not(HasSubstr("LAST_ACK")), Not(HasSubstr("TIME_WAIT"))));
}

TEST(ResultsTable, has_no_latency_where_nothing_succeeded) {
  PlanResult dead;
  dead.plan = "pool";
  dead.requests = dead.failures = 2;
  EXPECT_THAT(results_table({dead}).text(),
              EndsWith("pool         2       2      0       0.0    -    -    -    -    -\n"));
}

TEST(FormatDuration, keeps_three_digits_and_changes_the_unit_where_it_rounds_up) {
  EXPECT_EQ(format_duration(0ns), "0.00 us");
  EXPECT_EQ(format_duration(1234ns), "1.23 us");
  EXPECT_EQ(format_duration(184us), "184 us");
  EXPECT_EQ(format_duration(999600ns), "1.00 ms");
  EXPECT_EQ(format_duration(12340us), "12.3 ms");
  EXPECT_EQ(format_duration(999900us), "1.00 s");
  EXPECT_EQ(format_duration(61s), "61.0 s");
}

TEST(JsonString, escapes_what_must_be_escaped) {
  EXPECT_EQ(json_string("a\"b\\c\n\r\t\x01\x1f/"), R"("a\"b\\c\n\r\t\u0001\u001f/")");
  EXPECT_EQ(json_string(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(JsonString, keeps_utf8_and_replaces_what_is_none) {
  EXPECT_EQ(json_string("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
  const std::string bad = "\xef\xbf\xbd";
  EXPECT_EQ(json_string("a\xff"
                        "b"),
            "\"a" + bad + "b\"");
  EXPECT_EQ(json_string("\xc3"), "\"" + bad + "\"");                      // cut off
  EXPECT_EQ(json_string("\xc0\x80"), "\"" + bad + bad + "\"");            // overlong
  EXPECT_EQ(json_string("\xed\xa0\x80"), "\"" + bad + bad + bad + "\"");  // a surrogate
}

TEST(JsonWriter, nests_objects_and_arrays_and_writes_no_number_that_json_lacks) {
  JsonWriter json;
  json.begin_object();
  json.field("a", 1);
  json.key("b");
  json.begin_array();
  json.value("x");
  json.value(0.25);
  json.value(std::numeric_limits<double>::infinity());
  json.end_array();
  json.key("c");
  json.begin_object();
  json.end_object();
  json.end_object();
  EXPECT_EQ(json.text(),
            "{\n  \"a\": 1,\n  \"b\": [\n    \"x\",\n    0.25,\n    null\n  ],\n  \"c\": {}\n}\n");
}

TEST(JsonReport, holds_settings_plans_errors_and_advice) {
  PlanResult result = left_with(plan_result("close", 1500us, 60), TcpState::time_wait, 57);
  result.failures = 1;
  result.first_errors = {"GET \"x\": refused"};
  result.wall_seconds = 0.5;
  std::string json = report_json({result}, {.servers = 3, .requests = 60, .interval = 250ms}, "pool fits: …");
  EXPECT_THAT(json, AllOf(HasSubstr("\"interval_ms\": 250"), HasSubstr("\"plan\": \"close\""),
                          HasSubstr("\"p99\": 1.5"), HasSubstr("\"TIME_WAIT\": 57"),
                          HasSubstr("\"requests_per_connection\": 1,"), HasSubstr("\"wall_seconds\": 0.5"),
                          HasSubstr(R"("GET \"x\": refused")"), HasSubstr("\"advice\": \"pool fits: …\"")));
}

TEST(JsonReport, leaves_percentiles_out_where_nothing_succeeded) {
  PlanResult dead;
  dead.plan = "pool";
  EXPECT_THAT(report_json({dead}, {}, ""), AllOf(HasSubstr("\"count\": 0"), Not(HasSubstr("\"p50\""))));
}

TEST(LinearAxis, ends_at_a_round_number_that_holds_the_largest_value) {
  EXPECT_THAT(LinearAxis(0, 0, 100).ticks(), ElementsAre(0, 1));
  EXPECT_THAT(LinearAxis(7, 0, 100).ticks(), ElementsAre(0, 2, 4, 6, 8));
  EXPECT_THAT(LinearAxis(60, 0, 100).ticks(), ElementsAre(0, 20, 40, 60));
  EXPECT_DOUBLE_EQ(LinearAxis(60, 10, 100).at(30), 60);
}

TEST(LogAxis, spans_whole_decades_and_keeps_outliers_at_its_edge) {
  LogAxis axis(30, 2000, 0, 300);
  ASSERT_THAT(axis.ticks(), ElementsAre(10, 100, 1000, 10000));
  EXPECT_DOUBLE_EQ(axis.at(10), 0);
  EXPECT_DOUBLE_EQ(axis.at(1000), 200);
  EXPECT_DOUBLE_EQ(axis.at(1), 0);
  EXPECT_DOUBLE_EQ(axis.at(0), 0);
  EXPECT_DOUBLE_EQ(axis.at(1e9), 300);
  EXPECT_THAT(LogAxis(100, 100, 0, 1).ticks(), ElementsAre(100, 1000));
}

TEST(XmlEscape, leaves_nothing_that_would_end_a_text_or_an_attribute) {
  EXPECT_EQ(xml_escape("<a & \"b\">\x01"), "&lt;a &amp; &quot;b&quot;&gt;");
}

TEST(SvgReport, draws_a_row_for_each_plan_with_the_states_that_were_left) {
  PlanResult failing = plan_result("si<gle", 300us, 3);
  failing.failures = 2;
  std::string svg = report_svg({left_with(plan_result("close", 450us, 60), TcpState::time_wait, 60), failing},
                               {.servers = 3, .requests = 60, .interval = 1100ms});
  EXPECT_THAT(svg,
              AllOf(StartsWith("<svg xmlns="), EndsWith("</svg>\n"), HasSubstr(">close<"),
                    HasSubstr(">si&lt;gle<"), HasSubstr(">2 failed<"), HasSubstr(">TIME_WAIT<"),
                    Not(HasSubstr(">CLOSE_WAIT<")), HasSubstr(">p50 450 us<"),
                    HasSubstr(">60 requests of each plan to 3 servers, 1 thread, 1.10 s between requests<")));
}

TEST(SvgReport, says_so_where_a_plan_had_no_response) {
  PlanResult dead;
  dead.plan = "pool";
  EXPECT_THAT(report_svg({dead}, {}), HasSubstr(">no response<"));
}

}  // namespace
}  // namespace survey
