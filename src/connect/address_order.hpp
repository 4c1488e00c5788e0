// SPDX-License-Identifier: BSL-1.0
#pragma once

// In which order the addresses of a host are tried (RFC 8305 section 4).

#include "src/connect/address.hpp"

#include <headway/time.hpp>

#include <atomic>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace headway::connect {

/// The families take turns, beginning with that of the first address; within a family the order stays.
std::vector<Address> interleave(std::span<const Address> addresses);

/// Remembers which addresses did not answer, or not in time, so that they are tried last for a while.
/// Thread-safe.
class FailedAddresses {
 public:
  /// For how long, and how many.
  static constexpr Duration memory = std::chrono::seconds(60);
  static constexpr std::size_t most = 1024;

  void note(const Address& address, TimePoint now);
  /// It has answered.
  void forget(const Address& address);
  /// Moves those that failed lately behind the others, in the same order.
  void put_last(std::vector<Address>& addresses, TimePoint now);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, TimePoint> failed_;  // until when; under mutex_
  std::atomic<bool> any_{false};
};

}  // namespace headway::connect
