// SPDX-License-Identifier: BSL-1.0

// What a handler brings along: its executor, on which it is called and whose work the operation is, and its
// allocator, from which the operation's memory comes.

#include "tests/async/stage.hpp"

#include <asio/bind_executor.hpp>
#include <asio/buffer.hpp>
#include <asio/strand.hpp>
#include <asio/system_executor.hpp>
#include <asio/thread_pool.hpp>

#include <array>
#include <cstddef>
#include <future>
#include <thread>

namespace headway::testing {
namespace {

TEST(AssociatedExecutor, of_another_context_has_the_handler_called_there) {
  Stage stage;
  asio::io_context other;
  Ending<Response> ending, wrong;
  stage.client.async_get(url_a, asio::bind_executor(other.get_executor(), ending.handler()));
  stage.client.async_get("nonsense", asio::bind_executor(other.get_executor(), wrong.handler()));
  stage.settle();
  stage.accept().deliver(ok_hello);
  stage.settle();
  EXPECT_TRUE(stage.io.stopped());
  EXPECT_EQ(ending.times + wrong.times, 0);
  other.poll();
  EXPECT_TRUE(succeeded(ending));
  EXPECT_TRUE(failed_with(wrong, Error::invalid_url));
  EXPECT_TRUE(other.stopped());
}

TEST(AssociatedExecutor, has_work_until_the_handler_has_been_called) {
  Stage stage;
  asio::io_context other;
  Ending<Response> ending;
  stage.client.async_get(url_a, asio::bind_executor(other.get_executor(), ending.handler()));
  stage.settle();
  other.poll();
  EXPECT_FALSE(other.stopped());
  stage.accept().deliver(ok_hello);
  stage.settle();
  other.run();
  EXPECT_TRUE(succeeded(ending));
}

TEST(AssociatedExecutor, may_be_a_strand) {
  Stage stage;
  const auto strand = asio::make_strand(stage.io);
  int inside = 0;
  auto handler = asio::bind_executor(
      strand, [&](std::error_code, const Response&) { inside += strand.running_in_this_thread(); });
  stage.client.async_get(url_a, handler);
  stage.client.async_get("nonsense", handler);
  stage.settle();
  stage.accept().deliver(ok_hello);
  stage.settle();
  EXPECT_EQ(inside, 2);
  EXPECT_TRUE(stage.io.stopped());
}

TEST(AssociatedExecutor, may_be_a_thread_pool) {
  Stage stage;
  asio::thread_pool pool(2);
  std::promise<std::thread::id> at_once, later;
  const auto tell = [](std::promise<std::thread::id>& told) {
    return [&told](std::error_code, const Response&) { told.set_value(std::this_thread::get_id()); };
  };
  stage.client.async_get(url_a, asio::bind_executor(pool.get_executor(), tell(later)));
  stage.client.async_get("nonsense", asio::bind_executor(pool.get_executor(), tell(at_once)));
  stage.settle();
  stage.accept().deliver(ok_hello);
  stage.settle();
  pool.join();
  EXPECT_NE(at_once.get_future().get(), std::this_thread::get_id());
  EXPECT_NE(later.get_future().get(), std::this_thread::get_id());
}

TEST(AssociatedExecutor, of_the_operation_itself_has_the_handler_called_in_the_same_turn) {
  Stage stage;
  Ending<Response> ending;
  stage.client.async_get(url_a, asio::bind_executor(stage.io.get_executor(), ending.handler()));
  stage.settle();
  stage.accept().deliver(ok_hello);
  stage.settle();
  EXPECT_TRUE(succeeded(ending));
}

TEST(AssociatedExecutor, may_be_any_executor) {
  Stage stage;
  asio::io_context other;
  Ending<Response> here, there;
  const asio::any_io_executor same = stage.io.get_executor(), another = other.get_executor();
  stage.client.async_get("nonsense", asio::bind_executor(same, here.handler()));
  stage.client.async_get("nonsense", asio::bind_executor(another, there.handler()));
  stage.settle();
  EXPECT_EQ(here.times, 1);
  EXPECT_EQ(there.times, 0);
  other.run();
  EXPECT_EQ(there.times, 1);
}

TEST(AssociatedExecutor, of_a_streams_handlers_counts_too) {
  Stage stage;
  asio::io_context other;
  ResponseStream stream = stage.open(ok_hello);
  std::array<char, 8> buffer{};
  Ending<std::size_t> read;
  Ending<void> drained;
  stream.async_read_some(asio::buffer(buffer), asio::bind_executor(other.get_executor(), read.handler()));
  stage.settle();
  EXPECT_EQ(read.times, 0);
  other.run();
  EXPECT_EQ(read.result, 5U);
  stream.async_drain(asio::bind_executor(other.get_executor(), drained.handler()));
  stage.settle();
  EXPECT_EQ(drained.times, 0);
  other.restart();
  other.run();
  EXPECT_TRUE(succeeded(drained));
}

// --- allocators

/// What came from an allocator and has not been given back.
struct Ledger {
  std::size_t outstanding = 0;
  std::size_t allocations = 0;
};

template <class T>
struct LedgerAllocator {
  using value_type = T;
  explicit LedgerAllocator(Ledger& to) noexcept : ledger(&to) {}
  template <class U>
  LedgerAllocator(const LedgerAllocator<U>& other) noexcept : ledger(other.ledger) {}  // NOLINT
  T* allocate(std::size_t n) {
    ledger->outstanding += n * sizeof(T);
    ++ledger->allocations;
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* memory, std::size_t n) noexcept {
    ledger->outstanding -= n * sizeof(T);
    std::allocator<T>().deallocate(memory, n);
  }
  template <class U>
  bool operator==(const LedgerAllocator<U>& other) const noexcept {
    return ledger == other.ledger;
  }
  Ledger* ledger;
};

/// Notes the ending, and how much of its memory is still held when it is called.
struct FrugalHandler {
  using allocator_type = LedgerAllocator<void>;
  allocator_type get_allocator() const noexcept { return allocator_type(*ledger); }
  template <class Result>
  void operator()(std::error_code, const Result&) {
    ++*times;
    *held += ledger->outstanding;
  }
  void operator()(std::error_code) {
    ++*times;
    *held += ledger->outstanding;
  }
  Ledger* ledger;
  int* times;
  std::size_t* held;
};

class AssociatedAllocator : public ::testing::Test {
 protected:
  FrugalHandler handler() { return {&ledger, &times, &held}; }
  void expect_used(std::size_t allocations) const {
    EXPECT_GE(ledger.allocations, allocations);
    EXPECT_EQ(ledger.outstanding, 0U);
    EXPECT_EQ(held, 0U);
  }

  Ledger ledger;
  int times = 0;
  std::size_t held = 0;
  Stage stage;
};

TEST(Handlers, may_be_over_aligned) {
  struct alignas(128) Aligned {
    bool* aligned;
    void operator()(std::error_code, const Response&) const {
      *aligned = reinterpret_cast<std::uintptr_t>(this) % alignof(Aligned) == 0;
    }
  };
  Stage stage;
  bool aligned = false;
  for (int i = 0; i < 3; ++i) {
    stage.client.async_get("nonsense", Aligned{&aligned});
    stage.settle();
    EXPECT_TRUE(std::exchange(aligned, false));
  }
}

TEST_F(AssociatedAllocator, gives_the_memory_and_has_it_back_before_the_handler_is_called) {
  stage.client.async_get(url_a, handler());
  EXPECT_EQ(ledger.allocations, 1U);
  EXPECT_GT(ledger.outstanding, 0U);
  stage.settle();
  stage.accept().deliver(ok_hello);
  stage.settle();
  EXPECT_EQ(times, 1);
  expect_used(1);
}

TEST_F(AssociatedAllocator, serves_handlers_that_are_posted) {
  stage.client.async_get("nonsense", handler());
  stage.settle();
  EXPECT_EQ(times, 1);
  expect_used(1);
}

TEST_F(AssociatedAllocator, serves_handlers_of_another_executor) {
  asio::io_context other;
  stage.client.async_get(url_a, asio::bind_executor(other.get_executor(), handler()));
  stage.settle();
  stage.accept().deliver(ok_hello);
  stage.settle();
  other.run();
  EXPECT_EQ(times, 1);
  expect_used(2);
}

TEST_F(AssociatedAllocator, serves_streams_and_managers) {
  ResponseStream stream = stage.open(ok_hello);
  std::array<char, 8> buffer{};
  stream.async_read_some(asio::buffer(buffer), handler());
  stage.settle();
  stream.async_drain(handler());
  stage.settle();
  stage.pool->async_lease(route_a, asio::bind_executor(stage.io.get_executor(), handler()));
  stage.settle();
  stage.pool->async_warm(route_a, 0, asio::bind_executor(stage.io.get_executor(), handler()));
  stage.settle();
  EXPECT_EQ(times, 4);
  expect_used(4);
}

TEST_F(AssociatedAllocator, has_its_memory_back_where_the_handler_is_never_called) {
  {
    Stage doomed;
    doomed.client.async_get(url_a, handler());
    doomed.client.async_get("nonsense", handler());
    doomed.settle();
    doomed.client.async_get("nonsense", handler());
  }
  EXPECT_EQ(times, 1);
  EXPECT_GT(ledger.allocations, 0U);
  EXPECT_EQ(ledger.outstanding, 0U);
}

}  // namespace
}  // namespace headway::testing
