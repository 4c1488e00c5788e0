// SPDX-License-Identifier: BSL-1.0
#pragma once

// Names to addresses, off the caller's thread, so that a name server that does not answer cannot hold a
// request beyond its deadline, nor, as long as there are threads left, one look-up another.

#include "src/connect/address.hpp"

#include <headway/detail/signal.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

namespace headway::connect {

/// A look-up under way. Whoever asked may drop it at any time; a late answer then reaches nobody.
class Lookup {
 public:
  detail::Signal done;

  void finish(std::error_code error, std::vector<Address> addresses);
  /// Preconditions: `done` is set.
  const std::error_code& error() const noexcept { return error_; }
  const std::vector<Address>& addresses() const noexcept { return addresses_; }

 private:
  std::error_code error_;
  std::vector<Address> addresses_;
};

/// Thread-safe.
class Resolver {
 public:
  virtual ~Resolver() = default;
  /// Starts a look-up, and finishes it on any thread, at once or later. Errors: host_not_found,
  /// resolve_failed.
  virtual void resolve(const std::string& host, std::uint16_t port, std::shared_ptr<Lookup> lookup) = 0;
};

/// getaddrinfo(3) on threads of its own: at most `max_threads`, started when they are needed. A thread that
/// hangs in a look-up when the resolver is destroyed is left to end by itself.
class SystemResolver final : public Resolver {
 public:
  explicit SystemResolver(std::size_t max_threads = 16);
  ~SystemResolver() override;
  void resolve(const std::string& host, std::uint16_t port, std::shared_ptr<Lookup> lookup) override;

 private:
  void start_thread();
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace headway::connect
