// SPDX-License-Identifier: BSL-1.0
#pragma once

// The server's side of TLS on a LoopbackServer's connection, which does whatever a test wants of it.

#include "tests/support/certificates.hpp"

#include <headway/testing/loopback_server.hpp>

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace headway::testing {

struct TlsServerOptions {
  int min_version = TLS1_2_VERSION;
  int max_version = TLS1_3_VERSION;
  std::string client_authority = {};  ///< PEM: clients must have a certificate of its
  int tickets = 2;                    ///< sent after a handshake of TLS 1.3
};

/// What all connections of a server share. Thread-safe. Must outlive the server.
class TlsServerSettings {
 public:
  explicit TlsServerSettings(const Credentials& credentials, const TlsServerOptions& options = {});
  SSL_CTX* native() const { return context_.get(); }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
};

/// On the thread of the handler that has the connection beneath.
class TlsPeer {
 public:
  TlsPeer(Peer& below, const TlsServerSettings& settings);

  Peer& below() { return below_; }
  /// False where it failed, whoever was to blame.
  bool handshake();
  /// With its body; nothing at the end. Throws std::runtime_error on broken ones.
  std::optional<ReceivedRequest> read_request();
  bool write(std::string_view bytes);
  /// The alert that ends TLS; the connection stays open.
  void close_notify();
  /// What no key decrypts.
  void broken_record();
  void send_ticket();
  void update_key();
  /// Until the client's close_notify (true) or an end without it.
  bool wait_for_close_notify();

  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  int version() const { return SSL_version(ssl_.get()); }
  /// Empty: none was sent.
  std::string server_name() const;
  std::string protocol() const;  ///< of ALPN
  std::string cipher() const { return SSL_get_cipher_name(ssl_.get()); }
  /// What OpenSSL had to say to the handshake that failed.
  const std::string& complaint() const { return complaint_; }

 private:
  bool flush();
  bool fill();
  template <class Action>
  int drive(Action action);

  Peer& below_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  std::string received_;
  std::string complaint_;
};

/// A LoopbackServer's handler that does the handshake and then what `handler` says; where the handshake fails
/// it closes.
Handler over_tls(const TlsServerSettings& settings, std::function<void(TlsPeer&)> handler);
/// Answers every request with its target.
void echo_targets(TlsPeer& peer);

}  // namespace headway::testing
