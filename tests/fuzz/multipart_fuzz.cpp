// SPDX-License-Identifier: BSL-1.0

// Names and contents of a form, whatever they are: no field of a part can be broken out of, no content
// closes its part, and the length that was announced is the one that comes.

#include "src/multipart.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace headway;

void require(bool holds) {
  if (!holds) std::abort();
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

std::string sent(const Body& body, std::size_t piece, std::error_code& ec) {
  detail::BodySource source;
  source.open(body, ec);
  std::string all, buffer(piece, '\0');
  if (ec) return all;
  while (const std::size_t n = source.read(buffer, ec)) all.append(buffer, 0, n);
  require(!ec && source.length() == all.size());
  return all;
}

}  // namespace

/// The input's lines are name, file name, content type; the rest is content.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto take_line = [&input] {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string line(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
    return line;
  };
  Part part{.name = take_line(), .file_name = take_line()};
  std::string type = take_line();
  part.content = Body(input).with_content_type(std::move(type));
  const std::string quoted = detail::quote_part_name(part.name);
  require(quoted.find_first_of("\"\r\n") == std::string::npos);
  const Body body = Body::multipart({part, part});
  std::error_code ec;
  const std::string text = sent(body, 1 + size % 64, ec);
  require(static_cast<bool>(ec) == !detail::part_fields(part, "").has_value());
  if (ec) return 0;
  const std::string& kind = body.content_type();
  require(count(text, kind.substr(kind.find('=') + 1)) == 3);
  require(count(text, std::string("\r\n\r\n") + std::string(input) + "\r\n--") >= 2);
  require(text == sent(body, 4096, ec));
  return 0;
}
