// SPDX-License-Identifier: BSL-1.0
#pragma once

// What the fields of a message say about where its body ends and whether its connection stays, gathered in
// one pass for all who ask. A value; its views live as long as the headers are neither changed nor destroyed.

#include <headway/headers.hpp>

#include <string_view>

namespace headway::core {

/// What all Connection fields of a message say together.
struct ConnectionOptions {
  bool present = false, close = false, keep_alive = false;
  void add(std::string_view value) noexcept;
};

struct FramingFields {
  int lengths = 0;               ///< Content-Length fields
  int encodings = 0;             ///< Transfer-Encoding fields
  std::string_view length = {};  ///< the value of the last Content-Length
  std::string_view encoding = {};
  int codings = 0;  ///< that all Transfer-Encoding fields list
  int chunked = 0;  ///< how many of them are "chunked"
  bool chunked_last = false;
  int keep_alives = 0;        ///< Keep-Alive fields
  int content_encodings = 0;  ///< Content-Encoding fields
  ConnectionOptions connection = {}, proxy_connection = {};

  FramingFields() = default;
  explicit FramingFields(const Headers& headers) noexcept;

 private:
  void read(const Headers::Field& field) noexcept;
  void read_codings(std::string_view list) noexcept;
};

}  // namespace headway::core
