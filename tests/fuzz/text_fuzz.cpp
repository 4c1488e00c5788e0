// SPDX-License-Identifier: BSL-1.0

// Response::text on any Content-Type and any body: it is UTF-8 that comes out, or an error with nothing. The
// input is a Content-Type, a NUL and a body.

#include <headway/error.hpp>
#include <headway/response.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view type = input.substr(0, input.find('\0'));
  headway::Response response;
  response.headers.add("Content-Type", type);
  response.body = input.substr(std::min(type.size() + 1, input.size()));
  std::error_code ec;
  const std::string text = response.text(ec);
  require(!ec || (ec == headway::Error::unknown_charset && text.empty()));
  headway::Response again;
  again.body = text;
  // A mark that a charset's own bytes stood for would be taken off.
  if (!text.starts_with("\xEF\xBB\xBF")) require(again.text() == text);
  return 0;
}
