// SPDX-License-Identifier: BSL-1.0
#pragma once

// Three HTTP servers on 127.0.0.1 in this process, each with another idea of how long a connection lasts. One
// thread of their own serves them all; the members may be called on any thread.

#include "survey/embedded_connection.hpp"
#include "survey/endpoint.hpp"

#include <array>
#include <string>
#include <thread>
#include <vector>

struct pollfd;

namespace survey {

/// In this order: one that keeps connections for a minute; one that keeps them for a second and says so; one
/// that closes after every fifth response without having said so. All close first where a request asks them
/// to.
class EmbeddedServers {
 public:
  /// Throws std::system_error.
  EmbeddedServers();
  /// Ends the thread and all connections at once.
  ~EmbeddedServers();
  EmbeddedServers(const EmbeddedServers&) = delete;
  EmbeddedServers& operator=(const EmbeddedServers&) = delete;

  std::vector<std::string> urls() const;
  std::vector<Endpoint> endpoints() const;

 private:
  struct Server {
    Temper temper;
    int listener = -1;
    std::uint16_t port = 0;
  };
  static constexpr std::size_t count = 3;

  void release() noexcept;
  void run();
  std::vector<pollfd> wanted() const;
  int milliseconds_to_deadline() const;
  void accept_from(const Server& server);
  void proceed(const std::vector<pollfd>& ready);

  std::array<Server, count> servers_;
  int wake_ = -1;
  std::vector<EmbeddedConnection> connections_;  // the thread's
  enum class Room { free, full } room_ = Room::free;
  std::thread thread_;
};

}  // namespace survey
