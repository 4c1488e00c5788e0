// SPDX-License-Identifier: BSL-1.0
#pragma once

// The one asynchronous operation that may be under way on something that a user holds and may let go of
// meanwhile. Thread-safe.

#include <headway/detail/async_operation.hpp>

#include <memory>
#include <mutex>

namespace headway::exec {

class OneOperation {
 public:
  /// Registers the operation until `ended`. False where there is one already.
  bool begins(const std::shared_ptr<detail::AsyncOperation>& operation);
  /// True where what it worked on is to be closed now.
  bool ended() noexcept;
  bool is_busy() const;
  void cancel() noexcept;
  /// Cancels it, and has `ended` say that it is to be closed. False: nothing is under way.
  bool cancel_to_close() noexcept;

 private:
  mutable std::mutex mutex_;
  std::weak_ptr<detail::AsyncOperation> operation_;
  bool busy_ = false;
  bool close_after_ = false;
};

}  // namespace headway::exec
