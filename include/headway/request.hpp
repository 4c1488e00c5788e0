// SPDX-License-Identifier: BSL-1.0
#pragma once

// What is asked: a value, filled with designated initializers.

#include <headway/body.hpp>
#include <headway/headers.hpp>
#include <headway/progress.hpp>
#include <headway/query_parameters.hpp>
#include <headway/timeouts.hpp>

#include <optional>
#include <string>

namespace headway {

/// Whether a request may be sent again after a failure that leaves open whether the server has seen it.
enum class Replay {
  by_method,  ///< if its method is idempotent (RFC 9110 section 9.2.2)
  allowed,    ///< always: the caller knows that twice is as good as once
  forbidden,  ///< never
};

/// Whether the body waits for the server's "100 Continue" (RFC 9110 section 10.1.1).
enum class ExpectContinue {
  off,
  always,  ///< the body is sent after a 100 or 1 s of silence, and not at all after a final response
  large,   ///< the same for bodies of at least RequestOptions::expect_continue_from bytes or unknown length
};

/// What a request is about.
enum class Scope {
  resource,  ///< what its URL names
  server,    ///< the server as a whole: "OPTIONS *" (RFC 9112 section 3.2.4), whatever the URL's path is
};

/// What becomes of a body with a Content-Encoding (RFC 9110 section 8.4).
enum class ContentDecoding {
  /// The request says by Accept-Encoding what this build of the library can decode, unless it has a field of
  /// that name of its own or a Range; where it was the library that said so, the response is decoded.
  on,
  off,  ///< no field is added, and bodies stay as they come
};

/// What one request wants otherwise than its client.
struct RequestOptions {
  Timeouts timeouts = {};
  Replay replay = Replay::by_method;
  ExpectContinue expect_continue = ExpectContinue::off;
  std::uint64_t expect_continue_from = 1024 * 1024;  ///< bytes; for ExpectContinue::large
  /// The most bytes of body that `send` keeps in memory; beyond it Error::body_too_large. Unset: the
  /// client's.
  std::optional<std::size_t> max_body_size = std::nullopt;
  /// Unset: the client's.
  std::optional<ContentDecoding> decoding = std::nullopt;
  /// As RedirectOptions::max_redirects; 0: none is followed. Unset: the client's.
  std::optional<int> max_redirects = std::nullopt;
  /// `server` for any other method than OPTIONS is Error::invalid_option.
  Scope scope = Scope::resource;
};

/// Host, Content-Length, Transfer-Encoding, Expect, Trailer and Proxy-Authorization are the library's to
/// write: Host may be given and wins over the URL's, the others are Error::invalid_header. `Connection:
/// close` makes the server close the connection afterwards.
struct Request {
  std::string method = "GET";  ///< any token but CONNECT; case-sensitive
  /// http or https, and absolute unless the client has a base_url; its fragment is not sent, and
  /// user name and password are a login (see ClientOptions::credentials), not a part of what is asked for.
  std::string url = {};
  /// Put behind the URL's own query, and the client's.
  QueryParameters query = {};
  Headers headers = {};
  Body body = {};
  RequestOptions options = {};
  /// Sent after the body, which is chunked then (RFC 9112 section 7.1.2). Content-Length, Transfer-Encoding,
  /// Host and other framing or routing fields may not stand here: Error::invalid_header.
  Headers trailers = {};
  ProgressFunction progress = nullptr;  ///< none
};

}  // namespace headway
