// SPDX-License-Identifier: BSL-1.0
#include "src/testing/network_state.hpp"

#include <headway/testing/patience.hpp>

namespace headway::testing {

ScriptedConnection& NetworkState::connection(std::size_t index) {
  std::lock_guard lock(mutex_);
  return grow_to(index);
}

ScriptedConnection& NetworkState::grow_to(std::size_t index) {
  while (connections_.size() <= index)
    connections_.emplace_back(new ScriptedConnection(std::make_shared<ConnectionScript>()));
  return *connections_[index];
}

std::size_t NetworkState::dials() const {
  std::lock_guard lock(mutex_);
  return dials_;
}

bool NetworkState::wait_for_dials(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return dials_ >= count; });
}

std::shared_ptr<ConnectionScript> NetworkState::dial(const HttpRoute& route) {
  ScriptedConnection* connection = nullptr;
  {
    std::lock_guard lock(mutex_);
    connection = &grow_to(dials_++);
  }
  connection->script_->set_route(route);
  if (script_) script_(*connection);
  changed_.notify_all();
  return connection->script_;
}

void NetworkState::wake() {
  std::lock_guard lock(mutex_);
  for (const auto& connection : connections_) connection->script_->wake();
}

}  // namespace headway::testing
