// SPDX-License-Identifier: BSL-1.0
#pragma once

// A socket, by itself or under OpenSSL with as little around it as there can be, and how the floor
// of the benchmarks reads an answer's head. Owned by one thread.

#include "src/testing/descriptor.hpp"

#include <headway/url.hpp>

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headway::bench {

/// With TCP_NODELAY. The URL's host has to be an IPv4 address.
testing::Descriptor connect_to(const Url& url);

/// Trusts the authority in that file.
std::shared_ptr<SSL_CTX> make_bare_context(const std::string& trusted);

class BareStream {
 public:
  using Session = std::unique_ptr<SSL_SESSION, decltype(&::SSL_SESSION_free)>;

  /// Plain where `context` is null. A session that is not null is taken up again.
  BareStream(const Url& url, SSL_CTX* context, SSL_SESSION* session = nullptr);

  void send(std::string_view bytes);
  /// The first bytes of a file, by sendfile: not over TLS.
  void send_file(int file, std::uint64_t size);
  /// Some bytes, 1 or more. Throws std::runtime_error where the connection has ended.
  std::size_t receive(std::span<char> into);
  /// The same, but nothing where none is there yet and stop_blocking() was called.
  std::optional<std::size_t> try_receive(std::span<char> into);
  /// From now on; what is sent has to fit into the kernel's buffer.
  void stop_blocking();
  int socket() const noexcept { return socket_.get(); }
  /// Gives back the buffers that OpenSSL has and does not need until the next record.
  void free_buffers() {
    if (ssl_) ::SSL_free_buffers(ssl_.get());
  }
  /// Returns once the server has closed its side. Throws std::runtime_error where it sends something instead.
  void await_end();
  /// The last that the server gave; null without TLS. A copy: OpenSSL spoils the connection's own, which has
  /// no goodbye to send.
  Session session() const;

 private:
  testing::Descriptor socket_;
  std::unique_ptr<SSL, decltype(&::SSL_free)> ssl_{nullptr, ::SSL_free};
};

struct BareHead {
  int status;
  std::size_t size;      ///< of the head
  std::uint64_t length;  ///< of the body
};

/// Nothing while the head is incomplete. Throws std::runtime_error where it has no Content-Length.
std::optional<BareHead> parse_bare_head(std::string_view text);

/// The request's line and fields, with a Content-Length where `upload` is not 0. `further` are lines of
/// fields.
std::string bare_request(const Url& url, std::uint64_t upload = 0, std::string_view further = {});

}  // namespace headway::bench
