// SPDX-License-Identifier: BSL-1.0

// An event stream, whatever a server sends: however it is split, the same events come of it, and they are
// within their bounds.

#include "src/core/event_parser.hpp"

#include <headway/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace headway;

constexpr std::size_t max_line = 64, max_event = 256;

void require(bool holds) {
  if (!holds) std::abort();
}

/// All that came of it.
std::string parse(std::string_view text, std::size_t piece) {
  core::EventParser parser(max_line, max_event);
  std::string seen;
  Event event;
  std::error_code ec;
  while (!ec && !text.empty()) {
    std::string_view input = text.substr(0, piece);
    text.remove_prefix(input.size());
    while (parser.parse(input, event, ec)) {
      require(!ec && !event.type.empty() && event.data.size() <= 3 * max_event);
      require(event.id.find('\0') == std::string::npos && event.id == parser.last_event_id());
      seen += event.type + '\n' + event.data + '\n' + event.id + "\n\n";
    }
    require(ec || input.empty());
  }
  require(!ec || ec == Error::event_too_large);
  require(!parser.retry() || *parser.retry() >= Duration::zero());
  return seen + (ec ? "failed" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string whole = parse(input, size + 1);
  require(parse(input, 1) == whole && parse(input, 3) == whole);
  core::is_event_stream(input);
  return 0;
}
