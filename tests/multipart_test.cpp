// SPDX-License-Identifier: BSL-1.0

#include "src/multipart.hpp"

#include "tests/support/temporary_directory.hpp"

#include <headway/error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using detail::BodySource;
using testing::TemporaryDirectory;

std::string boundary_of(const Body& body) {
  const std::string& type = body.content_type();
  return type.substr(type.find('=') + 1);
}

/// All that the body yields for one try, in pieces of at most `piece` bytes.
std::string read_all(BodySource& source, std::error_code& ec, std::size_t piece = 7) {
  std::string all, buffer(piece, '\0');
  while (const std::size_t size = source.read(buffer, ec)) all.append(buffer, 0, size);
  return all;
}

std::string sent(const Body& body, std::size_t piece = 7) {
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_FALSE(ec) << ec.message();
  const std::optional<std::uint64_t> length = source.length();
  std::string all = read_all(source, ec, piece);
  EXPECT_FALSE(ec) << ec.message();
  if (length) {
    EXPECT_EQ(*length, all.size());
  }
  return all;
}

std::error_code failure(const Body& body) {
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  if (!ec) read_all(source, ec);
  return ec;
}

Body stream_of(std::string text, std::optional<std::uint64_t> length = std::nullopt) {
  return Body::stream(
      [text = std::move(text), at = std::size_t{0}](std::span<char> into, std::error_code&) mutable {
        const std::size_t n = text.copy(into.data(), into.size(), at);
        at += n;
        return n;
      },
      length);
}

TEST(Multipart, puts_each_part_behind_its_delimiter) {
  const Body body = Body::multipart({{.name = "a", .content = "1"}, {.name = "b", .content = ""}});
  const std::string line = "--" + boundary_of(body);
  const std::string expected = line + "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n" + line +
                               "\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\r\n" + line + "--\r\n";
  for (const std::size_t piece : {1u, 2u, 7u, 4096u}) EXPECT_EQ(sent(body, piece), expected);
}

TEST(Multipart, without_parts_is_the_closing_delimiter) {
  const Body body = Body::multipart({});
  EXPECT_EQ(sent(body), "--" + boundary_of(body) + "--\r\n");
}

TEST(Multipart, says_what_it_is_with_a_boundary_of_its_own) {
  const Body one = Body::multipart({}), other = Body::multipart({});
  EXPECT_EQ(one.content_type().substr(0, 30), "multipart/form-data; boundary=");
  EXPECT_GE(boundary_of(one).size(), 32u);
  EXPECT_LE(boundary_of(one).size(), 70u);  // RFC 2046 section 5.1.1
  EXPECT_NE(boundary_of(one), boundary_of(other));
}

TEST(Multipart, looks_for_its_boundary_in_parts_that_are_in_memory) {
  const std::vector<Part> parts = {{.name = "a", .content = "xxboundaryxx"}};
  EXPECT_TRUE(detail::MultipartSource::is_in_memory_part(parts, "boundary"));
  EXPECT_FALSE(detail::MultipartSource::is_in_memory_part(parts, "bounds"));
  const Body inner = Body::multipart({{.name = "deep", .content = "hidden"}});
  EXPECT_TRUE(detail::MultipartSource::is_in_memory_part({{.name = "b", .content = inner}}, "hidden"));
  EXPECT_TRUE(
      detail::MultipartSource::is_in_memory_part({{.name = "b", .content = inner}}, boundary_of(inner)));
}

struct Quoting {
  const char* name;
  const char* quoted;
};

TEST(Multipart, quotes_names_as_browsers_do) {
  constexpr Quoting table[] = {
      {"", ""},
      {"plain", "plain"},
      {"a b;c=d", "a b;c=d"},
      {"say \"hi\"", "say %22hi%22"},
      {"two\r\nlines", "two%0D%0Alines"},
      {"back\\slash", "back\\slash"},
      {"100%22", "100%22"},
      {"\xe4\xb8\xad\xe6\x96\x87", "\xe4\xb8\xad\xe6\x96\x87"},
  };
  for (const Quoting& row : table) EXPECT_EQ(detail::quote_part_name(row.name), row.quoted) << row.name;
}

struct Fields {
  Part part;
  const char* path;
  const char* expected;  // before the empty line
};

TEST(Multipart, gives_each_part_its_fields) {
  const Fields table[] = {
      {{.name = "n", .content = "text"}, "", "Content-Disposition: form-data; name=\"n\"\r\n"},
      {{.name = "n", .content = Body::json("{}")},
       "",
       "Content-Disposition: form-data; name=\"n\"\r\nContent-Type: application/json\r\n"},
      {{.name = "n", .content = "text", .file_name = "a\"b.txt"},
       "",
       "Content-Disposition: form-data; name=\"n\"; filename=\"a%22b.txt\"\r\n"
       "Content-Type: application/octet-stream\r\n"},
      {{.name = "n", .content = Body::file("/tmp/cat.jpg", "image/jpeg")},
       "/tmp/cat.jpg",
       "Content-Disposition: form-data; name=\"n\"; filename=\"cat.jpg\"\r\nContent-Type: image/jpeg\r\n"},
      {{.name = "n", .content = Body::file("cat.jpg", "image/jpeg"), .file_name = ""},
       "cat.jpg",
       "Content-Disposition: form-data; name=\"n\"; filename=\"\"\r\nContent-Type: image/jpeg\r\n"},
  };
  for (const Fields& row : table) {
    EXPECT_EQ(detail::part_fields(row.part, row.path), std::string(row.expected) + "\r\n");
  }
}

TEST(Multipart, refuses_what_would_break_its_lines) {
  using namespace std::string_literals;
  EXPECT_EQ(failure(Body::multipart({{.name = "a\0b"s, .content = "x"}})), Error::invalid_header);
  EXPECT_EQ(failure(Body::multipart({{.name = "a", .content = "x", .file_name = "\0"s}})),
            Error::invalid_header);
  EXPECT_EQ(failure(Body::multipart(
                {{.name = "a", .content = Body("x").with_content_type("text/plain\r\nX-Evil: 1")}})),
            Error::invalid_header);
}

TEST(Multipart, reads_files_of_any_size_and_knows_the_length) {
  TemporaryDirectory directory;
  const std::string content(100'000, 'c');
  directory.write("big", content);
  directory.write("none", "");
  const Body body = Body::multipart({{.name = "big", .content = Body::file(directory.path() / "big")},
                                     {.name = "none", .content = Body::file(directory.path() / "none")}});
  EXPECT_TRUE(body.replayable());
  const std::string first = sent(body, 16384);
  EXPECT_NE(first.find(content + "\r\n--"), std::string::npos);
  EXPECT_EQ(sent(body, 1000), first);
}

TEST(Multipart, opens_files_anew_for_each_try) {
  TemporaryDirectory directory;
  directory.write("file", "old");
  const Body body = Body::multipart({{.name = "f", .content = Body::file(directory.path() / "file")}});
  EXPECT_NE(sent(body).find("old"), std::string::npos);
  directory.write("file", "newer");
  EXPECT_NE(sent(body).find("newer"), std::string::npos);
}

TEST(Multipart, fails_for_a_file_that_is_not_there) {
  EXPECT_EQ(failure(Body::multipart({{.name = "f", .content = Body::file("/nonexistent/file")}})),
            Error::body_unreadable);
}

TEST(Multipart, notices_a_file_that_changes_while_it_is_sent) {
  TemporaryDirectory directory;
  directory.write("file", "as it was");
  const Body body = Body::multipart({{.name = "f", .content = Body::file(directory.path() / "file")}});
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  ASSERT_FALSE(ec);
  directory.write("file", "longer than it was");
  read_all(source, ec);
  EXPECT_EQ(ec, Error::body_length_mismatch);
}

TEST(Multipart, with_a_stream_of_unknown_length_has_none) {
  const Body body = Body::multipart({{.name = "s", .content = stream_of("flow")}});
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_FALSE(source.length());
  EXPECT_NE(read_all(source, ec).find("\r\n\r\nflow\r\n--"), std::string::npos);
  EXPECT_FALSE(ec);
}

TEST(Multipart, with_a_stream_can_be_sent_once) {
  const Body body = Body::multipart({{.name = "s", .content = stream_of("flow", 4)}});
  EXPECT_FALSE(body.replayable());
  EXPECT_NE(sent(body).find("flow"), std::string::npos);
  EXPECT_EQ(failure(body), Error::body_not_replayable);
}

TEST(Multipart, hands_on_what_a_stream_has_yielded_before_it_asks_again) {
  int asked = 0;
  const Body body =
      Body::multipart({{.name = "s", .content = Body::stream([&](std::span<char> into, std::error_code&) {
                                       into[0] = 'x';
                                       return std::size_t{++asked < 3};
                                     })}});
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  std::string buffer(4096, '\0');
  EXPECT_GT(source.read(buffer, ec), 0u);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(source.read(buffer, ec), 1u);
  EXPECT_EQ(asked, 2);
}

TEST(Multipart, lets_the_errors_of_a_streams_function_through) {
  const Body body =
      Body::multipart({{.name = "s", .content = Body::stream([](std::span<char>, std::error_code& ec) {
                                       ec = std::make_error_code(std::errc::io_error);
                                       return std::size_t{0};
                                     })}});
  EXPECT_EQ(failure(body), std::errc::io_error);
}

TEST(Multipart, may_hold_another) {
  const Body inner = Body::multipart({{.name = "deep", .content = "hidden"}});
  const Body body = Body::multipart({{.name = "outer", .content = inner}});
  const std::string text = sent(body, 5);
  EXPECT_NE(text.find("Content-Type: " + inner.content_type()), std::string::npos);
  EXPECT_NE(text.find(sent(inner)), std::string::npos);
}

}  // namespace
}  // namespace headway
