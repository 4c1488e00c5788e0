// SPDX-License-Identifier: BSL-1.0
#include "src/drive/asio_service.hpp"

#include "src/drive/asio_driver.hpp"
#include "src/drive/asio_task.hpp"

namespace headway::drive {

asio::execution_context::id AsioService::id;

void AsioContextDrivers::add(AsioDriver& driver) {
  std::lock_guard lock(mutex_);
  drivers_.push_back(&driver);
}

void AsioContextDrivers::remove(AsioDriver& driver) noexcept {
  std::lock_guard lock(mutex_);
  std::erase(drivers_, &driver);
  driver.forget_context();
}

void AsioContextDrivers::context_is_ending() noexcept {
  std::vector<std::shared_ptr<AsioTask>> orphans;
  {
    std::lock_guard lock(mutex_);
    for (AsioDriver* driver : drivers_) driver->let_go(orphans);
    drivers_.clear();
  }
  for (const auto& orphan : orphans) orphan->abandon();
}

}  // namespace headway::drive
