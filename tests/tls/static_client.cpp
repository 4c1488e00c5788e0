// SPDX-License-Identifier: BSL-1.0

// A program whose client lives to the very end, with settings that are the system's. Says the body at the URL
// that it is given, or what failed, and then which goes first, the client or OpenSSL.

#include <headway/headway.hpp>

#include <openssl/crypto.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>

namespace {

struct Goodbye {
  ~Goodbye() { std::puts("the client is gone"); }
};

headway::Client client{{.retry_strategy = [goodbye = std::make_shared<Goodbye>()](const headway::FailedTry&) {
  return std::optional<headway::Duration>();
}}};

}  // namespace

int main(int, char** argv) {
  OPENSSL_atexit([] { std::puts("OpenSSL is gone"); });
  try {
    std::puts(client.get(argv[1]).body.c_str());
  } catch (const std::system_error& failed) {
    std::puts(failed.what());
  }
}
