// SPDX-License-Identifier: BSL-1.0
#include "src/auth/auth_challenge.hpp"

#include <headway/headers.hpp>

#include <algorithm>
#include <optional>

namespace headway::auth {
namespace {

constexpr std::size_t most_challenges = 16;
constexpr std::size_t most_parameters = 32;

class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text) {}

  bool at_end() const noexcept { return text_.empty(); }
  void skip(std::string_view bytes) {
    text_.remove_prefix(std::min(text_.find_first_not_of(bytes), text_.size()));
  }
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view token() {
    std::size_t size = 0;
    while (size < text_.size() && is_token(text_.substr(size, 1))) ++size;
    const std::string_view found = text_.substr(0, size);
    text_.remove_prefix(size);
    return found;
  }
  void drop_element() { text_.remove_prefix(std::min(text_.find(','), text_.size())); }

  /// A token or a quoted string (RFC 9110 section 5.6.4).
  std::optional<std::string> value() {
    if (!take('"')) {
      const std::string_view found = token();
      if (found.empty()) return std::nullopt;
      return std::string(found);
    }
    std::string result;
    while (!at_end()) {
      if (take('"')) return result;
      take('\\');
      if (at_end()) break;
      result.push_back(text_.front());
      text_.remove_prefix(1);
    }
    return std::nullopt;
  }

  std::string_view rest() const noexcept { return text_; }
  void rewind(std::string_view to) noexcept { text_ = to; }

 private:
  std::string_view text_;
};

constexpr std::string_view blanks = " \t";

/// `name = value`; nothing, and nothing taken, where that is not what comes.
std::optional<std::pair<std::string, std::string>> take_parameter(Reader& reader) {
  const std::string_view before = reader.rest();
  const std::string_view name = reader.token();
  reader.skip(blanks);
  if (!name.empty() && reader.take('=')) {
    reader.skip(blanks);
    if (std::optional<std::string> value = reader.value()) return {{std::string(name), std::move(*value)}};
  }
  reader.rewind(before);
  return std::nullopt;
}

}  // namespace

std::string_view AuthChallenge::operator[](std::string_view name) const noexcept {
  const auto found = std::find_if(parameters.begin(), parameters.end(), [name](const auto& parameter) {
    return equals_ignoring_case(parameter.first, name);
  });
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<AuthChallenge> parse_challenges(std::string_view value) {
  std::vector<AuthChallenge> challenges;
  Reader reader(value);
  for (reader.skip(", \t"); !reader.at_end(); reader.skip(", \t")) {
    std::optional<std::pair<std::string, std::string>> parameter;
    if (!challenges.empty()) parameter = take_parameter(reader);
    if (!parameter) {
      const std::string_view scheme = reader.token();
      if (scheme.empty() || challenges.size() == most_challenges) break;
      challenges.push_back({std::string(scheme), {}});
      reader.skip(blanks);
      parameter = take_parameter(reader);
      if (!parameter) reader.drop_element();
    }
    auto& parameters = challenges.back().parameters;
    if (parameter && parameters.size() < most_parameters) parameters.push_back(std::move(*parameter));
    reader.skip(blanks);
    if (!reader.at_end() && !reader.rest().starts_with(',')) break;
  }
  return challenges;
}

}  // namespace headway::auth
