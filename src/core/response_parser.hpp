// SPDX-License-Identifier: BSL-1.0
#pragma once

// The reader's parser: llhttp and what is counted around it. The one file that includes llhttp.h; to be
// included by response_parser.cpp and response_reader.cpp alone.
//
// Theory of operation. llhttp reads status line, fields and chunk lines, in its strict mode and with no
// leniency; SectionGuard walks in front of it through heads and trailers. Every section ends in a pause, so
// llhttp never sees a byte behind it: after a head without chunks it is not used any further, and what it
// believes about body, keep-alive or upgrade does not matter. No limit is applied where text comes in, but
// at a byte's position: how the bytes were split cannot change the outcome.

#include "src/core/headers_builder.hpp"
#include "src/core/response_reader.hpp"
#include "src/core/section_guard.hpp"

#include <llhttp.h>

namespace headway::core {

struct ResponseReader::Parser {
  Parser() { llhttp_init(&http, HTTP_RESPONSE, &settings()); }

  static constexpr std::size_t crlf = 2;

  static const llhttp_settings_t& settings();
  static Parser& of(llhttp_t* http) noexcept { return *static_cast<Parser*>(http->data); }
  static int on_status(llhttp_t* http, const char* text, std::size_t size);
  static int on_name(llhttp_t* http, const char* text, std::size_t size);
  static int on_value(llhttp_t* http, const char* text, std::size_t size);
  static int on_value_complete(llhttp_t* http);
  static int pause(llhttp_t*) { return HPE_PAUSED; }

  void begin_head();
  std::size_t execute(std::string_view bytes, std::error_code& ec);
  std::size_t execute_section(std::string_view bytes, std::error_code& ec);
  bool skip_informational(std::error_code& ec);
  void take_status(std::error_code& ec);
  std::size_t execute_chunk_line(std::string_view bytes, std::error_code& ec);
  void charge_chunk_line(std::error_code& ec);

  llhttp_t http;
  SectionGuard guard;
  ReadLimits limits;
  ResponseHead* head = nullptr;
  Headers* trailers = nullptr;
  detail::HeadersBuilder builder;  // of the head's fields, then of the trailers
  std::string_view method;
  std::size_t informational_bytes = 0;
  std::size_t line_bytes = 0;  // of the chunk line being read, the CRLF in front of it included
  std::size_t overhead = 0;
  int informational = 0;
  bool upgrade_ok = false;
  bool paused = false;  // by the last execute
  bool in_trailers = false;
};

}  // namespace headway::core
