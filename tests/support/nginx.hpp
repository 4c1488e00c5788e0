// SPDX-License-Identifier: BSL-1.0
#pragma once

// A real nginx on 127.0.0.1, with its configuration, logs and temporary files in a directory of its own.
// Use on one thread, the one that made it.

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/testing/reserved_port.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway::testing {

struct NginxOptions {
  /// All listen for the same server block.
  int ports = 1;
  /// Open at a time, at most.
  int connections = 4096;
  /// Goes in front of everything: `load_module modules/x.so;` …
  std::string main_config = {};
  /// Goes into the http block: `keepalive_timeout 1s;`, further servers …
  std::string http_config = {};
  /// Goes into the server block. Files written with Nginx::write_file are below its root.
  std::string server_config = "location / { return 200 'hello\\n'; }";
  /// Listens on a Unix socket, too: see Nginx::unix_socket.
  bool unix_socket = false;
};

/// One answered request, as nginx logged it.
struct AccessLogEntry {
  int worker_pid = 0;
  int connection = 0;           ///< counted from 1 since nginx was started
  int connection_requests = 0;  ///< how many requests this one makes on its connection
  int server_port = 0;
  int status = 0;
  std::string request_uri;
};

class Nginx {
 public:
  /// quick drops what is in flight (SIGTERM), graceful lets it end and closes idle connections (SIGQUIT).
  enum class Stop { quick, graceful };

  /// Returns once it accepts on every port. Throws std::runtime_error with nginx's own words if it is not
  /// installed or does not start.
  explicit Nginx(NginxOptions options = {});
  ~Nginx();

  std::uint16_t port(std::size_t index = 0) const { return ports_.at(index).number(); }
  std::string url(std::string_view target = "/", std::size_t index = 0) const;
  /// Its path, where the options asked for one.
  std::string unix_socket() const { return directory_.path() / "nginx.sock"; }
  /// Serves `content` where the server block's configuration lets nginx serve files.
  void write_file(const std::string& name, std::string_view content) {
    directory_.write("www/" + name, content);
  }

  void stop(Stop how = Stop::quick);
  void start();
  /// Stops, waits for the exit and starts again on the same ports. Open connections do not survive.
  void restart(Stop how = Stop::quick);

  /// Waits until at least that many requests have been logged: nginx logs after the client has its response.
  /// Throws std::runtime_error if patience runs out first.
  std::vector<AccessLogEntry> access_log(std::size_t at_least) const;
  std::string error_log() const { return directory_.read("error.log"); }

 private:
  std::string configuration() const;
  void wait_until_accepting(std::uint16_t port);

  NginxOptions options_;
  std::string program_;
  TemporaryDirectory directory_;
  std::vector<ReservedPort> ports_;
  ChildProcess process_;
};

/// How many different connections the entries came on.
std::size_t connection_count(const std::vector<AccessLogEntry>& log);

}  // namespace headway::testing
