// SPDX-License-Identifier: BSL-1.0
#pragma once

// Header fields: ordered, repeated names kept, names compared without regard to case (RFC 9110 section 5).
// All of it stands in one block, so that a response's fields cost one allocation, and none where it is
// reused. A value type; concurrent reads are safe, a write needs the object to itself.

#include <headway/detail/field_block.hpp>

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

namespace detail {
class HeadersBuilder;
}

/// Views and iterators given out live until the next change. Names and values are not checked here but where
/// they are written to the wire: a name that is no token, or CR, LF or NUL in a value, fails the request with
/// Error::invalid_header before anything is sent.
class Headers {
 public:
  struct Field {
    std::string_view name, value;
  };

 private:
  using Entry = detail::FieldBlock::Entry;
  static Field field_of(const Entry& entry, const char* text) noexcept {
    return {{text + entry.name.begin, entry.name.size}, {text + entry.value.begin, entry.value.size}};
  }

 public:
  class const_iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Field;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Field;

    const_iterator() = default;
    Field operator*() const { return field_of(*entry_, text_); }
    const_iterator& operator++() { return ++entry_, *this; }
    const_iterator operator++(int) {
      const_iterator old = *this;
      ++entry_;
      return old;
    }
    friend bool operator==(const const_iterator& a, const const_iterator& b) { return a.entry_ == b.entry_; }

   private:
    friend class Headers;
    const_iterator(const Entry* entry, const char* text) : entry_(entry), text_(text) {}
    const Entry* entry_ = nullptr;
    const char* text_ = nullptr;
  };

  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

  /// The first value of that name, or an empty view.
  std::string_view operator[](std::string_view name) const noexcept;
  bool contains(std::string_view name) const noexcept;
  std::size_t count(std::string_view name) const noexcept;
  /// Every value of that name, in order.
  std::vector<std::string_view> values(std::string_view name) const;

  /// Appends a field, whether or not the name is there already.
  void add(std::string_view name, std::string_view value);
  /// Replaces all fields of that name by one, in the place of the first of them, or appends it.
  void set(std::string_view name, std::string_view value);
  /// Removes all fields of that name and returns how many there were.
  std::size_t erase(std::string_view name);
  /// Forgets all fields and keeps the memory.
  void clear() noexcept;

  std::size_t size() const noexcept { return block_.size(); }
  bool empty() const noexcept { return size() == 0; }
  /// Preconditions: index < size().
  Field at(std::size_t index) const noexcept { return field_of(block_[index], block_.text()); }
  const_iterator begin() const noexcept { return {block_.begin(), block_.text()}; }
  const_iterator end() const noexcept { return {block_.begin() + size(), block_.text()}; }

  /// The same fields in the same order, names compared without regard to case.
  friend bool operator==(const Headers& a, const Headers& b) noexcept;

 private:
  friend class detail::HeadersBuilder;
  std::size_t find(std::string_view name, std::size_t from) const noexcept;
  std::size_t remove_from(std::size_t index, std::string_view name) noexcept;
  static Entry adjoining(std::size_t begin, std::size_t name, std::size_t value) noexcept;
  static std::size_t extent(const Entry& entry) noexcept;
  void shift(std::size_t index, std::size_t distance) noexcept;
  detail::FieldBlock block_;
};

namespace detail {
/// Preconditions: both have `size` bytes.
bool same_but_for_case(const char* a, const char* b, std::size_t size) noexcept;
}  // namespace detail

/// Whether two names or tokens are equal but for the case of ASCII letters.
inline bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a == b || (a.size() == b.size() && detail::same_but_for_case(a.data(), b.data(), a.size()));
}

/// Whether the comma-separated list `value` holds `token` (RFC 9110 section 5.6.1), without regard to case.
bool list_contains(std::string_view value, std::string_view token) noexcept;

/// RFC 9110 section 5.6.2: one or more letters, digits or any of !#$%&'*+-.^_`|~
bool is_token(std::string_view text) noexcept;

/// No CR, LF or NUL: what may be written as a field's value (RFC 9110 section 5.5).
bool is_field_value(std::string_view text) noexcept;

}  // namespace headway
