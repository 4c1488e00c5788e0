// SPDX-License-Identifier: BSL-1.0
#include "src/connect/transport_io.hpp"

namespace headway::connect {

using core::IoResult;
using core::Transport;
using detail::Op;
using detail::SocketWant;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

std::error_code error_of(const IoResult& result) {
  return result.kind == IoResult::Kind::end || result.kind == IoResult::Kind::cut ? Error::connection_closed
                                                                                  : result.error;
}

/// Until what has blocked may go on.
Op<std::error_code> wait_for(Transport& transport, const IoResult& blocked, TimePoint deadline) {
  const bool reading = blocked.kind == IoResult::Kind::want_readable;
  SocketWant socket{&transport.socket(), reading, !reading};
  Want want;
  want.sockets = {&socket, 1};
  want.deadline = deadline;
  want.phase = Phase::connect;
  co_await want;
  co_return want.timed_out ? make_error_code(Error::connect_timeout) : std::error_code();
}

/// A peer that is never slow enough to be waited for has a deadline, too.
Op<std::error_code> check_time(TimePoint deadline) {
  const Waiter& waiter = co_await this_waiter;
  co_return deadline != never&& waiter.now() >= deadline ? make_error_code(Error::connect_timeout)
                                                         : std::error_code();
}

}  // namespace

Op<std::error_code> write_all(Transport& transport, std::string_view bytes, TimePoint deadline) {
  while (!bytes.empty()) {
    const IoResult wrote = transport.write(bytes, {});
    std::error_code ec;
    if (wrote.blocked()) {
      ec = co_await wait_for(transport, wrote, deadline);
    } else if (wrote.kind == IoResult::Kind::done) {
      bytes.remove_prefix(wrote.bytes);
    } else {
      ec = error_of(wrote);
    }
    if (ec) co_return ec;
  }
  co_return std::error_code();
}

Op<std::error_code> read_some(Transport& transport, std::span<char> into, std::size_t& n,
                              TimePoint deadline) {
  std::error_code ec = co_await check_time(deadline);
  while (!ec) {
    const IoResult got = transport.read(into);
    n = got.bytes;
    if (got.kind == IoResult::Kind::done) break;
    if (!got.blocked()) co_return error_of(got);
    ec = co_await wait_for(transport, got, deadline);
  }
  co_return ec;
}

Op<std::error_code> read_exactly(Transport& transport, std::span<char> into, TimePoint deadline) {
  std::error_code ec;
  while (!ec && !into.empty()) {
    std::size_t n = 0;
    ec = co_await read_some(transport, into, n, deadline);
    into = into.subspan(ec ? 0 : n);
  }
  co_return ec;
}

}  // namespace headway::connect
