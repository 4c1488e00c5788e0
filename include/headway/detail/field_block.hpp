// SPDX-License-Identifier: BSL-1.0
#pragma once

// What Headers keep, in one block of memory: where each field stands in the text, and behind that the text.
// Moving it is a copy of three words, and its memory is of the kind that a thread keeps for its next request.

#include <headway/detail/frame_memory.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace headway::detail {

/// A value type; one that was moved from is empty.
class FieldBlock {
 public:
  struct Range {
    std::uint32_t begin = 0, size = 0;
  };
  /// Where a field stands in the text; the value stands behind the name.
  struct Entry {
    Range name, value;
  };

  FieldBlock() = default;
  FieldBlock(const FieldBlock& other) : FieldBlock(other.with_room(other.size_, other.text_size_)) {}
  FieldBlock(FieldBlock&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)),
        capacity_(std::exchange(other.capacity_, 0)),
        size_(std::exchange(other.size_, 0)),
        text_capacity_(std::exchange(other.text_capacity_, 0)),
        text_size_(std::exchange(other.text_size_, 0)) {}
  FieldBlock& operator=(const FieldBlock& other) { return *this = FieldBlock(other); }
  FieldBlock& operator=(FieldBlock&& other) noexcept {
    FieldBlock taken(std::move(other));
    std::swap(memory_, taken.memory_);
    std::swap(capacity_, taken.capacity_);
    std::swap(size_, taken.size_);
    std::swap(text_capacity_, taken.text_capacity_);
    std::swap(text_size_, taken.text_size_);
    return *this;
  }
  ~FieldBlock() {
    if (memory_ != nullptr) free_frame(memory_, bytes_of(capacity_, text_capacity_));
  }

  std::size_t size() const noexcept { return size_; }
  const Entry* begin() const noexcept { return reinterpret_cast<const Entry*>(memory_); }
  const Entry& operator[](std::size_t index) const noexcept { return begin()[index]; }
  Entry& operator[](std::size_t index) noexcept { return reinterpret_cast<Entry*>(memory_)[index]; }
  const char* text() const noexcept {
    return reinterpret_cast<const char*>(memory_) + capacity_ * sizeof(Entry);
  }
  std::size_t text_size() const noexcept { return text_size_; }

  /// How many entries there is room for.
  std::size_t capacity() const noexcept { return capacity_; }
  bool has_room(std::size_t entries, std::size_t text) const noexcept {
    return entries <= capacity_ && text <= text_capacity_;
  }
  /// A copy that has room for so much in all. Throws std::length_error where the text would be 4 GiB.
  FieldBlock larger(std::size_t entries, std::size_t text) const {
    const auto grown = [](std::size_t wanted, std::size_t had) {
      constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
      if (wanted > most) throw std::length_error("headway::Headers");
      return wanted <= had ? had : std::min(most, std::max(wanted, 2 * had));
    };
    return with_room(grown(entries, capacity_), grown(text, text_capacity_));
  }

  void clear() noexcept { size_ = text_size_ = 0; }
  /// Preconditions: there is room.
  void push_back(const Entry& entry) noexcept { (*this)[size_++] = entry; }
  void append(std::string_view part) noexcept { replace_text(text_size_, 0, part); }
  /// Preconditions: there is room, and `by` is no view of the text from `begin` on.
  void replace_text(std::size_t begin, std::size_t size, std::string_view by) noexcept {
    char* const at = mutable_text() + begin;
    const std::size_t behind = text_size_ - begin - size;
    if (behind > 0) std::memmove(at + by.size(), at + size, behind);
    if (!by.empty()) std::memcpy(at, by.data(), by.size());
    text_size_ = static_cast<std::uint32_t>(begin + by.size() + behind);
  }
  void erase(std::size_t index) noexcept {
    std::copy(begin() + index + 1, begin() + size_, &(*this)[index]);
    --size_;
  }

 private:
  char* mutable_text() noexcept { return const_cast<char*>(text()); }

  static std::size_t bytes_of(std::size_t entries, std::size_t text) noexcept {
    return entries * sizeof(Entry) + text;
  }

  /// Preconditions: what there is fits.
  FieldBlock with_room(std::size_t entries, std::size_t text) const {
    FieldBlock copy;
    if (entries + text == 0) return copy;
    copy.memory_ = static_cast<std::byte*>(allocate_frame(bytes_of(entries, text)));
    copy.capacity_ = static_cast<std::uint32_t>(entries);
    copy.text_capacity_ = static_cast<std::uint32_t>(text);
    std::copy(begin(), begin() + size_, &copy[0]);
    copy.size_ = size_;
    copy.append({this->text(), text_size_});
    return copy;
  }

  std::byte* memory_ = nullptr;
  std::uint32_t capacity_ = 0, size_ = 0;
  std::uint32_t text_capacity_ = 0, text_size_ = 0;
};

}  // namespace headway::detail
