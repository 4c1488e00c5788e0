// SPDX-License-Identifier: BSL-1.0
#include "survey/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace survey {
namespace {

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

// How many bytes the code point at the front takes, 0 if that is no UTF-8 (RFC 3629 section 4).
std::size_t code_point_size(std::string_view text) {
  auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  std::size_t size = lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : 4;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if (!is_continuation(text, i)) return 0;
  auto second = static_cast<unsigned char>(text[1]);
  bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  bool surrogate = lead == 0xed && second > 0x9f;
  bool too_large = lead == 0xf4 && second > 0x8f;
  return overlong || surrogate || too_large ? 0 : size;
}

std::string escaped(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) return std::string(1, c);
  constexpr std::string_view digits = "0123456789abcdef";
  return std::string("\\u00") + digits[static_cast<std::size_t>(c >> 4)] +
         digits[static_cast<std::size_t>(c & 15)];
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    std::size_t size = code_point_size(text);
    if (size == 0) quoted += "\xef\xbf\xbd";
    if (size == 1) quoted += escaped(text[0]);
    if (size > 1) quoted += text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return quoted + '"';
}

void JsonWriter::key(std::string_view name) {
  begin_item();
  text_ += json_string(name) + ": ";
  place_ = Place::after_key;
}

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) return raw("null");
  std::array<char, 32> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void JsonWriter::raw(std::string_view text) {
  begin_item();
  text_ += text;
  place_ = Place::later_item;
}

void JsonWriter::begin(char bracket) {
  begin_item();
  text_ += bracket;
  ++depth_;
  place_ = Place::first_item;
}

void JsonWriter::end(char bracket) {
  --depth_;
  if (place_ == Place::later_item) break_line();
  text_ += bracket;
  place_ = Place::later_item;
  if (depth_ == 0) text_ += '\n';
}

void JsonWriter::begin_item() {
  if (place_ == Place::after_key) return;
  if (place_ == Place::later_item) text_ += ',';
  if (depth_ > 0) break_line();
}

void JsonWriter::break_line() { text_.append("\n").append(depth_ * 2, ' '); }

}  // namespace survey
