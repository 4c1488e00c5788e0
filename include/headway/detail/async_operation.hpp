// SPDX-License-Identifier: BSL-1.0
#pragma once

// The two sides of an asynchronous operation that know nothing of each other's types: the library runs it,
// the completion holds the user's handler. Neither needs Asio's headers.

#include <headway/detail/asio_fwd.hpp>

#include <cstdint>
#include <memory>
#include <system_error>

namespace headway::detail {

/// What a cancelled operation may have done already, as in Asio's cancellation_type.
enum class Cancellation : std::uint8_t {
  total,     ///< nothing that anybody could notice
  partial,   ///< something, but what it worked on can be used on
  terminal,  ///< anything
};

/// One operation, started at most once and ended exactly once.
class AsyncOperation {
 public:
  virtual ~AsyncOperation() = default;
  /// Runs it on the calling thread until it has to wait. Its completion is never called from within. `self`:
  /// this, which it keeps until it has ended.
  virtual void start(std::shared_ptr<AsyncOperation> self) = 0;
  /// Any thread, at any time, more than once. Without effect where the operation cannot be ended within the
  /// bounds of `how` any more, and where it has ended.
  virtual void cancel(Cancellation how) noexcept = 0;
};

/// Who calls a completion.
enum class CalledFrom : std::uint8_t {
  start,     ///< the call that started the operation: the handler has to be posted
  executor,  ///< a function that `executor` runs
};

/// Where an operation's end is told: exactly one of the two is called, once, and the object is gone then.
template <class... Results>
class Completion {
 public:
  /// `executor` is the operation's own. The results may be moved from.
  virtual void complete(CalledFrom from, const asio::any_io_executor& executor, std::error_code ec,
                        Results&&... results) = 0;
  /// The executor's context is being destroyed: the handler is destroyed without being called.
  virtual void abandon() noexcept = 0;

 protected:
  ~Completion() = default;
};

}  // namespace headway::detail
