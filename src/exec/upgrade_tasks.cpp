// SPDX-License-Identifier: BSL-1.0
// An upgraded stream's asynchronous operations.
#include "src/drive/asio_task.hpp"
#include "src/exec/upgrade_state.hpp"

#include <headway/detail/async_calls.hpp>
#include <headway/detail/frame_memory.hpp>

#include <utility>

namespace headway::detail {

namespace {

using Side = UpgradeState::Side;

/// It can always be cancelled: what it has not told of has not happened.
template <class Bytes, Side side>
class UpgradeTask final : public drive::AsioTask {
 public:
  UpgradeTask(std::shared_ptr<UpgradeState> stream, Bytes bytes, Completion<std::size_t>& completion)
      : AsioTask(stream->async().place()),
        stream_(std::move(stream)),
        bytes_(bytes),
        completion_(completion) {}

 private:
  Op<std::error_code> perform() override {
    mine_ = stream_->begins(side, shared_from_this());
    if (!mine_) return refuse();
    if constexpr (side == Side::reading) {
      return stream_->read_some(bytes_, size_);
    } else {
      return stream_->write_some(bytes_, size_);
    }
  }
  void conclude(CalledFrom from, std::error_code ec) override {
    release();
    completion_.complete(from, driver().executor(), ec, std::size_t{size_});
  }
  void drop() noexcept override {
    release();
    completion_.abandon();
  }
  bool may_cancel(Cancellation) const noexcept override { return true; }

  static Op<std::error_code> refuse() { co_return Error::operation_pending; }
  /// The handler may destroy the stream.
  void release() noexcept {
    if (std::exchange(mine_, false)) stream_->ended(side);
    stream_.reset();
  }

  std::shared_ptr<UpgradeState> stream_;
  Bytes bytes_;
  std::size_t size_ = 0;
  bool mine_ = false;
  Completion<std::size_t>& completion_;
};

using ReadTask = UpgradeTask<std::span<char>, Side::reading>;
using WriteTask = UpgradeTask<std::span<const char>, Side::writing>;

}  // namespace

const asio::any_io_executor& executor_of(const UpgradeState& stream) { return stream.async().executor(); }

OperationPtr make_read(std::shared_ptr<UpgradeState> stream, std::span<char> into,
                       Completion<std::size_t>& completion) {
  return std::allocate_shared<ReadTask>(FrameAllocator<ReadTask>(), std::move(stream), into, completion);
}

OperationPtr make_write(std::shared_ptr<UpgradeState> stream, std::span<const char> from,
                        Completion<std::size_t>& completion) {
  return std::allocate_shared<WriteTask>(FrameAllocator<WriteTask>(), std::move(stream), from, completion);
}

}  // namespace headway::detail
