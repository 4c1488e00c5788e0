// SPDX-License-Identifier: BSL-1.0
//
// Theory of operation. llhttp reads status line, fields and chunk lines, in its strict mode and with no
// leniency; SectionGuard walks in front of it through heads and trailers. Every section ends in a pause, so
// llhttp never sees a byte behind it: after a head without chunks it is not used any further, and what it
// believes about body, keep-alive or upgrade does not matter. Callbacks that take text never fail, and
// every limit is applied at a byte's position: how the bytes were split cannot change the outcome.
#include "src/core/response_reader.hpp"

#include "src/core/section_guard.hpp"

#include <llhttp.h>

#include <algorithm>
#include <limits>

namespace headway::core {
namespace {

// What the line of a chunk may spend without being counted: 16 bytes and twice the chunk's data.
constexpr std::size_t free_line_bytes = 16;
constexpr std::size_t crlf = 2;

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

/// The methods that decide about framing; a literal, since the caller's text may not live as long.
std::string_view framing_method(std::string_view method) noexcept {
  return method == "HEAD" ? "HEAD" : method == "CONNECT" ? "CONNECT" : "GET";
}

}  // namespace

struct ResponseReader::Parser {
  Parser() { llhttp_init(&http, HTTP_RESPONSE, &settings()); }

  static const llhttp_settings_t& settings();
  static Parser& of(llhttp_t* http) noexcept { return *static_cast<Parser*>(http->data); }
  static int on_status(llhttp_t* http, const char* text, std::size_t size);
  static int on_name(llhttp_t* http, const char* text, std::size_t size);
  static int on_name_complete(llhttp_t* http);
  static int on_value(llhttp_t* http, const char* text, std::size_t size);
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
  Headers* fields = nullptr;  // where llhttp's fields go: the head's, then the trailers
  std::string_view method;
  std::size_t informational_bytes = 0;
  std::size_t line_bytes = 0;  // of the chunk line being read, the CRLF in front of it included
  std::size_t overhead = 0;
  int informational = 0;
  bool upgrade_ok = false;
  bool paused = false;  // by the last execute
  bool in_name = false;
  bool in_trailers = false;
};

const llhttp_settings_t& ResponseReader::Parser::settings() {
  static const llhttp_settings_t settings = [] {
    llhttp_settings_t s;
    llhttp_settings_init(&s);
    s.on_status = on_status;
    s.on_header_field = on_name;
    s.on_header_field_complete = on_name_complete;
    s.on_header_value = on_value;
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
  Parser& self = of(http);
  detail::HeadersBuilder builder(*self.fields);
  if (!self.in_name) {
    if (!self.fields->empty()) builder.end_field();
    builder.begin_field();
    self.in_name = true;
  }
  builder.append_name({text, size});
  return 0;
}

int ResponseReader::Parser::on_name_complete(llhttp_t* http) {
  of(http).in_name = false;
  return 0;
}

int ResponseReader::Parser::on_value(llhttp_t* http, const char* text, std::size_t size) {
  detail::HeadersBuilder(*of(http).fields).append_value({text, size});
  return 0;
}

void ResponseReader::Parser::begin_head() {
  llhttp_reset(&http);
  http.data = this;
  guard.start_head();
  head->status = 0;
  head->minor_version = 1;
  head->reason.clear();
  head->headers.clear();
  fields = &head->headers;
  in_name = false;
}

/// Returns how many bytes llhttp took: all, or those up to a pause.
std::size_t ResponseReader::Parser::execute(std::string_view bytes, std::error_code& ec) {
  const llhttp_errno_t code = llhttp_execute(&http, bytes.data(), bytes.size());
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
  const std::size_t taken = execute(bytes.substr(0, found.size), ec);
  if (ec) return taken;
  // Parser and guard have to agree upon the end, or one of them was fooled.
  if (paused != (found.verdict == Verdict::complete) || taken != found.size) {
    ec = error_of(found.verdict);
  } else if (paused) {
    if (!fields->empty()) detail::HeadersBuilder(*fields).end_field();
  } else if (found.verdict != Verdict::incomplete) {
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

ResponseReader::ResponseReader() : parser_(std::make_unique<Parser>()) {}
ResponseReader::~ResponseReader() = default;
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;

void ResponseReader::begin(std::string_view method, const ReadLimits& limits, ResponseHead& head,
                           Headers& trailers, bool upgrade_ok) {
  Parser& p = *parser_;
  p.limits = limits;
  p.head = &head;
  p.trailers = &trailers;
  p.method = framing_method(method);
  p.informational_bytes = p.overhead = 0;
  p.line_bytes = crlf;  // the first chunk's line has none in front
  p.informational = 0;
  p.upgrade_ok = upgrade_ok;
  p.in_trailers = false;
  p.begin_head();
  trailers.clear();
  framing_ = {};
  remaining_ = 0;
  head_done_ = done_ = saw_continue_ = saw_bytes_ = false;
}

std::size_t ResponseReader::parse_head(std::string_view bytes, std::error_code& ec) {
  Parser& p = *parser_;
  ec.clear();
  saw_bytes_ = saw_bytes_ || !bytes.empty();
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    taken += p.execute_section(bytes.substr(taken), ec);
    if (ec || !p.paused) break;
    p.take_status(ec);
    if (ec) break;
    saw_continue_ = saw_continue_ || p.head->status == 100;
    if (!p.skip_informational(ec)) {
      end_head(ec);
      break;
    }
    if (ec) break;
  }
  return taken;
}

void ResponseReader::end_head(std::error_code& ec) {
  Parser& p = *parser_;
  if (p.head->status == 101 && !p.upgrade_ok) {
    ec = Error::unexpected_upgrade;
    return;
  }
  framing_ = body_framing(p.method, *p.head);
  if (framing_.error) {
    ec = *framing_.error;
  } else if (framing_.kind == Framing::chunked && (p.http.flags & F_CHUNKED) == 0) {
    ec = Error::ambiguous_framing;
  } else {
    p.fields = p.trailers;
    remaining_ =
        framing_.kind == Framing::until_close ? std::numeric_limits<std::uint64_t>::max() : framing_.length;
    head_done_ = true;
    done_ = framing_.kind != Framing::chunked && remaining_ == 0;
  }
}

std::uint64_t ResponseReader::raw_remaining() const noexcept {
  return framing_.kind == Framing::chunked ? 0 : remaining_;
}

void ResponseReader::took_raw(std::uint64_t n) noexcept {
  if (framing_.kind == Framing::until_close) return;
  remaining_ -= n;
  done_ = remaining_ == 0;
}

ResponseReader::Piece ResponseReader::parse_body(std::string_view bytes, std::error_code& ec) {
  ec.clear();
  if (framing_.kind == Framing::chunked) return parse_chunks(bytes, ec);
  const std::string_view body =
      bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size())));
  took_raw(body.size());
  return {body, body.size()};
}

ResponseReader::Piece ResponseReader::parse_chunks(std::string_view bytes, std::error_code& ec) {
  Parser& p = *parser_;
  std::size_t taken = 0;
  while (taken < bytes.size() && !done_ && !ec) {
    const std::string_view rest = bytes.substr(taken);
    if (remaining_ > 0) {
      const std::string_view body =
          rest.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, rest.size())));
      remaining_ -= body.size();
      taken += p.execute(body, ec);
      return {body, taken};
    }
    if (p.in_trailers) {
      taken += p.execute_section(rest, ec);
      done_ = p.paused && !ec;
    } else {
      taken += p.execute_chunk_line(rest, ec);
      if (p.paused && !ec) remaining_ = p.http.content_length;
    }
  }
  return {{}, taken};
}

void ResponseReader::end_of_input(std::error_code& ec) {
  ec.clear();
  if (done_) return;
  if (!saw_bytes_) {
    ec = Error::connection_closed;
  } else if (!head_done_) {
    ec = Error::malformed_response;
  } else if (framing_.kind == Framing::until_close) {
    remaining_ = 0;
    done_ = true;
  } else {
    ec = Error::body_truncated;
  }
}

}  // namespace headway::core
