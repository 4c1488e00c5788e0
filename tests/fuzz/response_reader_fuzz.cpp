// SPDX-License-Identifier: BSL-1.0
//
// A server's bytes through the response reader. The input is settings (1 byte: request method, limits,
// upgrade), a number of splits (1 byte), that many piece sizes (1 byte each), and the bytes themselves. They
// have to come to the same result whole, in those pieces and byte by byte, and to stay within the limits.

#include "tests/core/read_response.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using headway::core::Framing;
using headway::core::ReadResult;
using headway::core::ReadSetup;

void require(bool holds) {
  if (!holds) std::abort();
}

ReadSetup setup_of(std::uint8_t settings) {
  ReadSetup setup;
  setup.method = (settings & 1) != 0 ? "HEAD" : (settings & 2) != 0 ? "CONNECT" : "GET";
  setup.upgrade_ok = (settings & 4) != 0;
  if ((settings & 8) != 0) {
    setup.limits = {.head_bytes = 100, .fields = 4, .informational = 2, .chunk_overhead = 8};
  }
  return setup;
}

std::vector<std::string_view> pieces_of(std::string_view bytes, std::string_view sizes) {
  std::vector<std::string_view> pieces;
  for (const char size : sizes) {
    pieces.push_back(bytes.substr(0, static_cast<unsigned char>(size)));
    bytes.remove_prefix(pieces.back().size());
  }
  pieces.push_back(bytes);
  return pieces;
}

std::size_t text_size(const headway::Headers& fields) {
  std::size_t size = 0;
  for (const auto [name, value] : fields) size += name.size() + value.size();
  return size;
}

void check_limits(const ReadResult& result, const ReadSetup& setup, std::size_t size) {
  for (const headway::Headers* fields : {&result.head.headers, &result.trailers}) {
    require(fields->size() <= setup.limits.fields);
    require(text_size(*fields) <= setup.limits.head_bytes);
  }
  require(result.head.reason.size() <= setup.limits.head_bytes);
  require(result.consumed <= size);
  require(result.body.size() <= result.consumed);
  if (result.head_done) require(result.head.status >= 101 && result.head.status <= 999);
  if (result.done) require(!result.error && !result.at_close);
  if (setup.method == "HEAD") require(result.body.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.size() < 2) return 0;
  const ReadSetup setup = setup_of(data[0]);
  const std::size_t splits = data[1];
  input.remove_prefix(2);
  const std::string_view sizes = input.substr(0, splits);
  input.remove_prefix(sizes.size());

  const ReadResult whole = headway::core::read_whole(input, setup);
  check_limits(whole, setup, input.size());
  require(headway::core::read_pieces(pieces_of(input, sizes), setup) == whole);
  require(headway::core::read_pieces(pieces_of(input, std::string(input.size(), '\1')), setup) == whole);
  if (whole.error || !whole.done || whole.framing == Framing::until_close) return 0;
  // Surplus is not looked at.
  require(headway::core::read_whole(std::string(input) + "\r\nsurplus", setup) == whole);
  require(headway::core::read_whole(input.substr(0, whole.consumed), setup) == whole);
  return 0;
}
