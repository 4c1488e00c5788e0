// SPDX-License-Identifier: BSL-1.0
#include <headway/testing/gate.hpp>
#include <headway/testing/patience.hpp>

#include <utility>

namespace headway::testing {

void Gate::open() {
  {
    std::lock_guard lock(mutex_);
    open_ = true;
  }
  changed_.notify_all();
}

bool Gate::wait(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  ++arrivals_;
  changed_.notify_all();
  return changed_.wait_for(lock, std::move(stop), patience, [this] { return open_; });
}

bool Gate::wait_for_arrivals(int count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return arrivals_ >= count; });
}

}  // namespace headway::testing
