// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"
#include "src/exec/stream_state.hpp"

#include <headway/response_stream.hpp>

#include <asio/error.hpp>

#include <vector>

namespace headway {

void detail::StreamStateDeleter::operator()(StreamState* state) const noexcept {
  state->call.abandon();
  delete state;
}

const ResponseHead& ResponseStream::head() const noexcept { return state_->head; }
const Headers& ResponseStream::trailers() const noexcept { return state_->trailers; }
const ExchangeInfo& ResponseStream::info() const noexcept { return state_->info; }

std::size_t ResponseStream::read_some(std::span<char> into, std::error_code& ec) {
  ec.clear();
  if (into.empty()) return 0;
  std::size_t n = 0;
  if (state_->call.is_open()) {
    drive::BlockingWaiter waiter(state_->clock());
    state_->failure = state_->call.read_some(into, n).run(waiter);
  }
  ec = state_->failure;
  if (n == 0 && !ec) ec = asio::error::make_error_code(asio::error::eof);
  return n;
}

std::size_t ResponseStream::read_some(std::span<char> into) {
  std::error_code ec;
  const std::size_t n = read_some(into, ec);
  if (ec) throw std::system_error(ec, "ResponseStream::read_some");
  return n;
}

void ResponseStream::drain(std::error_code& ec) {
  ec.clear();
  std::vector<char> memory(64 * 1024);
  const std::span<char> dropped(memory);
  do {
    read_some(dropped, ec);
  } while (!ec);
  if (ec == asio::error::make_error_code(asio::error::eof)) ec.clear();
}

void ResponseStream::drain() {
  std::error_code ec;
  drain(ec);
  if (ec) throw std::system_error(ec, "ResponseStream::drain");
}

void ResponseStream::close() noexcept { state_->call.close(); }

}  // namespace headway
