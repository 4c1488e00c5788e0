// SPDX-License-Identifier: BSL-1.0
#pragma once

// OpenSSL's way to the transport beneath: a BIO of our own, so that TLS goes over anything, over TLS too.
// Part of one TlsTransport.

#include "src/connect/tls_pointers.hpp"
#include "src/core/transport.hpp"

#include <memory>

namespace headway::connect {

class TlsBio {
 public:
  explicit TlsBio(std::unique_ptr<core::Transport> below) noexcept : below_(std::move(below)) {}
  TlsBio(const TlsBio&) = delete;
  TlsBio& operator=(const TlsBio&) = delete;

  core::Transport& below() noexcept { return *below_; }
  const core::Transport& below() const noexcept { return *below_; }
  /// For SSL_set_bio. It must not outlive this. Null where memory is out.
  BioPtr make();

  /// One of OpenSSL's operations may read so often: a peer that goes on sending what needs no answer would
  /// keep it for as long as it likes.
  static constexpr int most_reads = 64;

  /// Before each of OpenSSL's operations: forgets what the last one met.
  void begin() noexcept {
    last_ = {};
    reads_ = 0;
  }
  /// The last operation was stopped because it had read often enough: there may be more at once.
  bool interrupted() const noexcept { return reads_ > most_reads; }
  /// What stopped it beneath: blocked, failed, end; `done`: nothing did.
  const core::IoResult& last() const noexcept { return last_; }
  /// The first byte that came since the connection was opened; below 0: none yet.
  int first_byte() const noexcept { return first_byte_; }
  bool ended() const noexcept { return ended_; }

 private:
  static const BIO_METHOD* method();
  static int read(BIO* bio, char* into, int size);
  static int write(BIO* bio, const char* from, int size);
  static long control(BIO* bio, int command, long, void*);
  int take(BIO* bio, const core::IoResult& result) noexcept;

  std::unique_ptr<core::Transport> below_;
  core::IoResult last_;
  int reads_ = 0;
  int first_byte_ = -1;
  bool ended_ = false;
};

}  // namespace headway::connect
