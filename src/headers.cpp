// SPDX-License-Identifier: BSL-1.0

#include <headway/headers.hpp>

#include <algorithm>
#include <array>

namespace headway {
namespace {

constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

constexpr std::array<bool, 256> token_bytes = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"))
    table[static_cast<unsigned char>(c)] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 0x20] = true;
  return table;
}();

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Where the list element that `text` begins with ends: at a comma that stands in no quoted string.
std::size_t element_size(std::string_view text) noexcept {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '\\' && quoted) ++i;
    if (i < text.size() && text[i] == ',' && !quoted) return i;
  }
  return text.size();
}

}  // namespace

bool detail::same_but_for_case(const char* a, const char* b, std::size_t size) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i] && ((a[i] ^ b[i]) != 0x20 || !is_letter(a[i]))) return false;
  }
  return true;
}

bool list_contains(std::string_view value, std::string_view token) noexcept {
  if (token.empty() || value.size() < token.size()) return false;
  if (value.size() == token.size()) return equals_ignoring_case(value, token);
  if (value.find(',') == value.npos) return equals_ignoring_case(trim(value), token);  // as it mostly is
  for (;;) {
    const std::size_t size = element_size(value);
    if (equals_ignoring_case(trim(value.substr(0, size)), token)) return true;
    if (size == value.size()) return false;
    value.remove_prefix(size + 1);
  }
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return token_bytes[static_cast<unsigned char>(c)]; });
}

bool is_field_value(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

// The text holds the fields in their order, with what a parser left between and around them.

Headers::Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::size_t text = 0;
  for (const auto& [name, value] : fields) text += name.size() + value.size();
  block_ = block_.larger(fields.size(), text);
  for (const auto& [name, value] : fields) add(name, value);
}

std::string_view Headers::operator[](std::string_view name) const noexcept {
  const std::size_t index = find(name, 0);
  return index < size() ? at(index).value : std::string_view();
}

bool Headers::contains(std::string_view name) const noexcept { return find(name, 0) < size(); }

std::size_t Headers::count(std::string_view name) const noexcept {
  std::size_t found = 0;
  for (std::size_t i = find(name, 0); i < size(); i = find(name, i + 1)) ++found;
  return found;
}

std::vector<std::string_view> Headers::values(std::string_view name) const {
  std::vector<std::string_view> found;
  for (std::size_t i = find(name, 0); i < size(); i = find(name, i + 1)) found.push_back(at(i).value);
  return found;
}

/// A field whose value stands right behind its name.
Headers::Entry Headers::adjoining(std::size_t begin, std::size_t name, std::size_t value) noexcept {
  return {{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(name)},
          {static_cast<std::uint32_t>(begin + name), static_cast<std::uint32_t>(value)}};
}

/// From the beginning of the name to the end of the value.
std::size_t Headers::extent(const Entry& entry) noexcept {
  return entry.value.begin + entry.value.size - entry.name.begin;
}

void Headers::add(std::string_view name, std::string_view value) {
  const auto append = [&](detail::FieldBlock& to) noexcept {
    to.push_back(adjoining(to.text_size(), name.size(), value.size()));
    to.append(name);
    to.append(value);
  };
  const std::size_t text = block_.text_size() + name.size() + value.size();
  if (block_.has_room(size() + 1, text)) return append(block_);
  // The old block stays until then: name and value may be views of it.
  detail::FieldBlock larger = block_.larger(size() + 1, text);
  append(larger);
  block_ = std::move(larger);
}

void Headers::set(std::string_view name, std::string_view value) {
  const std::size_t index = find(name, 0);
  if (index == size()) return add(name, value);
  // A copy: name and value may be views of the text that is about to move.
  const std::string field = std::string(name).append(value);
  const std::string_view wanted = std::string_view(field).substr(0, name.size());
  const std::size_t value_size = value.size();
  const std::size_t old = extent(block_[index]);
  const std::size_t text = block_.text_size() - old + field.size();
  if (!block_.has_room(size(), text)) block_ = block_.larger(size(), text);
  remove_from(index + 1, wanted);
  const std::size_t begin = block_[index].name.begin;
  block_.replace_text(begin, old, field);
  block_[index] = adjoining(begin, wanted.size(), value_size);
  shift(index + 1, field.size() - old);
}

std::size_t Headers::erase(std::string_view name) {
  const std::size_t index = find(name, 0);
  return index == size() ? 0 : remove_from(index, std::string(name));
}

void Headers::clear() noexcept { block_.clear(); }

bool operator==(const Headers& a, const Headers& b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](Headers::Field x, Headers::Field y) {
    return equals_ignoring_case(x.name, y.name) && x.value == y.value;
  });
}

std::size_t Headers::find(std::string_view name, std::size_t from) const noexcept {
  while (from < size() && !equals_ignoring_case(at(from).name, name)) ++from;
  return from;
}

std::size_t Headers::remove_from(std::size_t index, std::string_view name) noexcept {
  const std::size_t before = size();
  for (std::size_t i = find(name, index); i < size(); i = find(name, i)) {
    const std::size_t removed = extent(block_[i]);
    block_.replace_text(block_[i].name.begin, removed, {});
    block_.erase(i);
    shift(i, -removed);
  }
  return before - size();
}

/// Moves the text of the fields from `index` on; a negative distance wraps round.
void Headers::shift(std::size_t index, std::size_t distance) noexcept {
  for (; index < size(); ++index) {
    block_[index].name.begin += static_cast<std::uint32_t>(distance);
    block_[index].value.begin += static_cast<std::uint32_t>(distance);
  }
}

}  // namespace headway
