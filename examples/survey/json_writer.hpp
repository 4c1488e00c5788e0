// SPDX-License-Identifier: BSL-1.0
#pragma once

// Writes JSON (RFC 8259), indented by two blanks. One thread at a time.

#include <string>
#include <string_view>

namespace survey {

/// With its quotes. Bytes that are no UTF-8 become U+FFFD, so that the result is always JSON.
std::string json_string(std::string_view text);

/// Inside an object every value, object and array is preceded by key(); the caller sees to that.
class JsonWriter {
 public:
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  void key(std::string_view name);

  void value(std::string_view text) { raw(json_string(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(int number) { raw(std::to_string(number)); }
  /// Neither infinite nor NaN has a place in JSON: both are written as null.
  void value(double number);

  template <class Value>
  void field(std::string_view name, const Value& content) {
    key(name);
    value(content);
  }

  const std::string& text() const { return text_; }

 private:
  void begin(char bracket);
  void end(char bracket);
  void raw(std::string_view text);
  void begin_item();
  void break_line();

  enum class Place { first_item, later_item, after_key };
  std::string text_;
  std::size_t depth_ = 0;
  Place place_ = Place::first_item;
};

}  // namespace survey
