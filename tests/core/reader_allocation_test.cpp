// SPDX-License-Identifier: BSL-1.0
#include "src/core/response_reader.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

namespace {

std::size_t allocations = 0;

}  // namespace

// Not inlined, so that tools which replace them replace both.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace headway::core {
namespace {

TEST(ResponseReaderMemory, allocates_nothing_where_head_and_trailers_are_reused) {
  if (allocations == 0) GTEST_SKIP() << "another operator new is in place";
  const std::string sized =
      "HTTP/1.1 200 An unusually long reason phrase\r\nServer: s\r\nContent-Type: text/plain; "
      "charset=utf-8\r\n"
      "ETag: \"0123456789abcdef\"\r\nContent-Length: 5\r\n\r\nhello";
  const std::string in_chunks =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n0\r\nChecksum: 0123456789abcdef0123456789abcdef\r\n\r\n";
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  std::size_t body = 0;
  const auto read = [&](std::string_view bytes) {
    std::error_code ec;
    reader.begin("GET", {}, head, trailers);
    bytes.remove_prefix(reader.parse_head(bytes, ec));
    while (!reader.done() && !ec) {
      const ResponseReader::Piece piece = reader.parse_body(bytes, ec);
      body += piece.body.size();
      bytes.remove_prefix(piece.consumed);
    }
  };
  read(sized);
  read(in_chunks);
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) {
    read(sized);
    read(in_chunks);
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(body, 202U * 5);
}

TEST(ResponseReaderMemory, allocates_once_where_a_reader_is_made) {
  if (allocations == 0) GTEST_SKIP() << "another operator new is in place";
  { ResponseReader warm; }
  const std::size_t before = allocations;
  ResponseReader reader;
  EXPECT_EQ(allocations, before + 1);
}

}  // namespace
}  // namespace headway::core
