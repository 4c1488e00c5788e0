// SPDX-License-Identifier: BSL-1.0
#include "src/core/framing_fields.hpp"

#include <cstddef>
#include <cstdint>

namespace headway::core {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// By its length: most fields are none of those that are looked for.
bool may_matter(std::string_view name) noexcept {
  constexpr std::uint32_t sizes = 1u << 10 | 1u << 14 | 1u << 16 | 1u << 17;
  return name.size() < 32 && (sizes >> name.size() & 1) != 0;
}

}  // namespace

void ConnectionOptions::add(std::string_view value) noexcept {
  present = true;
  if (equals_ignoring_case(value, "keep-alive")) {  // as it mostly is
    keep_alive = true;
    return;
  }
  close = close || list_contains(value, "close");
  keep_alive = keep_alive || list_contains(value, "keep-alive");
}

inline void FramingFields::read(const Headers::Field& field) noexcept {
  const auto is = [&](std::string_view name) { return equals_ignoring_case(field.name, name); };
  switch (field.name.size()) {
    case 10:
      if (is("Connection")) {
        connection.add(field.value);
      } else if (is("Keep-Alive")) {
        ++keep_alives;
      }
      break;
    case 14:
      if (is("Content-Length")) ++lengths, length = field.value;
      break;
    case 16:
      if (is("Content-Encoding")) {
        ++content_encodings;
      } else if (is("Proxy-Connection")) {
        proxy_connection.add(field.value);
      }
      break;
    case 17:
      if (is("Transfer-Encoding")) ++encodings, read_codings(encoding = field.value);
      break;
    default:
      break;
  }
}

FramingFields::FramingFields(const Headers& headers) noexcept {
  for (const Headers::Field field : headers) {
    if (may_matter(field.name)) read(field);
  }
}

void FramingFields::read_codings(std::string_view list) noexcept {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view coding = trimmed(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    if (coding.empty()) continue;
    ++codings;
    chunked_last = equals_ignoring_case(coding, "chunked");
    if (chunked_last) ++chunked;
  }
}

}  // namespace headway::core
