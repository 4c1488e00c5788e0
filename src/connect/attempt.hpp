// SPDX-License-Identifier: BSL-1.0
#pragma once

// One socket on its way to one address. Owned by an operation; one thread at a time.

#include "src/connect/address.hpp"

#include <headway/detail/socket.hpp>
#include <headway/dial_options.hpp>
#include <headway/http_route.hpp>

#include <string>

namespace headway::connect {

/// What goes for all attempts of a dial. All must outlive them.
struct AttemptSettings {
  const HttpRoute& route;
  const DialOptions& options;
};

class Attempt {
 public:
  enum class State : unsigned char {
    none,        ///< not begun
    connecting,  ///< look again when the socket is writable
    busy,        ///< a Unix socket's queue is full: begin again a little later
    connected,
    failed,
  };

  /// Never blocks. What the socket hook throws comes through.
  State begin(const Address& address, const AttemptSettings& settings);
  /// What has become of it. Preconditions: it is connecting.
  State look();

  State state() const noexcept { return state_; }
  /// In blocking mode once it is connected.
  detail::Socket& socket() noexcept { return socket_; }

  /// Of one that failed: errno, and whether the peer has to do with it.
  int error() const noexcept { return error_; }
  bool failed_here() const noexcept { return step_ != nullptr; }
  /// "127.0.0.1:80: Connection refused"
  std::string account(const Address& address) const;

 private:
  int set_up(const Address& address, const AttemptSettings& settings);
  int bind(const RouteVia& via);
  State succeed();
  State fail(int error, const char* step = nullptr, const std::string* subject = nullptr);

  detail::Socket socket_;
  const char* step_ = nullptr;            // what failed before connecting did
  const std::string* subject_ = nullptr;  // of the route
  int error_ = 0;
  State state_ = State::none;
};

}  // namespace headway::connect
