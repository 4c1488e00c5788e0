// SPDX-License-Identifier: BSL-1.0

#include <headway/error.hpp>

#include <algorithm>

namespace headway {
namespace {

std::string_view text_of(Error error) noexcept {
  switch (error) {
    case Error::lease_timeout:
      return "no connection came free in time";
    case Error::connect_timeout:
      return "connecting took too long";
    case Error::tls_handshake_timeout:
      return "the TLS handshake took too long";
    case Error::write_timeout:
      return "the server stopped taking the request";
    case Error::response_timeout:
      return "the response did not come in time";
    case Error::read_timeout:
      return "the response's body stalled";
    case Error::total_timeout:
      return "the whole call took too long";
    case Error::host_not_found:
      return "host not found";
    case Error::resolve_failed:
      return "look-up failed";
    case Error::connection_refused:
      return "connection refused";
    case Error::connect_failed:
      return "no address could be reached";
    case Error::connection_reset:
      return "connection broken";
    case Error::connection_closed:
      return "connection closed before the response";
    case Error::proxy_refused:
      return "the proxy refused";
    case Error::proxy_authentication_failed:
      return "the proxy wants another login";
    case Error::tls_certificate_expired:
      return "the server's certificate has expired";
    case Error::tls_certificate_not_yet_valid:
      return "the server's certificate is not valid yet";
    case Error::tls_self_signed:
      return "the server's certificate is self-signed";
    case Error::tls_unknown_issuer:
      return "the server's certificate is of an unknown issuer";
    case Error::tls_wrong_host:
      return "the server's certificate is not for this host";
    case Error::tls_certificate_revoked:
      return "the server's certificate has been revoked";
    case Error::tls_certificate_rejected:
      return "the server's certificate is not acceptable";
    case Error::tls_wrong_key:
      return "the server's key is not a pinned one";
    case Error::tls_refused:
      return "the server refused with a TLS alert";
    case Error::tls_not_spoken:
      return "the server does not speak TLS";
    case Error::tls_expected:
      return "the server speaks TLS, not plain HTTP";
    case Error::tls_failed:
      return "TLS failed";
    case Error::malformed_response:
      return "malformed response";
    case Error::ambiguous_framing:
      return "ambiguous framing of the response";
    case Error::body_truncated:
      return "the response's body was cut off";
    case Error::unexpected_upgrade:
      return "unexpected 101 Switching Protocols";
    case Error::not_an_event_stream:
      return "the response is no event stream";
    case Error::wrong_range:
      return "the response holds another range than was asked for";
    case Error::malformed_coding:
      return "the response's content coding is malformed";
    case Error::head_too_large:
      return "the response's head is too large";
    case Error::too_many_fields:
      return "the response has too many header fields";
    case Error::too_many_informational:
      return "too many informational responses";
    case Error::chunk_overhead:
      return "the response's chunks have too much overhead";
    case Error::body_too_large:
      return "the response's body is too large";
    case Error::too_many_waiters:
      return "too many requests wait for a connection";
    case Error::too_many_routes:
      return "too many routes";
    case Error::too_many_redirects:
      return "too many redirects";
    case Error::redirect_loop:
      return "redirects go round in a circle";
    case Error::insecure_redirect:
      return "a redirect from https to http is not allowed";
    case Error::event_too_large:
      return "an event is too large";
    case Error::decoded_too_large:
      return "the response's decoded body is too large";
    case Error::compression_ratio:
      return "the response's body swells too much when it is decoded";
    case Error::too_many_codings:
      return "the response's body has too many content codings";
    case Error::pool_shut_down:
      return "the connection manager was shut down";
    case Error::cancelled:
      return "cancelled";
    case Error::invalid_url:
      return "invalid URL";
    case Error::unsupported_scheme:
      return "unsupported scheme";
    case Error::invalid_method:
      return "invalid method";
    case Error::invalid_header:
      return "invalid header";
    case Error::invalid_option:
      return "invalid option";
    case Error::body_unreadable:
      return "the request's body could not be read";
    case Error::body_length_mismatch:
      return "the request's body has another length than it said";
    case Error::body_not_replayable:
      return "the request's body cannot be read again";
    case Error::connection_in_use:
      return "the connection is in use";
    case Error::unknown_charset:
      return "unknown charset";
    case Error::hook_threw:
      return "a hook or a body's function threw an exception";
    case Error::operation_pending:
      return "another operation on the stream is under way";
  }
  return "unknown error";
}

std::string_view text_of(Condition condition) noexcept {
  switch (condition) {
    case Condition::timeout:
      return "timeout";
    case Condition::resolve:
      return "look-up failure";
    case Condition::connect:
      return "connection failure";
    case Condition::proxy:
      return "proxy failure";
    case Condition::tls:
      return "TLS failure";
    case Condition::protocol:
      return "protocol violation";
    case Condition::limit:
      return "limit exceeded";
    case Condition::cancelled:
      return "cancellation";
    case Condition::usage:
      return "wrong usage";
  }
  return "unknown condition";
}

struct ErrorCategory final : std::error_category {
  const char* name() const noexcept override { return "headway"; }
  std::string message(int value) const override { return std::string(text_of(Error{value})); }
};

/// What an error number of the system means to a caller of this library; an empty condition: nothing.
std::error_condition from_errno(const std::error_code& code) noexcept {
  const std::error_condition number = code.default_error_condition();
  // Some versions of Asio have a system category of their own that does not map to the generic one.
  const bool from_asio = std::string_view(number.category().name()) == "asio.system";
  if (!from_asio && number.category() != std::generic_category()) return {};
  switch (static_cast<std::errc>(number.value())) {
    case std::errc::connection_refused:
    case std::errc::connection_reset:
    case std::errc::connection_aborted:
    case std::errc::broken_pipe:
    case std::errc::network_unreachable:
    case std::errc::host_unreachable:
      return Condition::connect;
    case std::errc::timed_out:
      return Condition::timeout;
    case std::errc::operation_canceled:
      return Condition::cancelled;
    default:
      return {};
  }
}

struct ConditionCategory final : std::error_category {
  const char* name() const noexcept override { return "headway.condition"; }
  std::string message(int value) const override { return std::string(text_of(Condition{value})); }
  bool equivalent(const std::error_code& code, int condition) const noexcept override {
    if (!code) return false;
    const std::error_condition asked(condition, *this);
    if (code.category() == headway::error_category()) {
      return make_error_condition(condition_of(static_cast<Error>(code.value()))) == asked;
    }
    return from_errno(code) == asked;
  }
};

// Text from outside must not break the line, nor drive a terminal.
void append_printable(std::string& out, std::string_view text) {
  const std::size_t begin = out.size();
  out += text;
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_control, '?');
}

std::string describe(const std::error_code& code, const FailedRequest& request) {
  std::string line;
  append_printable(line, request.method);
  if (!line.empty() && !request.url.empty()) line += ' ';
  append_printable(line, request.url);
  if (!line.empty()) line += ": ";
  line.append(to_string(request.phase)).append(" failed: ");
  append_printable(line, code.message());
  if (!request.detail.empty()) {
    line += " (";
    append_printable(line, request.detail);
    line += ')';
  }
  if (request.attempts == 1) line += ", tried once";
  if (request.attempts > 1) line.append(", tried ").append(std::to_string(request.attempts)).append(" times");
  return line;
}

}  // namespace

std::string_view to_string(Phase phase) noexcept {
  switch (phase) {
    case Phase::prepare:
      return "prepare";
    case Phase::lease:
      return "lease";
    case Phase::connect:
      return "connect";
    case Phase::tls_handshake:
      return "TLS handshake";
    case Phase::write:
      return "write";
    case Phase::response:
      return "response";
    case Phase::read:
      return "read";
    case Phase::retry:
      return "retry";
  }
  return "unknown phase";
}

const std::error_category& error_category() noexcept {
  static const ErrorCategory category;
  return category;
}

const std::error_category& condition_category() noexcept {
  static const ConditionCategory category;
  return category;
}

std::error_code make_error_code(Error error) noexcept { return {static_cast<int>(error), error_category()}; }

std::error_condition make_error_condition(Condition condition) noexcept {
  return {static_cast<int>(condition), condition_category()};
}

// Errors of one condition have numbers in a row; each line names the first one of the next row.
Condition condition_of(Error error) noexcept {
  if (error < Error::host_not_found) return Condition::timeout;
  if (error < Error::connection_refused) return Condition::resolve;
  if (error < Error::proxy_refused) return Condition::connect;
  if (error < Error::tls_certificate_expired) return Condition::proxy;
  if (error < Error::malformed_response) return Condition::tls;
  if (error < Error::head_too_large) return Condition::protocol;
  if (error < Error::pool_shut_down) return Condition::limit;
  if (error < Error::invalid_url) return Condition::cancelled;
  return Condition::usage;
}

RequestError::RequestError(std::error_code code, FailedRequest request)
    : std::system_error(code), request_(std::move(request)), what_(describe(code, request_)) {}

}  // namespace headway
