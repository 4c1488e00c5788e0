// SPDX-License-Identifier: BSL-1.0
#pragma once

// What can go wrong: one code for each cause (`Error`), a few conditions to ask about (`Condition`), and the
// exception of the throwing calls (`RequestError`). All of it may be used from any thread.

#include <headway/proxy_refusal.hpp>

#include <string>
#include <string_view>
#include <system_error>

namespace headway {

/// The precise cause. Compare an `error_code` with it to ask for this very one, or with a `Condition`.
enum class Error {
  // Condition::timeout
  lease_timeout = 1,      ///< no connection came free in time
  connect_timeout,        ///< look-up and connecting took too long
  tls_handshake_timeout,  ///< the TLS handshake took too long
  write_timeout,          ///< the server stopped taking the request
  response_timeout,       ///< the response's head did not come in time
  read_timeout,           ///< the response's body stalled
  total_timeout,          ///< the whole call took longer than it was given
  // Condition::resolve
  host_not_found = 20,  ///< the name has no address
  resolve_failed,       ///< the look-up itself failed
  // Condition::connect
  connection_refused = 30,  ///< nobody listens there
  connect_failed,           ///< no address could be reached, for another reason
  connection_reset,         ///< the connection broke before the response was complete
  connection_closed,        ///< the server closed before it sent any byte of the response
  // Condition::proxy
  proxy_refused = 36,           ///< the proxy opens no tunnel to this host
  proxy_authentication_failed,  ///< it wants another user name and password, or any
  // Condition::tls
  tls_certificate_expired = 40,   ///< a certificate of the server's chain is no longer valid
  tls_certificate_not_yet_valid,  ///< or not valid yet
  tls_self_signed,                ///< the server's certificate is signed by itself and is not trusted
  tls_unknown_issuer,             ///< no trusted issuer signed it
  tls_wrong_host,                 ///< it is for other hosts
  tls_certificate_revoked,        ///< its issuer has revoked it
  tls_certificate_rejected,       ///< it is not acceptable for another reason, such as a weak key
  tls_wrong_key,                  ///< its key is none of the pinned ones
  tls_refused,                    ///< the server refused with an alert, in the handshake or later
  tls_not_spoken,                 ///< the server answered the handshake with something else than TLS
  tls_expected,                   ///< plain http was asked for and the server answered in TLS
  tls_failed,                     ///< the server broke the protocol, or a record was tampered with
  // Condition::protocol
  malformed_response = 55,  ///< not HTTP/1.x, or against its grammar
  ambiguous_framing,        ///< Content-Length and Transfer-Encoding contradict each other or themselves
  body_truncated,           ///< the connection ended before the body did
  unexpected_upgrade,       ///< 101 Switching Protocols that nobody asked for
  not_an_event_stream,      ///< the response is no text/event-stream, or its status is not 200
  wrong_range,              ///< a 206 response holds another range than the one that was asked for
  malformed_coding,         ///< the body is not what its Content-Encoding says
  // Condition::limit
  head_too_large = 64,     ///< the response's head has more bytes than allowed
  too_many_fields,         ///< the response has more header or trailer fields than allowed
  too_many_informational,  ///< more 1xx responses than allowed came before the final one
  chunk_overhead,          ///< a chunked body spends too many bytes on its framing
  body_too_large,          ///< the body is larger than may be kept in memory
  too_many_waiters,        ///< the pool's waiting queue is full
  too_many_routes,         ///< the pool knows as many routes as it may
  too_many_redirects,      ///< the server redirected more often than allowed
  redirect_loop,           ///< it redirected to what had been asked already
  insecure_redirect,       ///< it redirected from https to http, which is not allowed
  event_too_large,         ///< an event of an event stream, or a line of it, is larger than allowed
  decoded_too_large,       ///< the body is larger than allowed once it is decoded
  compression_ratio,       ///< it swells more than allowed when it is decoded
  too_many_codings,        ///< its Content-Encoding has more codings than allowed
  // Condition::cancelled
  pool_shut_down = 80,  ///< the connection manager was shut down
  cancelled,            ///< the caller gave up
  // Condition::usage
  invalid_url = 90,      ///< not an absolute URL with a host
  unsupported_scheme,    ///< neither http nor https
  invalid_method,        ///< not a token (RFC 9110 section 9.1), or CONNECT
  invalid_header,        ///< a name that is no token, or CR, LF or NUL in a value
  invalid_option,        ///< an option out of its range, or one that does not apply here
  body_unreadable,       ///< the request's body could not be read
  body_length_mismatch,  ///< the request's body is shorter or longer than it said
  body_not_replayable,   ///< the request had to be sent again and its body can be read only once
  connection_in_use,     ///< the one connection of a BasicConnectionManager is leased already
  unknown_charset,       ///< text() was asked for a charset that this system does not know
  hook_threw,            ///< an asynchronous call's hook or body threw something that is no std::system_error
  operation_pending,     ///< a stream was read while another read of it was under way
};

/// What callers usually ask: `if (ec == headway::Condition::timeout)`.
enum class Condition { timeout = 1, resolve, connect, proxy, tls, protocol, limit, cancelled, usage };

/// What was being done when it failed.
enum class Phase { prepare, lease, connect, tls_handshake, write, response, read, retry };

/// "lease", "connect", "TLS handshake" …; a literal.
std::string_view to_string(Phase phase) noexcept;

const std::error_category& error_category() noexcept;
const std::error_category& condition_category() noexcept;
std::error_code make_error_code(Error error) noexcept;
std::error_condition make_error_condition(Condition condition) noexcept;

/// The condition that a code of `error_category()` belongs to.
Condition condition_of(Error error) noexcept;

/// Which request failed, where, and after how many tries. `detail` names what was wrong ("header \"X Y\"",
/// "127.0.0.1:80: Connection refused") and is empty where the code says it all.
struct FailedRequest {
  std::string method = {};
  std::string url = {};  ///< without user name and password
  Phase phase = Phase::prepare;
  int attempts = 0;  ///< how often it was tried; 0 where it failed before the first try
  std::string detail = {};
  ProxyRefusal proxy_refusal = {};  ///< what a proxy said that opened no tunnel
};

/// What the throwing calls throw. `what()` is one line: method, URL, phase, cause, detail, tries.
class RequestError : public std::system_error {
 public:
  RequestError(std::error_code code, FailedRequest request);
  const char* what() const noexcept override { return what_.c_str(); }
  const FailedRequest& request() const noexcept { return request_; }

 private:
  FailedRequest request_;
  std::string what_;
};

}  // namespace headway

template <>
struct std::is_error_code_enum<headway::Error> : std::true_type {};
template <>
struct std::is_error_condition_enum<headway::Condition> : std::true_type {};
