// SPDX-License-Identifier: BSL-1.0
#include "src/exec/upgrade_state.hpp"

#include "src/exec/end_of_file.hpp"
#include "src/manage/options_check.hpp"

#include <fcntl.h>

#include <cerrno>

namespace headway::detail {

using exec::end_of_file;

namespace {

constexpr int switching_protocols = 101;

std::error_code error_of(const core::IoResult& wrote) {
  return wrote.kind == core::IoResult::Kind::failed ? wrote.error : make_error_code(Error::connection_closed);
}

}  // namespace

UpgradeState::UpgradeState(std::shared_ptr<StreamState> stream) : stream_(std::move(stream)) {
  require(stream_ && stream_->head.status == switching_protocols, "the response must be a 101");
}

UpgradeState::~UpgradeState() { shut(); }

Op<std::error_code> UpgradeState::read_some(std::span<char> into, std::size_t& n) {
  n = 0;
  if (into.empty()) co_return std::error_code();
  if (closed_) co_return end_of_file;
  const std::error_code ec = co_await stream_->call.read_upgraded(into, n);
  if (ec) co_return ec;
  co_return n > 0 ? std::error_code() : end_of_file;
}

Op<std::error_code> UpgradeState::write_some(std::span<const char> from, std::size_t& n) {
  Waiter& waiter = co_await this_waiter;
  n = 0;
  if (from.empty()) co_return std::error_code();
  const TimePoint deadline = after(waiter.now(), stream_->call.write_budget());
  while (!closed_) {
    const core::IoResult wrote = stream_->call.write_upgraded({from.data(), from.size()});
    n = wrote.bytes;
    if (wrote.kind == core::IoResult::Kind::done) co_return std::error_code();
    if (!wrote.blocked()) co_return error_of(wrote);
    std::error_code ec;
    Socket& side = write_side(ec);
    if (ec) co_return ec;
    const bool reading = wrote.kind == core::IoResult::Kind::want_readable;
    SocketWant socket{&side, reading, !reading};
    Want want;
    want.sockets = {&socket, 1};
    want.deadline = deadline;
    want.phase = Phase::write;
    co_await want;
    if (want.timed_out) co_return Error::write_timeout;
  }
  co_return Error::connection_closed;
}

Socket& UpgradeState::write_side(std::error_code& ec) {
  if (!write_side_) {
    const int same = ::fcntl(stream_->call.descriptor(), F_DUPFD_CLOEXEC, 0);
    if (same < 0) ec = std::error_code(errno, std::system_category());
    write_side_.emplace(same);
  }
  return *write_side_;
}

void UpgradeState::ended(Side side) noexcept {
  if (of(side).ended()) shut();
}

void UpgradeState::leave() noexcept {
  reads_.cancel();
  writes_.cancel();
}

void UpgradeState::close() noexcept {
  const bool reads = reads_.cancel_to_close();
  const bool writes = writes_.cancel_to_close();
  if (!reads && !writes) shut();
}

/// Whoever comes last, where several end at a time.
void UpgradeState::shut() noexcept {
  if (reads_.is_busy() || writes_.is_busy() || closed_.exchange(true)) return;
  write_side_.reset();
  stream_->call.close();
}

}  // namespace headway::detail
