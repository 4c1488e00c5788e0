// SPDX-License-Identifier: BSL-1.0
#include "src/core/response_parser.hpp"

#include <algorithm>

#ifdef HEADWAY_LLHTTP_SSE42
// llhttp's own parser under another name: see cmake/FindLlhttp.cmake.
extern "C" int headway_llhttp_execute_sse42(llhttp__internal_t* http, const char* begin, const char* end);
#endif

namespace headway::core {
namespace {

llhttp_errno_t run(llhttp_t& http, std::string_view bytes) {
#ifdef HEADWAY_LLHTTP_SSE42
  static const bool has_sse42 = __builtin_cpu_supports("sse4.2") != 0;
  if (has_sse42) {
    const char* const begin = bytes.data();
    return static_cast<llhttp_errno_t>(headway_llhttp_execute_sse42(&http, begin, begin + bytes.size()));
  }
#endif
  return llhttp_execute(&http, bytes.data(), bytes.size());
}

// What the line of a chunk may spend without being counted: 16 bytes and twice the chunk's data.
constexpr std::size_t free_line_bytes = 16;

Error error_of(llhttp_errno_t code) noexcept {
  switch (code) {
    case HPE_UNEXPECTED_CONTENT_LENGTH:
    case HPE_INVALID_CONTENT_LENGTH:
    case HPE_INVALID_TRANSFER_ENCODING:
      return Error::ambiguous_framing;
    default:
      return Error::malformed_response;
  }
}

Error error_of(SectionGuard::Verdict verdict) noexcept {
  switch (verdict) {
    case SectionGuard::Verdict::too_large:
      return Error::head_too_large;
    case SectionGuard::Verdict::too_many_fields:
      return Error::too_many_fields;
    default:
      return Error::malformed_response;
  }
}

}  // namespace

const llhttp_settings_t& ResponseReader::Parser::settings() {
  static const llhttp_settings_t settings = [] {
    llhttp_settings_t s;
    llhttp_settings_init(&s);
    s.on_status = on_status;
    s.on_header_field = on_name;
    s.on_header_value = on_value;
    s.on_header_value_complete = on_value_complete;
    s.on_headers_complete = pause;
    s.on_chunk_header = pause;
    s.on_message_complete = pause;
    return s;
  }();
  return settings;
}

int ResponseReader::Parser::on_status(llhttp_t* http, const char* text, std::size_t size) {
  // llhttp lets control bytes pass here, which RFC 9112 section 4 does not.
  const auto is_control = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; };
  if (std::any_of(text, text + size, is_control)) return HPE_USER;
  of(http).head->reason.append(text, size);
  return 0;
}

int ResponseReader::Parser::on_name(llhttp_t* http, const char* text, std::size_t size) {
  return of(http).builder.add_to_name({text, size}) ? 0 : HPE_USER;
}

int ResponseReader::Parser::on_value(llhttp_t* http, const char* text, std::size_t size) {
  return of(http).builder.add_to_value({text, size}) ? 0 : HPE_USER;
}

int ResponseReader::Parser::on_value_complete(llhttp_t* http) {
  return of(http).builder.end_field() ? 0 : HPE_USER;
}

void ResponseReader::Parser::begin_head() {
  llhttp_reset(&http);
  http.data = this;
  guard.start_head();
  head->status = 0;
  head->minor_version = 1;
  head->reason.clear();
  head->headers.clear();
  builder.start(head->headers);
}

/// Returns how many bytes llhttp took: all, or those up to a pause.
std::size_t ResponseReader::Parser::execute(std::string_view bytes, std::error_code& ec) {
  const llhttp_errno_t code = run(http, bytes);
  paused = code == HPE_PAUSED;
  if (code == HPE_OK) return bytes.size();
  const auto taken = static_cast<std::size_t>(llhttp_get_error_pos(&http) - bytes.data());
  if (paused) {
    llhttp_resume(&http);
  } else {
    ec = error_of(code);
  }
  return taken;
}

/// Takes bytes of a head or of the trailers; `paused` tells whether they are complete.
std::size_t ResponseReader::Parser::execute_section(std::string_view bytes, std::error_code& ec) {
  using Verdict = SectionGuard::Verdict;
  const SectionGuard::Found found = guard.scan(bytes, limits.head_bytes, limits.fields);
  const std::string_view good = bytes.substr(0, found.size);
  builder.keep(good, guard.fields());
  const std::size_t taken = execute(good, ec);
  if (ec) return taken;
  // Parser and guard have to agree upon the end, or one of them was fooled.
  if (paused != (found.verdict == Verdict::complete) || taken != found.size) {
    ec = error_of(found.verdict);
  } else if (!paused && found.verdict != Verdict::incomplete) {
    ec = error_of(found.verdict);
  }
  return taken;
}

void ResponseReader::Parser::take_status(std::error_code& ec) {
  head->status = http.status_code;
  head->minor_version = http.http_minor;
  if (http.http_major != 1 || head->status < 100) ec = Error::malformed_response;
}

/// Whether the head just read is informational: then the next one may come.
bool ResponseReader::Parser::skip_informational(std::error_code& ec) {
  if (head->status >= 200 || head->status == 101) return false;
  informational_bytes += guard.size();
  if (++informational > limits.informational) {
    ec = Error::too_many_informational;
  } else if (informational_bytes > limits.head_bytes) {
    ec = Error::head_too_large;
  }
  begin_head();
  return true;
}

/// Takes the line in front of a chunk's data; `paused` tells whether it is complete.
std::size_t ResponseReader::Parser::execute_chunk_line(std::string_view bytes, std::error_code& ec) {
  // However long the announced chunk is, its line alone must not exceed what all lines together may.
  const std::size_t longest = limits.chunk_overhead + free_line_bytes + crlf;
  const std::size_t room = longest - std::min(line_bytes, longest);
  const std::size_t taken = execute(bytes.substr(0, room), ec);
  line_bytes += taken;
  if (ec) return taken;
  if (paused) {
    charge_chunk_line(ec);
  } else if (taken < bytes.size()) {
    ec = Error::chunk_overhead;
  }
  return taken;
}

void ResponseReader::Parser::charge_chunk_line(std::error_code& ec) {
  const std::size_t line = line_bytes - crlf;
  const std::uint64_t data = http.content_length;
  line_bytes = 0;
  if (line > free_line_bytes && (line - free_line_bytes) / 2 >= data) {
    overhead += line - free_line_bytes - 2 * static_cast<std::size_t>(data);
    if (overhead > limits.chunk_overhead) ec = Error::chunk_overhead;
  }
  if (data == 0) {
    in_trailers = true;
    guard.start_trailers();
  }
}

}  // namespace headway::core
