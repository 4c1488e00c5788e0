// SPDX-License-Identifier: BSL-1.0
// The body of a call's response: into memory as a whole, or piece by piece for a stream.
#include "src/exec/call.hpp"

#include <algorithm>
#include <array>

namespace headway::exec {

using detail::Op;
using detail::this_waiter;
using detail::Waiter;

namespace {

/// A body is read into memory that grows by at most this much ahead of what has really come, whatever the
/// server announced.
constexpr std::size_t first_room = 16 * 1024;
constexpr std::size_t most_room = 1024 * 1024;
/// What a dropped stream reads to save its connection.
constexpr std::size_t most_drained = 256 * 1024;

}  // namespace

/// How much to make room for, given what the body has so far: enough to notice that it is too large.
std::size_t Call::room_for_body(std::size_t have) const noexcept {
  const std::size_t step = std::clamp(have, first_room, most_room);
  const std::optional<std::uint64_t> known = decoder_ ? std::nullopt : exchange_.known_remaining();
  const std::size_t wanted =
      known ? static_cast<std::size_t>(std::min<std::uint64_t>(*known, most_room)) : step;
  const std::size_t allowed = max_body_size_ - std::min(have, max_body_size_);
  return std::max<std::size_t>(1, allowed < wanted ? allowed + 1 : wanted);
}

std::error_code Call::begin_body() {
  target_.whole->clear();
  if (!decoder_ && exchange_.known_remaining().value_or(0) > max_body_size_) return Error::body_too_large;
  return {};
}

/// Small bodies come along with their head and need no room made for them.
void Call::take_received_body(std::error_code& ec) {
  if (decoder_) return;
  std::string& body = *target_.whole;
  while (!ec && !exchange_.response_done()) {
    const std::string_view piece = exchange_.take_received(most_room, ec);
    if (piece.empty()) return;
    body.append(piece);
    count_received(piece.size());
    if (!ec && body.size() > max_body_size_) ec = Error::body_too_large;
  }
}

std::span<char> Call::make_room() {
  std::string& body = *target_.whole;
  const std::size_t have = body.size();
  body.resize(have + room_for_body(have));
  return {body.data() + have, body.size() - have};
}

/// What has not come along with the head.
Op<std::error_code> Call::receive_body() {
  if (decoder_) co_return co_await receive_decoded();
  Waiter& waiter = co_await this_waiter;
  std::error_code ec;
  while (!ec && !exchange_.response_done()) {
    const std::span<char> room = make_room();
    std::size_t n = 0;
    ec = co_await exchange_.read_some(room, n);
    take_body(room, n, ec);
    count_received(n);
    take_received_body(ec);
  }
  if (ec) co_return fail(ec);
  finish(waiter.now());
  co_return ec;
}

/// Keeps the first `n` bytes of the room.
void Call::take_body(std::span<char> room, std::size_t n, std::error_code& ec) const {
  std::string& body = *target_.whole;
  body.resize(body.size() - room.size() + n);
  if (!ec && body.size() > max_body_size_) ec = Error::body_too_large;
}

/// More of the body is there. Throws what the progress function throws: what it was to be told of is lost to
/// the caller then.
void Call::count_received(std::size_t n) {
  received_ += n;
  if (n == 0 || !progress_) [[likely]]
    return;
  const std::optional<std::uint64_t> left = exchange_.known_remaining();
  ask_strategy([&] {
    (*progress_)({.sent = exchange_.body_sent(),
                  .to_send = exchange_.body_length(),
                  .received = received_,
                  .to_receive = left ? std::optional(received_ + *left) : std::nullopt});
  });
}

// --- what is left of a response that is read as a stream

Op<std::error_code> Call::read_some(std::span<char> into, std::size_t& n) {
  std::error_code ec;
  if (!lease_) {
    n = read_answer(into);
    co_return ec;
  }
  if (decoder_) co_return co_await read_decoded(into, n);
  if (!exchange_.read_received(into, n, ec)) ec = co_await exchange_.read_some(into, n);
  if (ec) co_return fail(ec);
  count_received(n);
  if (exchange_.response_done()) finish(client_.manager->clock().now());
  co_return ec;
}

Op<std::error_code> Call::read_upgraded(std::span<char> into, std::size_t& n) {
  std::error_code ec;
  if (!exchange_.read_received(into, n, ec)) ec = co_await exchange_.read_some(into, n);
  co_return ec;
}

void Call::abandon() noexcept try {
  if (!lease_) return;
  if (!exchange_.has_begun() || !exchange_.head_done() || planned_ == CloseReason::upgraded) return close();
  std::array<char, 4096> dropped;
  std::error_code ec;
  std::size_t n = 0;
  for (std::size_t total = 0; !ec && !exchange_.response_done() && total <= most_drained; total += n) {
    if (!exchange_.read_received(dropped, n, ec) && !exchange_.receive_available()) break;
  }
  if (!ec && exchange_.response_done()) {
    finish(client_.manager->clock().now());
  } else {
    close();
  }
} catch (...) {
  close();  // a strategy threw: nobody is there to be told
}

void Call::close() noexcept {
  if (is_answered()) own_->drop_unread();
  if (!lease_) return;
  const bool upgraded = planned_ == CloseReason::upgraded;
  target_.info.close_reason = upgraded ? CloseReason::upgraded : CloseReason::response_unread;
  lease_.discard(target_.info.close_reason);
}

}  // namespace headway::exec
