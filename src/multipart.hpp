// SPDX-License-Identifier: BSL-1.0
#pragma once

// multipart/form-data (RFC 7578): the form that a Body holds, what it looks like on the wire, and the reading
// of it for one try. A form is shared by the copies of its Body and never changes; a source is its reader's.

#include <headway/body.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway::detail {

struct Multipart {
  std::vector<Part> parts;
  std::vector<std::string> heads;  ///< of each part: delimiter, fields and the empty line
  std::string tail;                ///< the closing delimiter
  bool replayable = true;
  bool valid = true;  ///< all names and content types can be sent
};

/// `"`, CR and LF as %22, %0D and %0A.
std::string quote_part_name(std::string_view name);
/// The part's field lines with the empty line behind them; nothing where they cannot be sent. `path`: of a
/// file, from which a file name is taken where the part has none.
std::optional<std::string> part_fields(const Part& part, std::string_view path);

class MultipartSource {
 public:
  /// The form must outlive it.
  explicit MultipartSource(const Multipart& form) noexcept : form_(form) {}

  /// Looks at every part, and returns the length of the whole where that is known. Errors: those of
  /// BodySource::open; invalid_header.
  std::optional<std::uint64_t> open(std::error_code& ec);
  /// As Body::ReadFunction, but that `into` is filled as far as a part can be without asking a function
  /// twice.
  std::size_t read(std::span<char> into, std::error_code& ec);
  /// What `open` could not open, as BodySource::failure says it.
  std::string failure() const { return lengths_.empty() ? "body" : part_.failure(); }

  static Multipart build(std::vector<Part> parts, const std::string& boundary);
  static bool is_in_memory_part(const std::vector<Part>& parts, std::string_view text);

 private:
  std::size_t read_text(std::span<char> into) noexcept;
  std::size_t read_part(std::span<char> into, std::error_code& ec);
  void open_part(std::error_code& ec);
  bool is_stream(std::size_t index) const noexcept;

  const Multipart& form_;
  std::vector<std::optional<std::uint64_t>> lengths_;
  BodySource part_;
  std::string_view text_;    // still to come before the part's content
  std::size_t index_ = 0;    // of the part; as many as there are: the tail
  bool in_content_ = false;  // of the part, once its head has been read
};

}  // namespace headway::detail
