// SPDX-License-Identifier: BSL-1.0
#pragma once

// Between a completion token's handler, whose type only the caller knows, and the library, which knows none:
// the handler's executor, allocator and cancellation slot are honoured here.

#include <headway/detail/async_operation.hpp>
#include <headway/detail/frame_memory.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/associated_allocator.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/dispatch.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/system_executor.hpp>

#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace headway::detail {

/// Stands for "none of its own" where a handler is asked for its executor.
struct NoExecutor {};

template <class Handler>
inline constexpr bool has_executor =
    !std::is_same_v<asio::associated_executor_t<Handler, NoExecutor>, NoExecutor>;

/// A future's own, which only calls handlers, is none to run operations on.
template <class Handler>
asio::any_io_executor executor_of_handler(const Handler& handler) {
  using Own = asio::associated_executor_t<Handler, asio::system_executor>;
  if constexpr (std::is_convertible_v<Own, asio::any_io_executor>) {
    return asio::get_associated_executor(handler, asio::system_executor());
  } else {
    return asio::system_executor();
  }
}

/// An executor of the handler's own, with its work counted; nothing where that is the operation's.
template <class Handler, bool Own = has_executor<Handler>>
class HandlerExecutor {
 public:
  using Executor = asio::associated_executor_t<Handler, asio::any_io_executor>;
  using Work = asio::executor_work_guard<Executor>;

  HandlerExecutor(const Handler& handler, const asio::any_io_executor& operations) {
    const Executor executor = asio::get_associated_executor(handler, operations);
    if (!is_same(executor, operations)) work_.emplace(executor);
  }

  bool is_operations() const noexcept { return !work_; }
  /// Preconditions: not is_operations().
  Work take() noexcept { return std::move(*work_); }

 private:
  static bool is_same(const Executor& executor, const asio::any_io_executor& operations) {
    if constexpr (std::is_same_v<Executor, asio::any_io_executor>) {
      return executor == operations;
    } else {
      const Executor* const same = operations.target<Executor>();
      return same != nullptr && *same == executor;
    }
  }
  std::optional<Work> work_;
};

template <class Handler>
class HandlerExecutor<Handler, false> {
 public:
  HandlerExecutor(const Handler&, const asio::any_io_executor&) noexcept {}
};

/// The handler's allocator, or memory that is kept for the next operation where it has none.
template <class Handler, class T>
struct HandlerAllocator {
  using Associated = asio::associated_allocator_t<Handler>;
  static constexpr bool none = std::is_same_v<Associated, std::allocator<void>>;
  using type = std::conditional_t<none, FrameAllocator<T>,
                                  typename std::allocator_traits<Associated>::template rebind_alloc<T>>;
  static type of(const Handler& handler) {
    if constexpr (none) {
      return {};
    } else {
      return type(asio::get_associated_allocator(handler));
    }
  }
};

/// A handler with what it is to be called with.
template <class Handler, class... Results>
struct BoundHandler {
  using allocator_type = asio::associated_allocator_t<Handler>;

  Handler handler;
  std::error_code ec;
  std::tuple<Results...> results;

  allocator_type get_allocator() const noexcept { return asio::get_associated_allocator(handler); }
  void operator()() {
    std::apply([this](Results&... each) { std::move(handler)(ec, std::move(each)...); }, results);
  }
};

/// What a cancellation slot holds.
struct CancelOperation {
  std::weak_ptr<AsyncOperation> operation;
  void operator()(asio::cancellation_type_t type) const noexcept {
    const std::shared_ptr<AsyncOperation> alive = operation.lock();
    if (!alive) return;
    const auto has = [type](asio::cancellation_type_t each) {
      return (type & each) != asio::cancellation_type_t::none;
    };
    if (has(asio::cancellation_type_t::terminal)) return alive->cancel(Cancellation::terminal);
    if (has(asio::cancellation_type_t::partial)) return alive->cancel(Cancellation::partial);
    if (has(asio::cancellation_type_t::total)) return alive->cancel(Cancellation::total);
  }
};

template <class Handler, class... Results>
class HandlerCompletion final : public Completion<Results...> {
 public:
  using Allocator = HandlerAllocator<Handler, HandlerCompletion>;
  using Traits = std::allocator_traits<typename Allocator::type>;

  template <class H>
  static HandlerCompletion& make(H&& handler, const asio::any_io_executor& operations) {
    auto allocator = Allocator::of(handler);
    auto* const memory = Traits::allocate(allocator, 1);
    try {
      return *new (memory) HandlerCompletion(std::forward<H>(handler), operations);
    } catch (...) {
      Traits::deallocate(allocator, memory, 1);
      throw;
    }
  }

  void connect(const std::shared_ptr<AsyncOperation>& operation) {
    auto slot = asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) slot.template emplace<CancelOperation>(CancelOperation{operation});
  }

  void complete(CalledFrom from, const asio::any_io_executor& operations, std::error_code ec,
                Results&&... results) override {
    using Bound = BoundHandler<Handler, Results...>;
    if constexpr (has_executor<Handler>) {
      if (!executor_.is_operations()) {
        const auto work = executor_.take();
        Bound bound{release(), ec, {std::move(results)...}};
        return from == CalledFrom::start ? asio::post(work.get_executor(), std::move(bound))
                                         : asio::dispatch(work.get_executor(), std::move(bound));
      }
    }
    Handler handler = release();
    if (from == CalledFrom::executor) return std::move(handler)(ec, std::move(results)...);
    asio::post(operations, Bound{std::move(handler), ec, {std::move(results)...}});
  }

  void abandon() noexcept override { release(); }

 private:
  template <class H>
  HandlerCompletion(H&& handler, const asio::any_io_executor& operations)
      : handler_(std::forward<H>(handler)), executor_(handler_, operations) {}

  /// Ends the object. Its memory is free before the handler is called, so that the next operation can have
  /// it.
  Handler release() noexcept {
    Handler handler = std::move(handler_);
    auto allocator = Allocator::of(handler);
    this->~HandlerCompletion();
    Traits::deallocate(allocator, this, 1);
    return handler;
  }

  Handler handler_;
  HandlerExecutor<Handler> executor_;
};

/// Starts what `make` prepares for the handler's completion.
template <class... Results, class H, class Make>
void launch(H&& handler, const asio::any_io_executor& operations, Make make) {
  using Completing = HandlerCompletion<std::decay_t<H>, Results...>;
  Completing& completion = Completing::make(std::forward<H>(handler), operations);
  std::shared_ptr<AsyncOperation> operation;
  try {
    operation = make(completion);
    completion.connect(operation);
  } catch (...) {
    completion.abandon();
    throw;
  }
  AsyncOperation& started = *operation;
  started.start(std::move(operation));
}

}  // namespace headway::detail
