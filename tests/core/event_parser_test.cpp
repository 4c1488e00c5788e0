// SPDX-License-Identifier: BSL-1.0

// The WHATWG HTML standard's rules for event streams, section 9.2.6, its examples among them.

#include "src/core/event_parser.hpp"

#include <headway/error.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace headway::core {

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

struct Seen {
  std::string type, data, id;
  bool operator==(const Seen&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << '{' << seen.type << " | " << seen.data << " | " << seen.id << '}';
  }
};

std::vector<Seen> parse(EventParser& parser, std::string_view text, std::size_t piece) {
  std::vector<Seen> events;
  Event event;
  std::error_code ec;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    std::string_view input = text.substr(0, piece);
    while (parser.parse(input, event, ec)) events.push_back({event.type, event.data, event.id});
    EXPECT_FALSE(ec);
    EXPECT_TRUE(input.empty());
  }
  return events;
}

struct Row {
  const char* name;
  std::string text;
  std::vector<Seen> events;
};

const std::vector<Row> table = {
    {"one event", "data: x\n\n", {{"message", "x", ""}}},
    {"nothing", "", {}},
    {"empty lines", "\n\r\n\r\r", {}},
    {"no space behind the colon", "data:x\n\n", {{"message", "x", ""}}},
    {"one space is dropped, the others are not", "data:  x\n\n", {{"message", " x", ""}}},
    {"several lines", "data: YHOO\ndata: +2\ndata: 10\n\n", {{"message", "YHOO\n+2\n10", ""}}},
    {"the standard's second example",
     ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
     {{"message", "first event", "1"}, {"message", "second event", ""}, {"message", " third event", ""}}},
    {"the standard's third example",
     "data\n\ndata\ndata\n\ndata:",
     {{"message", "", ""}, {"message", "\n", ""}}},
    {"the standard's fourth example",
     "data:test\n\ndata: test\n\n",
     {{"message", "test", ""}, {"message", "test", ""}}},
    {"types, each for one event",
     "event: add\ndata: 1\n\ndata: 2\n\n",
     {{"add", "1", ""}, {"message", "2", ""}}},
    {"the last type wins", "event: a\nevent: b\ndata: 1\n\n", {{"b", "1", ""}}},
    {"an empty type is message", "event: a\nevent\ndata: 1\n\n", {{"message", "1", ""}}},
    {"a type without data is no event", "event: add\n\ndata: 1\n\n", {{"message", "1", ""}}},
    {"ids last", "id: 7\ndata: 1\n\ndata: 2\n\n", {{"message", "1", "7"}, {"message", "2", "7"}}},
    {"an id without data counts", "id: 7\n\ndata: 2\n\n", {{"message", "2", "7"}}},
    {"an id with NUL does not", "id: 7\n\nid: 8\0\ndata: 2\n\n"s, {{"message", "2", "7"}}},
    {"CR", "data: 1\rdata: 2\r\r", {{"message", "1\n2", ""}}},
    {"CR LF", "data: 1\r\ndata: 2\r\n\r\n", {{"message", "1\n2", ""}}},
    {"all line ends",
     "data: 1\rdata: 2\ndata: 3\r\n\r\rdata: 4\n\r\n",
     {{"message", "1\n2\n3", ""}, {"message", "4", ""}}},
    {"a byte order mark",
     "\xef\xbb\xbf"
     "data: x\n\n",
     {{"message", "x", ""}}},
    {"one mark alone",
     "\xef\xbb\xbf\xef\xbb\xbf"
     "data: x\n\n",
     {}},
    {"no mark later",
     "\n\xef\xbb\xbf"
     "data: x\n\n",
     {}},
    {"comments", ":\n: a: b\ndata: x\n:data: y\n\n", {{"message", "x", ""}}},
    {"unknown fields", "Data: y\nfoo: bar\ndata: x\n data: z\n\n", {{"message", "x", ""}}},
    {"colons in values", "data: {\"a\": 1}\n\n", {{"message", "{\"a\": 1}", ""}}},
    {"an incomplete event is none", "data: x\n\ndata: y\n", {{"message", "x", ""}}},
    {"malformed UTF-8 is replaced",
     "data: a\xff"
     "b\nevent: \xc3\n\n"
     "data: 1\n\n",
     {{"\xef\xbf\xbd",
       "a\xef\xbf\xbd"
       "b",
       ""},
      {"message", "1", ""}}},
};

TEST(EventParser, follows_the_standard_however_the_bytes_are_split) {
  for (const Row& row : table) {
    for (std::size_t piece = 1; piece <= row.text.size(); ++piece) {
      EventParser parser(1024, 1024);
      EXPECT_EQ(parse(parser, row.text, piece), row.events) << row.name << ", " << piece << " at a time";
    }
  }
}

struct Retry {
  const char* text;
  std::optional<Duration> retry;
};

TEST(EventParser, takes_a_retry_of_digits_alone) {
  const Retry rows[] = {
      {"retry: 1500\n", 1500ms},
      {"retry:0\n", 0ms},
      {"retry: 007\n", 7ms},
      {"retry\n", std::nullopt},
      {"retry: -1\n", std::nullopt},
      {"retry: 1.5\n", std::nullopt},
      {"retry: 10 \n", std::nullopt},
      {"retry: 0x10\n", std::nullopt},
      {"retry: 5\nretry: soon\n", 5ms},
      {"retry: 99999999999999999999999999999999999999\n", 24h},
      {"retry: 5", std::nullopt},
  };
  for (const Retry& row : rows) {
    EventParser parser(1024, 1024);
    parse(parser, row.text, 3);
    EXPECT_EQ(parser.retry(), row.retry) << row.text;
  }
}

TEST(EventParser, counts_an_id_once_its_event_is_complete) {
  EventParser parser(1024, 1024, "before");
  parse(parser, "id: 1\ndata: x\n", 100);
  EXPECT_EQ(parser.last_event_id(), "before");
  parse(parser, "\n", 100);
  EXPECT_EQ(parser.last_event_id(), "1");
}

TEST(EventParser, drops_what_is_incomplete_at_a_restart_and_keeps_the_id) {
  EventParser parser(1024, 1024);
  parse(parser, "id: 1\ndata: x\n\nid: 2\nevent: e\ndata: lost\nda", 100);
  parser.restart();
  const std::vector<Seen> expected = {{"message", "y", "1"}};
  EXPECT_EQ(parse(parser,
                  "\xef\xbb\xbf"
                  "data: y\n\n",
                  100),
            expected);
}

std::error_code failure(EventParser parser, std::string_view text, std::size_t piece) {
  Event event;
  std::error_code ec;
  for (; !ec && !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    std::string_view input = text.substr(0, piece);
    while (parser.parse(input, event, ec)) {
    }
  }
  return ec;
}

TEST(EventParser, bounds_lines_and_events) {
  const std::string line = "data:" + std::string(5, 'x');
  for (const std::size_t piece : {1u, 3u, 100u}) {
    EXPECT_FALSE(failure(EventParser(10, 100), line + "\n\n", piece));
    EXPECT_EQ(failure(EventParser(9, 100), line + "\n\n", piece), Error::event_too_large);
    EXPECT_EQ(failure(EventParser(9, 100), ":" + std::string(9, ' '), piece), Error::event_too_large);
    EXPECT_FALSE(failure(EventParser(10, 11), line + "\n" + line + "\n\n", piece));
    EXPECT_EQ(failure(EventParser(10, 10), line + "\n" + line + "\n\n", piece), Error::event_too_large);
  }
  EXPECT_EQ(make_error_code(Error::event_too_large), Condition::limit);
}

TEST(EventParser, knows_its_content_type) {
  EXPECT_TRUE(is_event_stream("text/event-stream"));
  EXPECT_TRUE(is_event_stream("Text/Event-Stream ; charset=utf-8"));
  EXPECT_FALSE(is_event_stream(""));
  EXPECT_FALSE(is_event_stream("text/event-streams"));
  EXPECT_FALSE(is_event_stream("text/html; x=text/event-stream"));
}

}  // namespace
}  // namespace headway::core
