// SPDX-License-Identifier: BSL-1.0

// Which operations an executor's driver takes on.

#include "src/drive/asio_task.hpp"

#include <headway/testing/manual_clock.hpp>

#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

namespace headway::drive {
namespace {

/// Waits for a signal that is never set.
class Waiting final : public AsioTask {
 public:
  explicit Waiting(std::shared_ptr<AsioDriver> driver) : AsioTask({std::move(driver)}) {}

  bool begun = false;
  int ends = 0;
  std::error_code error;

 private:
  detail::Op<std::error_code> perform() override {
    begun = true;
    detail::Want want;
    want.signals[0] = &never_set_;
    co_await want;
    co_return std::error_code();
  }
  void conclude(detail::CalledFrom, std::error_code ec) override {
    ++ends;
    error = ec;
  }
  void drop() noexcept override {}
  bool may_cancel(detail::Cancellation) const noexcept override { return true; }

  detail::Signal never_set_;
};

class Driver : public ::testing::Test {
 protected:
  std::shared_ptr<Waiting> start() {
    auto task = std::make_shared<Waiting>(driver);
    task->start(task);
    return task;
  }
  testing::ManualClock clock;
  asio::io_context io;
  std::shared_ptr<AsioDriver> driver = std::make_shared<AsioDriver>(io.get_executor(), clock);
};

TEST_F(Driver, ends_every_operation_when_it_is_closed) {
  const auto first = start(), second = start();
  EXPECT_TRUE(first->begun);
  driver->close();
  io.run();
  for (const auto& each : {first, second}) {
    EXPECT_EQ(each->ends, 1);
    EXPECT_EQ(each->error, asio::error::operation_aborted);
  }
}

TEST_F(Driver, ends_what_comes_while_it_is_closed_before_it_does_anything) {  // pool rule 20
  driver->close();
  const auto late = start();
  io.run();
  EXPECT_FALSE(late->begun);
  EXPECT_EQ(late->ends, 1);
  EXPECT_EQ(late->error, asio::error::operation_aborted);
}

TEST_F(Driver, takes_operations_on_again_when_it_is_reopened) {
  driver->close();
  driver->reopen();
  const auto again = start();
  io.poll();
  EXPECT_TRUE(again->begun);
  EXPECT_EQ(again->ends, 0);
  driver->cancel_all();
  io.run();
  EXPECT_EQ(again->ends, 1);
}

}  // namespace
}  // namespace headway::drive
