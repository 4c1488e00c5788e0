// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"
#include "src/exec/upgrade_state.hpp"

#include <headway/upgraded_stream.hpp>

namespace headway {

using detail::UpgradeState;
using Side = UpgradeState::Side;

UpgradedStream::UpgradedStream(ResponseStream response)
    : state_(std::make_shared<UpgradeState>(std::move(response.state_))) {}

UpgradedStream& UpgradedStream::operator=(UpgradedStream&& other) noexcept {
  std::swap(state_, other.state_);
  const UpgradedStream old = std::move(other);
  return *this;
}

UpgradedStream::~UpgradedStream() {
  if (state_) state_->leave();
}

const ResponseHead& UpgradedStream::head() const noexcept { return state_->head(); }

std::size_t UpgradedStream::read_some(std::span<char> into, std::error_code& ec) {
  ec = Error::operation_pending;
  if (state_->is_busy(Side::reading)) return 0;
  std::size_t n = 0;
  drive::BlockingWaiter waiter(state_->clock());
  ec = state_->read_some(into, n).run(waiter);
  return n;
}

std::size_t UpgradedStream::read_some(std::span<char> into) {
  std::error_code ec;
  const std::size_t n = read_some(into, ec);
  if (ec) throw std::system_error(ec, "UpgradedStream::read_some");
  return n;
}

std::size_t UpgradedStream::write_some(std::span<const char> from, std::error_code& ec) {
  ec = Error::operation_pending;
  if (state_->is_busy(Side::writing)) return 0;
  std::size_t n = 0;
  drive::BlockingWaiter waiter(state_->clock());
  ec = state_->write_some(from, n).run(waiter);
  return n;
}

std::size_t UpgradedStream::write_some(std::span<const char> from) {
  std::error_code ec;
  const std::size_t n = write_some(from, ec);
  if (ec) throw std::system_error(ec, "UpgradedStream::write_some");
  return n;
}

void UpgradedStream::close() noexcept { state_->close(); }

UpgradedStream::executor_type UpgradedStream::get_executor() const {
  return state_->async().running_executor();
}

}  // namespace headway
