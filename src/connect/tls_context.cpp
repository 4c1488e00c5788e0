// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_context.hpp"

#include "src/connect/tls_setup.hpp"
#include "src/connect/tls_transport.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace headway::connect {

TlsContext::TlsContext(const TlsMaterial& material, std::string identity)
    : native_(make_ssl_context(material)),
      identity_(std::move(identity)),
      server_name_(material.options.server_name),
      pins_(parse_pins(material.options.pinned_keys)),
      verifies_(material.options.peer == TlsPeerCheck::verified),
      resumes_(material.options.resumption == TlsResumption::enabled) {
  SSL_CTX* const context = native_.get();
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, &TlsTransport::take_session);
  if (!resumes_) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  // Said in both cases: the system's configuration may say it, too.
  SSL_CTX_set_verify(context, verifies_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
                     verifies_ ? &TlsTransport::verify : nullptr);
  if (!material.options.key_log_file.empty()) open_key_log(material.options.key_log_file);
  if (material.options.on_context) material.options.on_context(context);
}

void TlsContext::open_key_log(const std::string& path) {
  const auto refuse = [&path](int error) {
    refuse_tls_option("key_log_file",
                      path + ": " + std::error_code(error, std::generic_category()).message());
  };
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) refuse(errno);
  key_log_.reset(::fdopen(file, "a"));
  if (!key_log_) {
    const int error = errno;
    ::close(file);
    refuse(error);
  }
  SSL_CTX_set_keylog_callback(native_.get(), &TlsTransport::log_key);
}

void TlsContext::log_key(const char* line) const noexcept {
  std::lock_guard lock(key_log_mutex_);
  std::FILE* const file = key_log_.get();
  std::fprintf(file, "%s\n", line);
  std::fflush(file);
}

}  // namespace headway::connect
