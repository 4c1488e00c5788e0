// SPDX-License-Identifier: BSL-1.0
#pragma once

// A connection as the library has it: the transport and what is counted about it. What a request needs beyond
// that is a Workspace's, so that idle connections are small.

#include "src/core/first_receive.hpp"
#include "src/core/transport.hpp"

#include <headway/connection.hpp>
#include <headway/stale_check.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace headway::core {

class LiveConnection final : public Connection {
 public:
  LiveConnection(HttpRoute route, TimePoint opened, std::unique_ptr<Transport> transport)
      : Connection(std::move(route), opened), transport_(std::move(transport)) {}

  Transport& transport() noexcept { return *transport_; }
  bool looks_dead() noexcept override {
    const Transport::Idle now =
        first_receive_ != nullptr ? first_receive_->look(*transport_) : transport_->look();
    return now != Transport::Idle::quiet;
  }
  int native_handle() const noexcept override { return transport_->socket().descriptor(); }

  /// What `check` says of it. `first`: who looks, where the request that it is wanted for is known; null: the
  /// connection itself. Throws what the check throws.
  bool is_stale(const StaleCheck& check, FirstReceive* first) {
    struct Looking {
      FirstReceive*& at;
      ~Looking() { at = nullptr; }
    } const looking{first_receive_ = first};
    return check(*this);
  }

  void count_response() noexcept { ++served_; }
  void set_idle_since(TimePoint now) noexcept { idle_since_ = now; }

  /// When it has lived long enough; `never` for no limit.
  TimePoint end_of_life() const noexcept { return end_of_life_; }
  void set_end_of_life(TimePoint then) noexcept { end_of_life_ = then; }

 private:
  std::unique_ptr<Transport> transport_;
  TimePoint end_of_life_ = never;
  FirstReceive* first_receive_ = nullptr;  // during a check
};

}  // namespace headway::core
