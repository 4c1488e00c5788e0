// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"
#include "src/exec/stream_state.hpp"

#include <headway/response_stream.hpp>

namespace headway {

ResponseStream& ResponseStream::operator=(ResponseStream&& other) noexcept {
  std::swap(state_, other.state_);
  const ResponseStream old = std::move(other);
  return *this;
}

ResponseStream::~ResponseStream() {
  if (state_) state_->leave();
}

const ResponseHead& ResponseStream::head() const noexcept { return state_->head; }
const Headers& ResponseStream::trailers() const noexcept { return state_->trailers; }
const ExchangeInfo& ResponseStream::info() const noexcept { return state_->info; }

std::size_t ResponseStream::read_some(std::span<char> into, std::error_code& ec) {
  ec = Error::operation_pending;
  if (state_->is_busy()) return 0;
  std::size_t n = 0;
  drive::BlockingWaiter waiter(state_->clock());
  ec = state_->read_some(into, n).run(waiter);
  return n;
}

std::size_t ResponseStream::read_some(std::span<char> into) {
  std::error_code ec;
  const std::size_t n = read_some(into, ec);
  if (ec) throw std::system_error(ec, "ResponseStream::read_some");
  return n;
}

void ResponseStream::drain(std::error_code& ec) {
  ec = Error::operation_pending;
  if (state_->is_busy()) return;
  drive::BlockingWaiter waiter(state_->clock());
  ec = state_->drain().run(waiter);
}

void ResponseStream::drain() {
  std::error_code ec;
  drain(ec);
  if (ec) throw std::system_error(ec, "ResponseStream::drain");
}

void ResponseStream::close() noexcept { state_->close(); }

ResponseStream::executor_type ResponseStream::get_executor() const {
  return state_->async().running_executor();
}

}  // namespace headway
