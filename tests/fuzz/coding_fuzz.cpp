// SPDX-License-Identifier: BSL-1.0

// Bodies in any coding, of any bytes: what comes out is the same however it is cut into pieces, and never
// more than the limits allow. The input is a Content-Encoding, a NUL and a body.

#include "src/coding/body_decoder.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace headway;

constexpr std::uint64_t most = 1 << 20;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Result {
  std::string text;
  std::error_code error;
};

Result decode(const std::vector<coding::MakeDecoder>& steps, std::string_view body, std::size_t piece) {
  coding::BodyDecoder decoder(steps, {.size = most, .ratio = 1000});
  Result result;
  std::string out(piece, '\0');
  while (!result.error) {
    const std::size_t n = decoder.take(out, result.error);
    require(n <= out.size());
    result.text.append(out, 0, n);
    require(result.text.size() <= most + piece);
    if (n > 0 || result.error) continue;
    require(decoder.wants_input());
    if (body.empty()) break;
    decoder.feed(body.substr(0, piece));
    body.remove_prefix(std::min(piece, body.size()));
  }
  if (!result.error) decoder.finish(result.error);
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view encoding = input.substr(0, input.find('\0'));
  const std::string_view body = input.substr(std::min(encoding.size() + 1, input.size()));
  Headers headers;
  headers.add("Content-Encoding", encoding);
  std::error_code ec;
  const std::vector<coding::MakeDecoder> steps = coding::plan(headers, ec);
  require(ec || steps.size() <= coding::most_codings);
  if (ec || steps.empty()) return 0;
  const Result whole = decode(steps, body, 64 * 1024);
  const Result pieces = decode(steps, body, 61);
  require(!whole.error == !pieces.error);
  if (!whole.error) require(whole.text == pieces.text);
  return 0;
}
