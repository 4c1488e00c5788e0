// SPDX-License-Identifier: BSL-1.0
// A file as a request's body, past this process's memory where the transport can do that.
#include "src/core/exchange.hpp"

#include <algorithm>

namespace headway::core {

using detail::Op;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

/// Below this, reading costs less.
constexpr std::uint64_t worth_it = 64 * 1024;
/// As for other bodies: a single call can go on for as long as the server reads.
constexpr std::uint64_t most_of_file_at_once = 1024 * 1024;

/// Some file systems cannot do it.
bool is_unsupported(std::error_code ec) {
  return ec == std::errc::invalid_argument || ec == std::errc::function_not_supported ||
         ec == std::errc::operation_not_supported;
}

}  // namespace

bool Exchange::sends_file() const noexcept {
  return framing_ == RequestFraming::length && source_.file() >= 0 &&
         source_.length().value_or(0) - source_.done() >= worth_it && transport_->sends_files() &&
         !reads_file_;
}

Op<std::error_code> Exchange::send_file_body() {
  Waiter& waiter = co_await this_waiter;
  TimePoint taken = never;
  const std::uint64_t length = *source_.length();
  std::error_code ec;
  while (!ec && !head_done() && source_.done() < length) {
    if (is_due_a_turn()) {
      Want turn;
      turn.yields = true;
      co_await turn;
    }
    const auto most = static_cast<std::size_t>(std::min(length - source_.done(), most_of_file_at_once));
    const IoResult wrote = transport_->send_file(source_.file(), source_.done(), most);
    if (wrote.blocked()) {
      ec = co_await await_room(wrote, taken);
      continue;
    }
    if (wrote.kind != IoResult::Kind::done) {
      reads_file_ = is_unsupported(wrote.error);
      if (reads_file_) co_return co_await send_body();
      co_return file_failed(wrote);
    }
    taken = never;
    sent_anything_ = true;
    source_.skip(wrote.bytes);
    count_sent(wrote.bytes);
    if (settings_.total != never && waiter.now() >= settings_.total) co_return Error::total_timeout;
    if (source_.done() == length) break;
    if (wrote.bytes == most) {
      ec = take_early_answer();
    } else {  // there was room for no more
      ec = co_await await_room({.kind = IoResult::Kind::want_writable}, taken);
    }
  }
  co_return ec;
}

/// Whose fault it was: the file's or the connection's.
std::error_code Exchange::file_failed(const IoResult& wrote) noexcept {
  body_failed_ = wrote.kind == IoResult::Kind::end || wrote.error == std::errc::io_error;
  if (wrote.kind == IoResult::Kind::end) return Error::body_length_mismatch;
  if (body_failed_) return Error::body_unreadable;
  write_failed_ = true;
  return wrote.error;
}

}  // namespace headway::core
