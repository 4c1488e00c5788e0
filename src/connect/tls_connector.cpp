// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_connector.hpp"

#include "src/connect/tls_registry.hpp"
#include "src/connect/tls_transport.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace headway::connect {

using core::IoResult;
using detail::Op;
using detail::SocketWant;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

Dialled handshake_failure(std::error_code error, std::string detail) {
  return Dialled::failure(error, std::move(detail), Phase::tls_handshake);
}

}  // namespace

TlsConnector::TlsConnector(std::shared_ptr<Connector> below) noexcept : below_(std::move(below)) {
  // At the program's end OpenSSL cleans up in the reverse order of what was begun: begun here, it is there
  // for even a static client.
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, nullptr);  // without an option it begins nothing
}

Op<Dialled> TlsConnector::connect(HttpRoute route, DialTimeouts timeouts) {
  const Waiter& waiter = co_await this_waiter;
  const TimePoint deadline = after(waiter.now(), timeouts.connect);
  std::shared_ptr<const TlsContext> context;
  if (route.secure()) {
    context = find_tls_context(route.via().tls_identity);
    if (!context) co_return handshake_failure(Error::invalid_option, "route: tls_identity of no client");
    if (!is_peer_name(context->name_of_peer(route))) {
      co_return handshake_failure(Error::invalid_url, "host: no name that a certificate can be for");
    }
  }
  Op<Dialled> connecting = below_->connect(route, timeouts);
  Dialled dialled = co_await std::move(connecting);
  if (dialled.error || !context) co_return dialled;
  Op<Dialled> securing = secure(std::move(dialled.transport), std::move(context), std::move(route),
                                {timeouts.tls_handshake, deadline});
  co_return co_await std::move(securing);
}

Op<Dialled> TlsConnector::secure(std::unique_ptr<core::Transport> plain,
                                 std::shared_ptr<const TlsContext> context, HttpRoute peer,
                                 HandshakeBounds bounds) {
  Waiter& waiter = co_await this_waiter;
  const TimePoint own = after(waiter.now(), bounds.tls_handshake);
  const TimePoint deadline = std::min(own, bounds.connect_deadline);
  auto transport = std::make_unique<TlsTransport>(std::move(plain), std::move(context), std::move(peer));
  for (;;) {
    const IoResult result = transport->handshake();
    if (result.kind == IoResult::Kind::done) break;
    if (!result.blocked()) co_return handshake_failure(result.error, transport->failure());
    const bool reading = result.kind == IoResult::Kind::want_readable;
    SocketWant socket{&transport->socket(), reading, !reading};
    Want want;
    if (transport->interrupted()) {
      want.yields = true;
    } else {
      want.sockets = {&socket, 1};
      want.deadline = deadline;
    }
    want.phase = Phase::tls_handshake;
    co_await want;
    // A server that always sends something never makes it time out by itself.
    if (want.timed_out || waiter.now() >= deadline) {
      if (deadline < own) co_return handshake_failure(Error::connect_timeout, "TLS handshake");
      co_return handshake_failure(Error::tls_handshake_timeout, "");
    }
  }
  Dialled done;
  done.transport = std::move(transport);
  co_return done;
}

}  // namespace headway::connect
