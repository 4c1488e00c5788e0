// SPDX-License-Identifier: BSL-1.0
//
// What the benchmarks ask: an nginx on loopback, plain and with TLS, with /small, /64KiB and /256MiB, and
// sinks for uploads. Prints a line of name and value for each, and ends with its standard input:
//
//   plain http://127.0.0.1:PORT
//   tls https://127.0.0.1:PORT
//   trust FILE                    the authority's certificate
//   tls_sink https://127.0.0.1:PORT/
//   sink http://127.0.0.1:PORT/
#include "tests/bench/program.hpp"
#include "tests/bench/upload_sink.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_nginx.hpp"
#include "tests/support/tls_peer.hpp"

#include <cstdio>
#include <filesystem>

namespace headway::bench {
namespace {

using testing::TemporaryDirectory;

/// A file of zeros, which takes no room on the disk.
void make_file(const TemporaryDirectory& directory, const char* name, std::uintmax_t size) {
  directory.write(name, "");
  std::filesystem::resize_file(directory.path() / name, size);
}

void serve() {
  const TemporaryDirectory files;
  // Whoever the workers are, they may enter it.
  std::filesystem::permissions(files.path(), std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  make_file(files, "64KiB", 64 * 1024);
  make_file(files, "256MiB", 256 * 1024 * 1024);
  // TLS 1.3, as services speak it today: tickets come after the handshake. nginx would speak 1.2 alone here,
  // and would remember no session.
  const std::string config =
      "access_log off; keepalive_requests 1000000000; keepalive_timeout 3600s;\n"
      "ssl_protocols TLSv1.3; ssl_session_cache shared:tls:10m;\n"
      "location = /small { return 200 'hello world\\n'; }\nlocation / { root " +
      files.path().string() + "; }";
  testing::Authority authority;
  files.write("ca.pem", authority.certificate());
  const testing::TlsNginx nginx(
      authority, config, {.connections = 12'000, .http_config = "sendfile on;\n", .server_config = config});
  const testing::TlsServerSettings sink_tls(authority.issue(), {.min_version = TLS1_3_VERSION});
  std::printf("plain %s\ntls %s\ntrust %s\n", nginx.plain().url("").c_str(), nginx.url("").c_str(),
              (files.path() / "ca.pem").c_str());
  std::printf("tls_sink https://127.0.0.1:%d/\nsink http://127.0.0.1:%d/\n",
              int{start_upload_sink(sink_tls.native())}, int{start_upload_sink()});
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

}  // namespace
}  // namespace headway::bench

int main() { return headway::bench::run_main("bench_server", headway::bench::serve); }
