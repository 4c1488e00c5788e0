// SPDX-License-Identifier: BSL-1.0
#pragma once

// TLS as a client, over any transport.

#include "src/connect/tls_bio.hpp"
#include "src/connect/tls_context.hpp"
#include "src/connect/tls_verdict.hpp"

#include <headway/error.hpp>

#include <optional>

namespace headway::connect {

class TlsTransport final : public core::Transport {
 public:
  /// `peer`: whose connection it is. Throws std::bad_alloc.
  TlsTransport(std::unique_ptr<core::Transport> below, std::shared_ptr<const TlsContext> context,
               HttpRoute peer);
  /// Says goodbye (close_notify) where that is still of use. Never blocks.
  ~TlsTransport() override;

  /// Goes on with the handshake: blocked, failed or `done`. To be done before anything else.
  core::IoResult handshake() noexcept;
  /// The handshake is blocked for others to have their turn alone: there is nothing to wait for.
  bool interrupted() const noexcept { return bio_.interrupted(); }
  /// The last handshake took up an earlier session.
  bool resumed() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }

  core::IoResult read(std::span<char> into) noexcept override;
  core::IoResult write(std::string_view first, std::string_view second) noexcept override;
  core::IoResult discard(std::span<char> scratch) noexcept override;
  detail::Socket& socket() noexcept override { return bio_.below().socket(); }
  bool is_raw() const noexcept override { return false; }
  bool holds_input() const noexcept override {
    return ended_ || SSL_has_pending(ssl_.get()) == 1 || bio_.below().holds_input();
  }
  bool has_buffered() const noexcept override {
    return SSL_has_pending(ssl_.get()) == 1 || bio_.below().has_buffered();
  }
  Idle look() noexcept override;
  std::string failure() const override { return verdict_.detail; }

  /// OpenSSL's callbacks.
  static int verify(int good, X509_STORE_CTX* verification);
  static int take_session(SSL* ssl, SSL_SESSION* session);
  static void log_key(const SSL* ssl, const char* line);

 private:
  /// SSL_read_ex or SSL_peek_ex.
  using Reading = int (*)(SSL*, void*, std::size_t, std::size_t*);
  core::IoResult receive(Reading reading, std::span<char> into) noexcept;
  void free_buffers() noexcept;
  core::IoResult result_of(int returned) noexcept;
  core::IoResult fail(Error error, std::string_view detail) noexcept;
  core::IoResult handshake_over() noexcept;
  core::IoResult handshake_failed(int returned) noexcept;
  void name_peer();

  std::shared_ptr<const TlsContext> context_;
  HttpRoute peer_;
  TlsVerdict verdict_;
  TlsBio bio_;
  SslPtr ssl_;
  std::optional<core::IoResult> ended_;  ///< nothing can be received after it
  bool established_ = false;
  bool write_blocked_ = false;  ///< part of a record is not sent yet
  /// A ticket has come: OpenSSL has made room for an answer to it, which it would keep until the next write.
  bool took_ticket_ = false;
};

}  // namespace headway::connect
