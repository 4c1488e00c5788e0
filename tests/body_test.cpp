// SPDX-License-Identifier: BSL-1.0

#include "tests/support/temporary_directory.hpp"

#include <headway/body.hpp>
#include <headway/error.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace headway {
namespace {

using detail::BodySource;
using testing::TemporaryDirectory;

std::filesystem::path write_body(const TemporaryDirectory& directory, const std::string& bytes) {
  directory.write("body", bytes);
  return directory.path() / "body";
}

/// All that the source yields, in pieces of at most `piece` bytes.
std::string read_all(BodySource& source, std::error_code& ec, std::size_t piece = 3) {
  std::string all, buffer(piece, '\0');
  while (const std::size_t size = source.read(buffer, ec)) all.append(buffer, 0, size);
  return all;
}

/// Yields `text` in pieces of at most 4 bytes, then 0.
Body::ReadFunction yields(std::string text,
                          std::shared_ptr<std::size_t> at = std::make_shared<std::size_t>(0)) {
  return [text = std::move(text), at](std::span<char> into, std::error_code&) {
    const std::size_t size = text.copy(into.data(), std::min<std::size_t>(4, into.size()), *at);
    *at += size;
    return size;
  };
}

TEST(Body, is_none_by_default) {
  const Body body;
  EXPECT_TRUE(body.empty());
  EXPECT_TRUE(body.replayable());
  EXPECT_EQ(body.content_type(), "");
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_FALSE(ec);
  EXPECT_TRUE(source.in_memory());
  EXPECT_EQ(source.length(), 0u);
  EXPECT_EQ(read_all(source, ec), "");
}

TEST(Body, of_bytes_is_kept_as_it_is) {
  const std::string bytes("a\0b\xff", 4);
  const Body body = bytes;
  EXPECT_FALSE(body.empty());
  EXPECT_TRUE(body.replayable());
  EXPECT_EQ(body.bytes(), bytes);
  EXPECT_EQ(body.content_type(), "");
  EXPECT_EQ(Body("text").bytes(), "text");
  EXPECT_EQ(Body(std::string_view("text").substr(1)).bytes(), "ext");
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_TRUE(source.in_memory());
  EXPECT_EQ(source.memory(), bytes);
  EXPECT_EQ(source.length(), 4u);
  EXPECT_EQ(read_all(source, ec), bytes);
}

TEST(Body, of_no_bytes_is_a_body_all_the_same) {
  EXPECT_FALSE(Body("").empty());
  EXPECT_FALSE(Body(std::string()).empty());
}

TEST(Body, of_json_has_its_content_type) {
  const Body body = Body::json(R"({"order": 17})");
  EXPECT_EQ(body.bytes(), R"({"order": 17})");
  EXPECT_EQ(body.content_type(), "application/json");
}

TEST(Body, takes_another_content_type) {
  const Body body = Body::json("{}").with_content_type("application/problem+json");
  EXPECT_EQ(body.content_type(), "application/problem+json");
  EXPECT_EQ(body.bytes(), "{}");
}

TEST(Body, of_a_form_is_encoded_as_browsers_do) {
  EXPECT_EQ(Body::form({{"k", "v"}}).content_type(), "application/x-www-form-urlencoded");
  EXPECT_EQ(Body::form({{"k", "v"}, {"", ""}, {"a b", "1+1=2&3"}}).bytes(), "k=v&=&a+b=1%2B1%3D2%263");
  EXPECT_EQ(Body::form({{"*-._", "~!'()%"}}).bytes(), "*-._=%7E%21%27%28%29%25");
  EXPECT_EQ(Body::form({{"\xC3\xA9", std::string_view("\0\r\n", 3)}}).bytes(), "%C3%A9=%00%0D%0A");
  EXPECT_EQ(Body::form({}).bytes(), "");
  EXPECT_FALSE(Body::form({}).empty());
}

TEST(FileBody, yields_the_file) {
  const TemporaryDirectory directory;
  const std::string bytes(10'000, 'x');
  const Body body = Body::file(write_body(directory, bytes), "text/plain");
  EXPECT_EQ(body.content_type(), "text/plain");
  EXPECT_EQ(Body::file("x").content_type(), "application/octet-stream");
  EXPECT_EQ(body.bytes(), "");
  EXPECT_TRUE(body.replayable());
  BodySource source;
  for (int attempt = 0; attempt < 2; ++attempt) {
    std::error_code ec;
    source.open(body, ec);
    ASSERT_FALSE(ec);
    EXPECT_FALSE(source.in_memory());
    EXPECT_EQ(source.length(), bytes.size());
    EXPECT_EQ(read_all(source, ec, 4096), bytes);
    EXPECT_FALSE(ec);
  }
}

TEST(FileBody, is_named_by_a_path_or_by_any_kind_of_string) {
  const TemporaryDirectory directory;
  const std::filesystem::path path = write_body(directory, "0123");
  const std::string text = path.string();
  for (const Body& body : {Body::file(path), Body::file(text), Body::file(std::string_view(text)),
                           Body::file(text.c_str()), Body::file(write_body(directory, "0123"))}) {
    BodySource source;
    std::error_code ec;
    source.open(body, ec);
    EXPECT_EQ(read_all(source, ec), "0123");
    EXPECT_FALSE(ec);
  }
}

TEST(FileBody, may_be_empty) {
  const TemporaryDirectory directory;
  const Body body = Body::file(write_body(directory, ""));
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_EQ(source.length(), 0u);
  EXPECT_EQ(read_all(source, ec), "");
  EXPECT_FALSE(ec);
}

TEST(FileBody, is_unreadable_where_there_is_no_regular_file) {
  const TemporaryDirectory directory;
  const std::filesystem::path fifo = directory.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const std::filesystem::path& path : {directory.path() / "absent", directory.path(), fifo,
                                            std::filesystem::path("/dev/null"), std::filesystem::path()}) {
    const Body body = Body::file(path);
    BodySource source;
    std::error_code ec;
    source.open(body, ec);
    EXPECT_EQ(ec, Error::body_unreadable) << path;
  }
}

TEST(FileBody, that_shrinks_while_it_is_sent_is_a_mismatch) {
  const TemporaryDirectory directory;
  const std::filesystem::path path = write_body(directory, "0123456789");
  const Body body = Body::file(path);
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  std::filesystem::resize_file(path, 5);
  EXPECT_EQ(read_all(source, ec), "01234");
  EXPECT_EQ(ec, Error::body_length_mismatch);
}

TEST(FileBody, that_grows_while_it_is_sent_ends_at_its_first_length) {
  const TemporaryDirectory directory;
  const std::filesystem::path path = write_body(directory, "01234");
  const Body body = Body::file(path);
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  std::ofstream(path, std::ios::app) << "56789";
  EXPECT_EQ(read_all(source, ec, 100), "01234");
  EXPECT_FALSE(ec);
}

TEST(FileBody, is_not_inherited_by_other_programs_and_is_closed_in_the_end) {
  const TemporaryDirectory directory;
  const Body body = Body::file(write_body(directory, "x"));
  const int next = ::dup(0);
  ASSERT_GE(next, 0);
  ::close(next);
  {
    BodySource source;
    std::error_code ec;
    source.open(body, ec);
    EXPECT_EQ(::fcntl(next, F_GETFD), FD_CLOEXEC);
    source.open(body, ec);
    EXPECT_EQ(::fcntl(next, F_GETFD), FD_CLOEXEC);
  }
  EXPECT_EQ(::fcntl(next, F_GETFD), -1);
}

TEST(StreamBody, of_unknown_length_ends_where_its_function_says) {
  const Body body = Body::stream(yields("0123456789"));
  EXPECT_FALSE(body.empty());
  EXPECT_FALSE(body.replayable());
  EXPECT_EQ(body.content_type(), "");
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_FALSE(source.in_memory());
  EXPECT_EQ(source.length(), std::nullopt);
  EXPECT_EQ(read_all(source, ec), "0123456789");
  EXPECT_FALSE(ec);
}

struct LengthCase {
  std::uint64_t length;
  const char *text, *sent;
  bool fits;
};

TEST(StreamBody, keeps_to_its_length) {
  constexpr LengthCase cases[] = {
      {10, "0123456789", "0123456789", true},
      {0, "", "", true},
      {11, "0123456789", "0123456789", false},
      {1, "", "", false},
      {8, "0123456789", "01234567", false},
      {9, "0123456789", "01234567", false},
      {0, "0", "", false},
  };
  for (const LengthCase& c : cases) {
    const Body body = Body::stream(yields(c.text), c.length);
    BodySource source;
    std::error_code ec;
    source.open(body, ec);
    EXPECT_EQ(source.length(), c.length);
    EXPECT_EQ(read_all(source, ec, 100), c.sent) << c.length;
    EXPECT_EQ(ec, c.fits ? std::error_code() : Error::body_length_mismatch) << c.length;
  }
}

TEST(StreamBody, whose_function_claims_more_than_it_had_room_for_is_a_mismatch) {
  const Body body = Body::stream([](std::span<char> into, std::error_code&) { return into.size() + 1; });
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_EQ(read_all(source, ec), "");
  EXPECT_EQ(ec, Error::body_length_mismatch);
}

TEST(StreamBody, hands_on_the_error_of_its_function) {
  const Body body = Body::stream([](std::span<char>, std::error_code& ec) -> std::size_t {
    ec = std::make_error_code(std::errc::io_error);
    return 1;
  });
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_EQ(read_all(source, ec), "");
  EXPECT_EQ(ec, std::errc::io_error);
}

TEST(StreamBody, hands_on_the_exception_of_its_function) {
  const Body body = Body::stream(
      [](std::span<char>, std::error_code&) -> std::size_t { throw std::runtime_error("mine"); });
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_THROW(read_all(source, ec), std::runtime_error);
  source.open(body, ec);
  EXPECT_EQ(ec, Error::body_not_replayable);
}

TEST(StreamBody, without_a_function_is_unreadable) {
  const Body body = Body::stream(nullptr);
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_EQ(ec, Error::body_unreadable);
}

TEST(StreamBody, without_rewind_is_opened_again_only_if_nothing_was_read) {
  const Body body = Body::stream(yields("0123456789"));
  const Body copy = body;
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  source.open(copy, ec);
  EXPECT_FALSE(ec);
  char byte;
  EXPECT_EQ(source.read({&byte, 1}, ec), 1u);
  source.open(copy, ec);
  EXPECT_EQ(ec, Error::body_not_replayable);
}

TEST(StreamBody, is_rewound_when_it_is_opened_again) {
  const auto at = std::make_shared<std::size_t>(0);
  int rewinds = 0;
  const Body body = Body::stream(yields("0123456789", at), 10, [&] {
    *at = 0;
    return ++rewinds < 3;
  });
  EXPECT_TRUE(body.replayable());
  BodySource source;
  std::error_code ec;
  source.open(body, ec);
  EXPECT_EQ(rewinds, 0);
  for (int attempt = 1; attempt < 3; ++attempt) {
    EXPECT_EQ(read_all(source, ec), "0123456789");
    EXPECT_FALSE(ec);
    source.open(body, ec);
    EXPECT_FALSE(ec);
    EXPECT_EQ(rewinds, attempt);
  }
  EXPECT_EQ(read_all(source, ec), "0123456789");
  source.open(body, ec);
  EXPECT_EQ(ec, Error::body_not_replayable);
}

}  // namespace
}  // namespace headway
