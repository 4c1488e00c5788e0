// SPDX-License-Identifier: BSL-1.0
#include "src/connect/tls_bio.hpp"

namespace headway::connect {

using core::IoResult;

const BIO_METHOD* TlsBio::method() {
  // Lives as long as the program: connections may be closed very late.
  static BIO_METHOD* const made = [] {
    BIO_METHOD* fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "headway transport");
    if (fresh == nullptr) return fresh;
    BIO_meth_set_read(fresh, &TlsBio::read);
    BIO_meth_set_write(fresh, &TlsBio::write);
    BIO_meth_set_ctrl(fresh, &TlsBio::control);
    return fresh;
  }();
  return made;
}

BioPtr TlsBio::make() {
  const BIO_METHOD* const known = method();
  BioPtr bio(known == nullptr ? nullptr : BIO_new(known));
  if (bio) {
    BIO_set_data(bio.get(), this);
    BIO_set_init(bio.get(), 1);
  }
  return bio;
}

int TlsBio::take(BIO* bio, const IoResult& result) noexcept {
  BIO_clear_retry_flags(bio);
  if (result.kind == IoResult::Kind::done) return static_cast<int>(result.bytes);
  last_ = result;
  if (result.kind == IoResult::Kind::want_readable) BIO_set_retry_read(bio);
  if (result.kind == IoResult::Kind::want_writable) BIO_set_retry_write(bio);
  if (result.blocked()) return -1;
  if (result.kind != IoResult::Kind::failed) ended_ = true;
  return result.kind == IoResult::Kind::failed ? -1 : 0;
}

int TlsBio::read(BIO* bio, char* into, int size) {
  if (size <= 0) return 0;
  auto& self = *static_cast<TlsBio*>(BIO_get_data(bio));
  if (++self.reads_ > most_reads) return self.take(bio, {.kind = IoResult::Kind::want_readable});
  const int n = self.take(bio, self.below_->read({into, static_cast<std::size_t>(size)}));
  if (n > 0 && self.first_byte_ < 0) self.first_byte_ = static_cast<unsigned char>(*into);
  return n;
}

int TlsBio::write(BIO* bio, const char* from, int size) {
  if (size <= 0) return 0;
  auto& self = *static_cast<TlsBio*>(BIO_get_data(bio));
  return self.take(bio, self.below_->write({from, static_cast<std::size_t>(size)}, {}));
}

long TlsBio::control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return static_cast<TlsBio*>(BIO_get_data(bio))->ended_ ? 1 : 0;
  return 0;
}

}  // namespace headway::connect
