// SPDX-License-Identifier: BSL-1.0
#pragma once

// Tells the drivers of an execution context when it is destroyed, so that nothing refers to it afterwards: a
// pool's connections and operations that wait for a lease may well outlive it.

#include <asio/execution_context.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace headway::drive {

class AsioDriver;

/// The drivers of one context; shared with them, since either may be destroyed first. Thread-safe.
class AsioContextDrivers {
 public:
  void add(AsioDriver& driver);
  /// Has the driver forget its context, unless it was told of its end, or is just being told.
  void remove(AsioDriver& driver) noexcept;
  void context_is_ending() noexcept;

 private:
  std::mutex mutex_;
  std::vector<AsioDriver*> drivers_;
};

/// Owned by its context.
class AsioService final : public asio::execution_context::service {
 public:
  using key_type = AsioService;
  static asio::execution_context::id id;

  explicit AsioService(asio::execution_context& context) : service(context) {}

  const std::shared_ptr<AsioContextDrivers>& drivers() const noexcept { return drivers_; }

 private:
  void shutdown() override { drivers_->context_is_ending(); }

  std::shared_ptr<AsioContextDrivers> drivers_ = std::make_shared<AsioContextDrivers>();
};

}  // namespace headway::drive
