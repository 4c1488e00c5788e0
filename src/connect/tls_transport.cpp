// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_transport.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <new>

namespace headway::connect {

using core::IoResult;
using Kind = core::IoResult::Kind;

namespace {

constexpr std::size_t full_record = 16 * 1024;
/// Tickets, key updates and the like that one receive takes in, an interruption counting as several.
constexpr int most_silent_records = 64, records_of_interruption = 8;

/// The queue of errors is the thread's, and the program may be using OpenSSL there, too. To clear it costs
/// far more than to see that it is empty, as it nearly always is.
struct CleanQueue {
  CleanQueue() noexcept { clear(); }
  ~CleanQueue() { clear(); }
  static void clear() noexcept {
    if (ERR_peek_error() != 0) ERR_clear_error();
  }
  CleanQueue(const CleanQueue&) = delete;
  CleanQueue& operator=(const CleanQueue&) = delete;
};

TlsTransport& of(const SSL* ssl) { return *static_cast<TlsTransport*>(SSL_get_app_data(ssl)); }

/// What fits in one record: of `first`, and of `second` behind it where there is room.
std::string_view next_record(std::string_view first, std::string_view second,
                             std::array<char, full_record>& joint) {
  if (first.size() >= full_record || second.empty()) return first.substr(0, full_record);
  if (first.empty()) return second.substr(0, full_record);
  const std::size_t begin = first.copy(joint.data(), first.size());
  return {joint.data(), begin + second.copy(joint.data() + begin, full_record - begin)};
}

}  // namespace

TlsTransport::TlsTransport(std::unique_ptr<core::Transport> below, std::shared_ptr<const TlsContext> context,
                           HttpRoute peer)
    : context_(std::move(context)),
      peer_(std::move(peer)),
      bio_(std::move(below)),
      ssl_(SSL_new(context_->native())) {
  BioPtr bio = bio_.make();
  if (!ssl_ || !bio) throw std::bad_alloc();
  SSL_set_app_data(ssl_.get(), this);
  BIO* const both = bio.release();
  SSL_set_bio(ssl_.get(), both, both);
  SSL_set_connect_state(ssl_.get());
  name_peer();
  if (!context_->resumes()) return;
  if (const SessionPtr session = context_->sessions().take(peer_)) {
    SSL_set_session(ssl_.get(), session.get());
  }
}

TlsTransport::~TlsTransport() {
  // A record that is half sent would go out with the goodbye: that of a request which was given up.
  if (!established_ || ended_ || write_blocked_ || bio_.ended()) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

/// SNI, and whom the certificate must be for (RFC 9110 section 4.3.4, RFC 6066 section 3).
void TlsTransport::name_peer() {
  const std::string& name = context_->name_of_peer(peer_);
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(ssl_.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str()) == 1) return;
  ERR_clear_error();
  X509_VERIFY_PARAM_set_hostflags(wanted,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  const bool named = X509_VERIFY_PARAM_set1_host(wanted, name.data(), name.size()) == 1 &&
                     SSL_set_tlsext_host_name(ssl_.get(), name.c_str()) == 1;
  if (!named) throw std::bad_alloc();
}

int TlsTransport::verify(int good, X509_STORE_CTX* verification) {
  auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  TlsTransport& self = of(ssl);
  if (good == 0) self.verdict_.note(verification, self.context_->name_of_peer(self.peer_));
  return good;
}

/// Keeps a copy: OpenSSL spoils the connection's own session when that ends without a goodbye.
int TlsTransport::take_session(SSL* ssl, SSL_SESSION* session) {
  TlsTransport& self = of(ssl);
  self.took_ticket_ = true;
  if (!self.context_->resumes() || SSL_SESSION_is_resumable(session) == 0) return 0;
  try {
    if (SessionPtr copy{SSL_SESSION_dup(session)})
      self.context_->sessions().keep(self.peer_, std::move(copy));
  } catch (const std::bad_alloc&) {  // it is only not taken up again
  }
  return 0;
}

void TlsTransport::log_key(const SSL* ssl, const char* line) { of(ssl).context_->log_key(line); }

// --- the handshake

IoResult TlsTransport::handshake() noexcept {
  const CleanQueue clean;
  bio_.begin();
  const int returned = SSL_do_handshake(ssl_.get());
  if (returned == 1) return handshake_over();
  if (bio_.last().blocked()) return bio_.last();
  return handshake_failed(returned);
}

IoResult TlsTransport::handshake_over() noexcept {
  verdict_.check_pins(SSL_get0_peer_certificate(ssl_.get()), context_->pins());
  if (verdict_.error) {
    ended_ = IoResult{.kind = Kind::failed, .error = verdict_.error};
    return *ended_;
  }
  established_ = true;
  took_ticket_ = false;  // within the handshake it made no room of its own
  return {};
}

IoResult TlsTransport::handshake_failed(int returned) noexcept {
  context_->sessions().forget(peer_);
  if (verdict_.error) {
    ended_ = IoResult{.kind = Kind::failed, .error = verdict_.error};
    return *ended_;
  }
  const int first = bio_.first_byte();
  if (first >= 0 && first != SSL3_RT_HANDSHAKE && first != SSL3_RT_ALERT) {
    return fail(Error::tls_not_spoken, first == 'H' ? "the server speaks plain HTTP" : "");
  }
  const IoResult result = result_of(returned);
  if (result.kind == Kind::failed) return result;
  return fail(Error::connection_reset, "the server closed during the TLS handshake");
}

/// Without its detail where memory is out.
IoResult TlsTransport::fail(Error error, std::string_view detail) noexcept {
  try {
    verdict_.detail = detail;
  } catch (const std::bad_alloc&) {
    verdict_.detail.clear();
  }
  ended_ = IoResult{.kind = Kind::failed, .error = error};
  return *ended_;
}

// --- data

/// An operation of OpenSSL's that has not succeeded: blocked, or over.
IoResult TlsTransport::result_of(int returned) noexcept {
  const int why = SSL_get_error(ssl_.get(), returned);
  if (why == SSL_ERROR_ZERO_RETURN) {
    ended_ = IoResult{.kind = Kind::end};
  } else if (bio_.last().kind == Kind::failed) {
    ended_ = bio_.last();
  } else if (bio_.ended()) {
    ended_ = IoResult{.kind = Kind::cut};
  } else {
    const unsigned long error = ERR_peek_error();
    const int alert = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) - SSL_AD_REASON_OFFSET : 0;
    return fail(alert > 0 ? Error::tls_refused : Error::tls_failed, take_tls_error());
  }
  return *ended_;
}

/// Preconditions: a record has just been read to its end. Elsewhere some releases of OpenSSL 3 would free
/// what they are about to read.
void TlsTransport::free_buffers() noexcept {
  if (!took_ticket_ || SSL_has_pending(ssl_.get()) != 0) return;
  SSL_free_buffers(ssl_.get());
  took_ticket_ = false;
}

IoResult TlsTransport::receive(Reading reading, std::span<char> into) noexcept {
  if (ended_) return *ended_;
  for (int records = 0; records < most_silent_records;) {
    const CleanQueue clean;
    bio_.begin();
    std::size_t n = 0;
    const int returned = reading(ssl_.get(), into.data(), into.size(), &n);
    if (returned == 1) {
      free_buffers();
      return {.kind = Kind::done, .bytes = n};
    }
    records += bio_.interrupted() ? records_of_interruption : 1;
    if (bio_.interrupted()) continue;
    if (bio_.last().blocked()) return bio_.last();
    // Wants to read and has not tried to: a record was taken in that held no data.
    if (SSL_get_error(ssl_.get(), returned) != SSL_ERROR_WANT_READ) return result_of(returned);
    free_buffers();
  }
  return fail(Error::tls_failed, "too many records without data");
}

IoResult TlsTransport::read(std::span<char> into) noexcept { return receive(SSL_read_ex, into); }

IoResult TlsTransport::discard(std::span<char> scratch) noexcept {
  const IoResult got = bio_.below().discard(scratch);
  if (got.kind != Kind::done && !got.blocked()) ended_ = got;
  return got;
}

core::Transport::Idle TlsTransport::look() noexcept {
  if (ended_) return Idle::ended;
  if (!holds_input() && bio_.below().look() == Idle::quiet) return Idle::quiet;
  char byte = 0;
  const IoResult got = receive(SSL_peek_ex, {&byte, 1});
  if (got.kind == Kind::done) return Idle::surplus;
  return got.blocked() ? Idle::quiet : Idle::ended;
}

IoResult TlsTransport::write(std::string_view first, std::string_view second) noexcept {
  std::array<char, full_record> joint;
  std::size_t written = 0;
  while (!first.empty() || !second.empty()) {
    const CleanQueue clean;
    bio_.begin();
    const std::string_view record = next_record(first, second, joint);
    std::size_t n = 0;
    const int returned = SSL_write_ex(ssl_.get(), record.data(), record.size(), &n);
    write_blocked_ = returned != 1 && bio_.last().blocked();
    if (returned != 1) {
      if (written > 0) break;  // the next call meets it again
      if (write_blocked_) return bio_.last();
      // What has come before it can still be received.
      if (bio_.last().kind == Kind::failed) return bio_.last();
      return result_of(returned);
    }
    written += n;
    const std::size_t of_first = std::min(n, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(n - of_first);
  }
  return {.kind = Kind::done, .bytes = written};
}

}  // namespace headway::connect
