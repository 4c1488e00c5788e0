// SPDX-License-Identifier: BSL-1.0
#include "tests/support/tls_peer.hpp"

#include "src/connect/tls_text.hpp"
#include "src/testing/request_parser.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <stdexcept>

namespace headway::testing {
namespace {

void must(bool good, const char* what) {
  if (!good)
    throw std::runtime_error(std::string("TLS peer: ") + what + ": " +
                             std::string(connect::take_tls_error()));
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  static constexpr std::array<unsigned char, 9> http11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, size, http11.data(), http11.size(), offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

std::unique_ptr<BIO, decltype(&BIO_free_all)> reading(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all};
}

}  // namespace

TlsServerSettings::TlsServerSettings(const Credentials& credentials, const TlsServerOptions& options)
    : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
  SSL_CTX* const context = native();
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, options.min_version);
  SSL_CTX_set_max_proto_version(context, options.max_version);
  SSL_CTX_set_num_tickets(context, static_cast<std::size_t>(options.tickets));
  SSL_CTX_set_alpn_select_cb(context, &choose_protocol, nullptr);
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("headway"), 7);
  const auto certificate_pem = reading(credentials.certificate);
  const auto key_pem = reading(credentials.key);
  X509* const certificate = PEM_read_bio_X509(certificate_pem.get(), nullptr, nullptr, nullptr);
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(key_pem.get(), nullptr, nullptr, nullptr);
  must(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1,
       "credentials");
  X509_free(certificate);
  EVP_PKEY_free(key);
  if (options.client_authority.empty()) return;
  const auto authority_pem = reading(options.client_authority);
  X509* const authority = PEM_read_bio_X509(authority_pem.get(), nullptr, nullptr, nullptr);
  must(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority) == 1, "authority");
  X509_free(authority);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

TlsPeer::TlsPeer(Peer& below, const TlsServerSettings& settings)
    : below_(below), ssl_(SSL_new(settings.native()), &SSL_free) {
  BIO* const in = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(in, -1);
  SSL_set_bio(ssl_.get(), in, BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl_.get());
}

/// What OpenSSL wants to send.
bool TlsPeer::flush() {
  BIO* const out = SSL_get_wbio(ssl_.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  const bool sent = size <= 0 || below_.write({data, static_cast<std::size_t>(size)});
  BIO_reset(out);
  return sent;
}

/// What has come for OpenSSL; false at the end.
bool TlsPeer::fill() {
  const std::string bytes = below_.read_some();
  return !bytes.empty() &&
         BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size())) > 0;
}

/// Until the action succeeds (above 0) or cannot: 0 at the end, below 0 for errors.
template <class Action>
int TlsPeer::drive(Action action) {
  for (;;) {
    ERR_clear_error();
    const int result = action();
    const int why = result > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), result);
    if (why != SSL_ERROR_NONE && why != SSL_ERROR_WANT_READ && why != SSL_ERROR_ZERO_RETURN) {
      complaint_ = connect::take_tls_error();
    }
    if (!flush()) return -1;
    if (why != SSL_ERROR_WANT_READ) return why == SSL_ERROR_ZERO_RETURN ? 0 : result > 0 ? result : -1;
    if (!fill()) return -1;
  }
}

bool TlsPeer::handshake() {
  return drive([&] { return SSL_do_handshake(ssl_.get()); }) > 0;
}

std::optional<ReceivedRequest> TlsPeer::read_request() {
  const auto more = [&] {
    std::array<char, 16 * 1024> piece;
    const int n = drive([&] { return SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size())); });
    if (n > 0) received_.append(piece.data(), static_cast<std::size_t>(n));
    return n > 0;
  };
  std::size_t end = received_.find("\r\n\r\n");
  for (; end == std::string::npos; end = received_.find("\r\n\r\n")) {
    if (!more()) return std::nullopt;
  }
  ReceivedRequest request = parse_request_head(received_.substr(0, end + 4));
  const std::size_t size = content_length(request);
  while (received_.size() < end + 4 + size) {
    if (!more()) return std::nullopt;
  }
  request.body = received_.substr(end + 4, size);
  received_.erase(0, end + 4 + size);
  return request;
}

bool TlsPeer::write(std::string_view bytes) {
  return drive([&] { return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); }) > 0;
}

void TlsPeer::close_notify() {
  SSL_shutdown(ssl_.get());
  flush();
}

void TlsPeer::broken_record() {
  below_.write("\x17\x03\x03" + std::string("\0\x30", 2) + std::string(48, 'x'));
}

void TlsPeer::send_ticket() {
  must(SSL_new_session_ticket(ssl_.get()) == 1, "ticket");
  must(SSL_do_handshake(ssl_.get()) == 1, "ticket");
  flush();
}

void TlsPeer::update_key() {
  must(SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED) == 1, "key update");
  must(SSL_do_handshake(ssl_.get()) == 1, "key update");
  flush();
}

bool TlsPeer::wait_for_close_notify() {
  std::array<char, 1024> dropped;
  int n = 1;
  while (n > 0)
    n = drive([&] { return SSL_read(ssl_.get(), dropped.data(), static_cast<int>(dropped.size())); });
  return n == 0;
}

std::string TlsPeer::server_name() const {
  const char* const name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

std::string TlsPeer::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

Handler over_tls(const TlsServerSettings& settings, std::function<void(TlsPeer&)> handler) {
  return [&settings, handler = std::move(handler)](Peer& peer) {
    TlsPeer secure(peer, settings);
    if (secure.handshake()) handler(secure);
  };
}

void echo_targets(TlsPeer& peer) {
  while (const auto request = peer.read_request()) {
    if (!peer.write(response(200, request->target))) return;
  }
}

}  // namespace headway::testing
