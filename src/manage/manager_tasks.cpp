// SPDX-License-Identifier: BSL-1.0
// A manager's asynchronous calls: the same operations as the blocking ones, on an executor.
#include "src/core/deadlines.hpp"
#include "src/drive/asio_task.hpp"
#include "src/manage/leasing.hpp"

#include <headway/detail/async_calls.hpp>
#include <headway/detail/frame_memory.hpp>
#include <headway/pooling_connection_manager.hpp>

namespace headway::detail {

namespace {

using drive::AsioDriver;
using drive::AsioTask;

class LeaseTask final : public AsioTask {
 public:
  LeaseTask(ConnectionManager& manager, const asio::any_io_executor& executor, HttpRoute&& route,
            const Timeouts& timeouts, Completion<Lease>& completion)
      : AsioTask({std::make_shared<AsioDriver>(executor, manager.clock())}),
        manager_(manager),
        route_(std::move(route)),
        timeouts_(timeouts),
        completion_(completion) {}

 private:
  Op<std::error_code> perform() override { return lease(manager_, route_, timeouts_, lease_); }
  void conclude(CalledFrom from, std::error_code ec) override {
    completion_.complete(from, driver().executor(), ec, std::move(lease_));
  }
  void drop() noexcept override {
    lease_ = {};
    completion_.abandon();
  }
  bool may_cancel(Cancellation) const noexcept override { return true; }

  ConnectionManager& manager_;  // used by the start alone
  const HttpRoute route_;
  const Timeouts timeouts_;
  Lease lease_;
  Completion<Lease>& completion_;
};

class WarmTask final : public AsioTask {
 public:
  WarmTask(PoolingConnectionManager& manager, const asio::any_io_executor& executor, HttpRoute&& route,
           std::size_t count, Completion<std::size_t>& completion)
      : AsioTask({std::make_shared<AsioDriver>(executor, manager.clock())}),
        manager_(manager),
        route_(std::move(route)),
        count_(count),
        completion_(completion) {}

 private:
  Op<std::error_code> perform() override { return manager_.warming(route_, count_, idle_); }
  void conclude(CalledFrom from, std::error_code ec) override {
    completion_.complete(from, driver().executor(), ec, std::size_t{idle_});
  }
  void drop() noexcept override { completion_.abandon(); }
  bool may_cancel(Cancellation how) const noexcept override { return how != Cancellation::total; }

  PoolingConnectionManager& manager_;  // used by the start alone
  const HttpRoute route_;
  const std::size_t count_;
  std::size_t idle_ = 0;
  Completion<std::size_t>& completion_;
};

}  // namespace

OperationPtr make_lease(ConnectionManager& manager, const asio::any_io_executor& executor, HttpRoute route,
                        const Timeouts& timeouts, Completion<Lease>& completion) {
  return std::allocate_shared<LeaseTask>(FrameAllocator<LeaseTask>(), manager, executor, std::move(route),
                                         timeouts, completion);
}

OperationPtr make_warm(PoolingConnectionManager& manager, const asio::any_io_executor& executor,
                       HttpRoute route, std::size_t count, Completion<std::size_t>& completion) {
  return std::allocate_shared<WarmTask>(FrameAllocator<WarmTask>(), manager, executor, std::move(route),
                                        count, completion);
}

}  // namespace headway::detail
