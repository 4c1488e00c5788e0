// SPDX-License-Identifier: BSL-1.0
// The next event of a stream, asynchronously.
#include "src/drive/asio_task.hpp"
#include "src/exec/event_source.hpp"

#include <headway/detail/async_calls.hpp>
#include <headway/detail/frame_memory.hpp>

#include <utility>

namespace headway::detail {

namespace {

/// It can always be cancelled: an event that it has not told of has not been taken.
class EventTask final : public drive::AsioTask {
 public:
  EventTask(std::shared_ptr<EventSource> source, Completion<Event>& completion)
      : AsioTask(source->async().place()), source_(std::move(source)), completion_(completion) {}

 private:
  Op<std::error_code> perform() override {
    mine_ = source_->begins(shared_from_this());
    return mine_ ? source_->next(event_) : refuse();
  }
  void conclude(CalledFrom from, std::error_code ec) override {
    release();
    completion_.complete(from, driver().executor(), ec, std::move(event_));
  }
  void drop() noexcept override {
    release();
    completion_.abandon();
  }
  bool may_cancel(Cancellation) const noexcept override { return true; }

  static Op<std::error_code> refuse() { co_return Error::operation_pending; }
  /// The handler may destroy the stream.
  void release() noexcept {
    if (std::exchange(mine_, false)) source_->ended();
    source_.reset();
  }

  std::shared_ptr<EventSource> source_;
  Event event_;
  Completion<Event>& completion_;
  bool mine_ = false;
};

}  // namespace

const asio::any_io_executor& executor_of(const EventSource& source) { return source.async().executor(); }

OperationPtr make_next(std::shared_ptr<EventSource> source, Completion<Event>& completion) {
  return std::allocate_shared<EventTask>(FrameAllocator<EventTask>(), std::move(source), completion);
}

}  // namespace headway::detail
