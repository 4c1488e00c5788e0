// SPDX-License-Identifier: BSL-1.0
#pragma once

// The fields that all requests of a client have where they say nothing else, encoded once. Read-only once it
// is made; any thread.

#include <headway/request.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headway::core {

/// Whether the request leaves content codings to the library: neither Accept-Encoding nor Range is its own,
/// since a range is one of the encoded bytes (RFC 9110 section 14.2), and no option forbids it.
bool leaves_codings(const Request& request) noexcept;

/// Content-Type may be its body's.
bool has_own_field(const Request& request, std::string_view name) noexcept;

class StandingFields {
 public:
  /// Preconditions: a token and a field value, not empty.
  void add(std::string_view name, std::string_view value);

  /// Accept-Encoding, for the requests that leave codings to the library.
  void add_accepted_codings(std::string_view codings);

  /// All of them, each with its CRLF.
  std::string_view lines() const noexcept { return lines_; }
  /// Appends those that the request does not have itself.
  void append_missing(const Request& request, std::string& out) const;

 private:
  struct Line {
    std::size_t begin, name, size;
    bool by_library = false;  ///< Accept-Encoding of the library's own
  };
  std::string_view name_of(const Line& line) const noexcept {
    return {lines_.data() + line.begin, line.name};
  }

  std::string lines_;
  std::vector<Line> each_;
};

using StandingFieldsPtr = std::shared_ptr<const StandingFields>;

/// "headway/VERSION".
std::string_view own_user_agent() noexcept;

/// User-Agent (own_user_agent) and Accept ("*/*"). One object for the whole program.
const StandingFieldsPtr& usual_fields();

}  // namespace headway::core
