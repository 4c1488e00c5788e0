// SPDX-License-Identifier: BSL-1.0
#pragma once

// An open connection as hooks see it.

#include <headway/http_route.hpp>
#include <headway/time.hpp>

#include <cstdint>

namespace headway {

/// Owned by its connection manager. A reference is good while the lease lasts, or during the hook's call.
/// Not thread-safe: whoever has leased it has it alone.
class Connection {
 public:
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  const HttpRoute& route() const noexcept { return route_; }
  TimePoint opened() const noexcept { return opened_; }
  /// When it was last given back; `opened()` while it has never been.
  TimePoint idle_since() const noexcept { return idle_since_; }
  /// Responses that were received on it.
  std::uint64_t served() const noexcept { return served_; }
  /// Without blocking: whether the server has closed it or sent something that nobody asked for.
  virtual bool looks_dead() noexcept = 0;
  /// The socket, for setsockopt(2) and the like. Reading, writing or closing it breaks the connection.
  virtual int native_handle() const noexcept = 0;

 protected:
  Connection(HttpRoute route, TimePoint opened)
      : route_(std::move(route)), opened_(opened), idle_since_(opened) {}

  HttpRoute route_;
  TimePoint opened_;
  TimePoint idle_since_;
  std::uint64_t served_ = 0;
};

}  // namespace headway
