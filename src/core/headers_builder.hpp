// SPDX-License-Identifier: BSL-1.0
#pragma once

// Fills Headers while a parser goes through a section of fields: the section's text is kept as it came, and a
// field is where its name and its value stand in it. Owned by the parser.

#include <headway/headers.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headway::detail {

/// A section may come in any number of parts, and a field may begin in one and end in a later one; until then
/// the headers are without it.
class HeadersBuilder {
 public:
  void start(Headers& headers) noexcept {
    headers_ = &headers;
    field_ = {};
  }

  /// Keeps a part of the section, and makes room for `fields` in all.
  void keep(std::string_view part, std::size_t fields) {
    FieldBlock& block = headers_->block_;
    const std::size_t text = block.text_size() + part.size();
    if (!block.has_room(fields, text)) block = block.larger(fields, text);
    part_ = part.data();
    offset_ = block.text_size();
    block.append(part);
  }

  /// A piece of the part that was kept last belongs to the field's name, or its value. False where it does
  /// not stand right behind the piece before.
  bool add_to_name(std::string_view piece) noexcept { return add(piece, field_.name); }
  bool add_to_value(std::string_view piece) noexcept { return add(piece, field_.value); }

  /// Without the blanks at its value's end. False where there is no room for it.
  bool end_field() noexcept {
    FieldBlock& block = headers_->block_;
    if (block.size() == block.capacity()) return false;
    if (field_.value.size == 0) field_.value.begin = field_.name.begin + field_.name.size;
    const char* const value = block.text() + field_.value.begin;
    while (field_.value.size > 0 && is_blank(value[field_.value.size - 1])) --field_.value.size;
    block.push_back(field_);
    field_ = {};
    return true;
  }

 private:
  static bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

  bool add(std::string_view piece, FieldBlock::Range& range) noexcept {
    const auto begin = static_cast<std::uint32_t>(offset_ + static_cast<std::size_t>(piece.data() - part_));
    if (range.size == 0) range.begin = begin;
    const bool adjoins = range.begin + range.size == begin;
    range.size += static_cast<std::uint32_t>(piece.size());
    return adjoins;
  }

  Headers* headers_ = nullptr;
  FieldBlock::Entry field_;  // the one that has not ended
  const char* part_ = nullptr;
  std::size_t offset_ = 0;  // of the part, in the arena
};

}  // namespace headway::detail
