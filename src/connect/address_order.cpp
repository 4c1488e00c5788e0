// SPDX-License-Identifier: BSL-1.0
#include "src/connect/address_order.hpp"

#include <algorithm>

namespace headway::connect {

std::vector<Address> interleave(std::span<const Address> addresses) {
  std::vector<Address> first, second;
  for (const Address& address : addresses)
    (address.family() == addresses.front().family() ? first : second).push_back(address);
  std::vector<Address> order;
  order.reserve(addresses.size());
  for (std::size_t i = 0; order.size() < addresses.size(); ++i) {
    if (i < first.size()) order.push_back(first[i]);
    if (i < second.size()) order.push_back(second[i]);
  }
  return order;
}

void FailedAddresses::note(const Address& address, TimePoint now) {
  std::lock_guard lock(mutex_);
  if (failed_.size() >= most)
    std::erase_if(failed_, [&](const auto& failed) { return failed.second <= now; });
  if (failed_.size() >= most) failed_.erase(failed_.begin());
  failed_[std::string(address.bytes())] = after(now, memory);
  any_ = true;
}

void FailedAddresses::forget(const Address& address) {
  if (!any_) return;
  std::lock_guard lock(mutex_);
  failed_.erase(std::string(address.bytes()));
}

void FailedAddresses::put_last(std::vector<Address>& addresses, TimePoint now) {
  if (!any_) return;
  std::lock_guard lock(mutex_);
  std::ranges::stable_partition(addresses, [&](const Address& address) {
    const auto failed = failed_.find(std::string(address.bytes()));
    return failed == failed_.end() || failed->second <= now;
  });
}

}  // namespace headway::connect
