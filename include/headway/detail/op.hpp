// SPDX-License-Identifier: BSL-1.0
#pragma once

// Op<T>: an operation written once, as a lazy coroutine, for every way of waiting. Whoever starts the
// outermost one names the Waiter; inner ones inherit it. Inside, `co_await want` waits and `co_await
// other_op` runs another to its end. Destroying a suspended operation cancels it: its locals are destroyed,
// which is all the clean-up there is. One thread at a time: it is resumed only after the call that left it
// suspended has returned.

#include <headway/detail/frame_memory.hpp>
#include <headway/detail/want.hpp>

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace headway::detail {

template <class T>
class Op;

class OpPromiseBase {
 public:
  static void* operator new(std::size_t size) { return allocate_frame(size); }
  static void operator delete(void* memory, std::size_t size) noexcept { free_frame(memory, size); }

  std::suspend_always initial_suspend() const noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      const OpPromiseBase& promise = self.promise();
      return promise.continuation_ ? promise.continuation_ : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };
  FinalAwaiter final_suspend() const noexcept { return {}; }

  void unhandled_exception() noexcept { exception_ = std::current_exception(); }

  struct WantAwaiter {
    Want& want;
    Waiter& waiter;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> self) const { return !waiter.wait(want, self); }
    void await_resume() const noexcept {}
  };
  WantAwaiter await_transform(Want& want) const noexcept { return {want, *waiter_}; }

  /// `co_await this_waiter`: who waits for this operation; never suspends.
  struct WaiterTag {};
  struct WaiterAwaiter {
    Waiter* waiter;
    bool await_ready() const noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    Waiter& await_resume() const noexcept { return *waiter; }
  };
  WaiterAwaiter await_transform(WaiterTag) const noexcept { return {waiter_}; }

  template <class T>
  auto await_transform(Op<T>&& op) const noexcept {
    return op.inherit(*waiter_);
  }

 protected:
  template <class T>
  friend class Op;
  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

  Waiter* waiter_ = nullptr;
  std::coroutine_handle<> continuation_;  ///< who awaits it, once it has been left suspended
  std::exception_ptr exception_;
};

inline constexpr OpPromiseBase::WaiterTag this_waiter{};

template <class T>
class OpPromise : public OpPromiseBase {
 public:
  Op<T> get_return_object() noexcept;
  template <class U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    rethrow();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class OpPromise<void> : public OpPromiseBase {
 public:
  Op<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const { rethrow(); }
};

template <class T>
class [[nodiscard]] Op {
 public:
  using promise_type = OpPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Op() = default;
  explicit Op(Handle handle) noexcept : handle_(handle) {}
  Op(Op&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Op& operator=(Op&& other) noexcept {
    if (this != &other) {
      destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Op() { destroy(); }

  /// Runs until it is done or has to wait. Preconditions: not started yet. The waiter must outlive the
  /// operation.
  void start(Waiter& waiter) {
    handle_.promise().waiter_ = &waiter;
    handle_.resume();
  }
  bool done() const noexcept { return handle_.done(); }
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  /// The result, or the exception that left the operation. Preconditions: done().
  T take() { return handle_.promise().take(); }

  /// For a waiter whose waits block: start and take at once.
  T run(Waiter& waiter) {
    start(waiter);
    return take();
  }

  /// The inner operation runs on top of its caller and not in its place: one that ends at once, as all do on
  /// a waiter that blocks, then leaves nothing on the stack, whatever the compiler makes of symmetric
  /// transfer. One that is left suspended resumes its caller when it ends.
  struct Inherited {
    Handle handle;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> caller) const {
      handle.resume();
      if (handle.done()) return false;
      handle.promise().continuation_ = caller;
      return true;
    }
    T await_resume() const { return handle.promise().take(); }
  };
  Inherited inherit(Waiter& waiter) noexcept {
    handle_.promise().waiter_ = &waiter;
    return {handle_};
  }

 private:
  void destroy() noexcept {
    if (handle_) handle_.destroy();
  }
  Handle handle_;
};

template <class T>
Op<T> OpPromise<T>::get_return_object() noexcept {
  return Op<T>(std::coroutine_handle<OpPromise>::from_promise(*this));
}

inline Op<void> OpPromise<void>::get_return_object() noexcept {
  return Op<void>(std::coroutine_handle<OpPromise>::from_promise(*this));
}

}  // namespace headway::detail
