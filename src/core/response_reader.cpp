// SPDX-License-Identifier: BSL-1.0
#include "src/core/response_reader.hpp"

#include "src/core/response_parser.hpp"

#include <algorithm>
#include <limits>

namespace headway::core {
namespace {

/// The methods that decide about framing; a literal, since the caller's text may not live as long.
std::string_view framing_method(std::string_view method) noexcept {
  return method == "HEAD" ? "HEAD" : method == "CONNECT" ? "CONNECT" : "GET";
}

/// An alert or a handshake of TLS (RFC 8446 section 5.1).
bool is_tls(std::string_view first_bytes) noexcept {
  return first_bytes.starts_with('\x15') || first_bytes.starts_with('\x16');
}

}  // namespace

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
  p.line_bytes = Parser::crlf;  // the first chunk's line has none in front
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
  const bool first = !saw_bytes_;
  saw_bytes_ = saw_bytes_ || !bytes.empty();
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    taken += p.execute_section(bytes.substr(taken), ec);
    if (ec && first && is_tls(bytes)) ec = Error::tls_expected;
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
  fields_ = FramingFields(p.head->headers);
  if (p.head->status == 101) {  // what comes now is no HTTP, and ends with the connection
    framing_ = {};
    framing_.kind = Framing::until_close;
    remaining_ = std::numeric_limits<std::uint64_t>::max();
    head_done_ = true;
    return;
  }
  framing_ = body_framing(p.method, *p.head, fields_);
  if (framing_.error) {
    ec = *framing_.error;
  } else if (framing_.kind == Framing::chunked && (p.http.flags & F_CHUNKED) == 0) {
    ec = Error::ambiguous_framing;
  } else {
    p.builder.start(*p.trailers);
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

void ResponseReader::cut_off(std::error_code& ec) {
  if (head_done_ && !done_) {
    ec = Error::body_truncated;
  } else {
    end_of_input(ec);
  }
}

}  // namespace headway::core
