// SPDX-License-Identifier: BSL-1.0
#include "src/core/exchange.hpp"

#include "src/core/receiving.hpp"

#include <algorithm>

namespace headway::core {

using detail::Op;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

/// Below this a receive goes through the buffer, so that small reads do not cost a system call each.
constexpr std::size_t direct_receive = 4 * 1024;
/// A connection that never makes us wait must not keep others from theirs, nor us from being cancelled: after
/// so many sends or receives they have a turn.
constexpr unsigned calls_a_turn = 16;

CloseReason reason_of(Transport::Idle state) noexcept {
  switch (state) {
    case Transport::Idle::quiet:
      return CloseReason::none;
    case Transport::Idle::ended:
      return CloseReason::stale;
    case Transport::Idle::surplus:
      break;
  }
  return CloseReason::surplus_bytes;
}

}  // namespace

void Exchange::prepare(std::error_code& ec, std::string& detail) {
  phase_ = Phase::prepare;
  sent_anything_ = request_complete_ = write_failed_ = body_failed_ = false;
  body_sent_ = 0;
  transport_ = nullptr;
  workspace_.clear();
  source_.open(request_->body, ec);
  if (ec) {
    detail = source_.failure();
    return;
  }
  const HeadFacts facts{.body_length = source_.length(),
                        .close = settings_.close,
                        .authorization = settings_.authorization,
                        .proxy_authorization = settings_.proxy_authorization,
                        .added_fields = settings_.added_fields};
  if (is_plain_get(*request_, facts)) {
    framing_ = RequestFraming::none;
    head_ = workspace_.target().plain_get();
  } else {
    framing_ = write_head(*request_, workspace_.target(), facts, workspace_.output, ec, detail);
    head_ = workspace_.output;
  }
}

bool Exchange::is_due_a_turn() noexcept { return ++calls_ % calls_a_turn == 0; }

/// What a receive brought, given to the reader of the head. Preconditions: ec is clear.
void Exchange::feed_head(const IoResult& got, std::error_code& ec) {
  switch (got.kind) {
    case IoResult::Kind::end:
    case IoResult::Kind::cut:
      workspace_.reader.end_of_input(ec);
      break;
    case IoResult::Kind::done:
      workspace_.received(got.bytes);
      workspace_.consume(workspace_.reader.parse_head(workspace_.input(), ec));
      break;
    default:
      ec = got.error;
  }
}

std::string_view Exchange::take_received(std::size_t most, std::error_code& ec) {
  ResponseReader& reader = workspace_.reader;
  while (!ec && !reader.done() && workspace_.has_input()) {
    const ResponseReader::Piece piece = reader.parse_body(workspace_.input().substr(0, most), ec);
    workspace_.consume(piece.consumed);
    if (!piece.body.empty()) return piece.body;
  }
  return {};
}

bool Exchange::read_received(std::span<char> into, std::size_t& n, std::error_code& ec) {
  const std::string_view piece = take_received(into.size(), ec);
  n = piece.copy(into.data(), piece.size());
  return ec || n > 0 || response_done();
}

Op<std::error_code> Exchange::read_some(std::span<char> into, std::size_t& n) {
  Waiter& waiter = co_await this_waiter;
  phase_ = Phase::read;
  std::error_code ec;
  while (!read_received(into, n, ec)) {
    if (is_due_a_turn()) {
      Want turn;
      turn.yields = true;
      co_await turn;
    }
    const TimePoint now = waiter.now();
    if (now >= settings_.total) co_return Error::total_timeout;
    const Deadline deadline =
        earlier({after(now, settings_.budgets.read), Error::read_timeout}, settings_.total);
    const std::uint64_t raw = workspace_.reader.raw_remaining();
    const bool direct = raw > 0 && into.size() >= direct_receive;
    const std::span<char> target =
        direct ? into.first(static_cast<std::size_t>(std::min<std::uint64_t>(raw, into.size())))
               : workspace_.room();
    Receiving receiving(*transport_, waiter, phase_, target, deadline);
    for (Want* want = receiving.next(); want != nullptr; want = receiving.next()) {
      co_await *want;
      calls_ = 0;
    }
    const IoResult& got = receiving.result();
    if (got.kind == IoResult::Kind::failed) co_return got.error;
    if (got.kind == IoResult::Kind::end) {
      workspace_.reader.end_of_input(ec);
      if (ec) co_return ec;
    } else if (got.kind == IoResult::Kind::cut) {
      workspace_.reader.cut_off(ec);
      co_return ec;
    } else if (direct) {
      workspace_.reader.took_raw(got.bytes);
      n = got.bytes;
      co_return ec;
    } else {
      workspace_.received(got.bytes);
    }
  }
  co_return ec;
}

bool Exchange::receive_available() {
  const IoResult got = transport_->read(workspace_.room());
  if (got.kind != IoResult::Kind::done) return false;
  workspace_.received(got.bytes);
  return true;
}

std::optional<std::uint64_t> Exchange::known_remaining() const noexcept {
  if (response_done()) return 0;
  if (workspace_.reader.framing().kind != Framing::length) return std::nullopt;
  return workspace_.reader.raw_remaining();
}

CloseReason Exchange::verdict() const noexcept {
  const ResponseReader& reader = workspace_.reader;
  if (!reader.done()) return CloseReason::response_unread;
  if (!request_complete_) return CloseReason::request_unfinished;
  if (reader.framing().kind == Framing::until_close) return CloseReason::close_delimited;
  if (workspace_.has_input()) return CloseReason::surplus_bytes;
  // What came along with the response and is still the transport's, which mostly is a session's ticket.
  if (transport_->holds_input()) return reason_of(transport_->look());
  return CloseReason::none;
}

}  // namespace headway::core
