// SPDX-License-Identifier: BSL-1.0
// The first half of an exchange: the request, whatever its body, and answers that come too early.
#include "src/core/exchange.hpp"
#include "src/core/head_reading.hpp"
#include "src/core/receiving.hpp"

#include <algorithm>

namespace headway::core {

using detail::Op;
using detail::SocketWant;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

/// A single send can go on for as long as the server reads, so that no early answer would be seen.
constexpr std::size_t most_at_once = 1024 * 1024;
/// How much of a body that is read piece by piece is asked for: few calls for a large one, and little memory
/// for a small one.
constexpr std::size_t first_piece = 16 * 1024, full_piece = 64 * 1024;
constexpr std::string_view line_end = "\r\n";

}  // namespace

/// The head says so exactly where there is a body worth waiting with.
bool Exchange::waits_for_continue() const noexcept {
  return asks_for_continue(request_->options, source_.length()) && framing_ != RequestFraming::none &&
         source_.length() != 0;
}

bool Exchange::receives_by_waits_alone() const noexcept {
  return framing_ == RequestFraming::none && head_.size() <= most_at_once;
}

IoResult Exchange::send(LiveConnection& connection, ResponseHead& head, Headers& trailers) {
  transport_ = &connection.transport();
  const bool upgrades = settings_.may_upgrade && request_->headers.contains("Upgrade");
  workspace_.reader.begin(request_->method, settings_.limits, head, trailers, upgrades);
  phase_ = Phase::write;
  const bool waits = waits_for_continue();
  const bool together = framing_ == RequestFraming::length && source_.in_memory() && !waits;
  const std::string_view body = together ? source_.memory() : std::string_view();
  const IoResult first = transport_->write(head_, body.substr(0, most_at_once));
  const bool all = first.bytes == head_.size() + body.size();
  sent_anything_ = first.bytes > 0;
  request_complete_ = all && (together || framing_ == RequestFraming::none);
  if (first.bytes > head_.size()) count_sent(first.bytes - head_.size());
  return first;
}

Op<std::error_code> Exchange::finish_sending(IoResult first) {
  write_failed_ = first.kind == IoResult::Kind::failed;
  std::error_code ec = first.error;
  if (!ec) ec = co_await send_rest(first.bytes);
  if (!ec || !write_failed_) co_return ec;
  // A server that refuses an upload often answers and closes: its answer is worth more than our failed
  // write.
  Waiter& waiter = co_await this_waiter;
  HeadReading answer(*this, waiter, waiter.now());
  while (Want* want = answer.next()) co_await *want;
  co_return answer.error() ? ec : std::error_code();
}

/// Sends what is left after the first `written` bytes of head and body in memory.
Op<std::error_code> Exchange::send_rest(std::size_t written) {
  const std::size_t head = std::min(written, head_.size());
  const std::string head_rest(head_.substr(head));
  const bool waits = waits_for_continue();
  std::string_view body;
  const bool memory = framing_ == RequestFraming::length && source_.in_memory();
  if (memory && !waits) body = source_.memory().substr(written - head);
  std::error_code ec;
  if (written > 0 && !body.empty()) ec = take_early_answer();
  if (ec || head_done()) co_return ec;
  payload_ = body.size();
  if (!head_rest.empty() || !body.empty()) ec = co_await write_all(head_rest, body);
  if (ec || head_done()) co_return ec;
  if (waits) {
    ec = co_await await_continue();
    if (ec || head_done()) co_return ec;
    if (memory) {
      payload_ = source_.memory().size();
      ec = co_await write_all({}, source_.memory());
    }
  }
  if (!memory && framing_ != RequestFraming::none) ec = co_await send_body();
  if (!ec && !head_done()) request_complete_ = true;
  co_return ec;
}

/// Sends a body that is read piece by piece; a chunked one may be in memory.
Op<std::error_code> Exchange::send_body() {
  const bool chunked = framing_ == RequestFraming::chunked;
  if (chunked && source_.in_memory()) co_return co_await send_memory_body();
  if (sends_file()) co_return co_await send_file_body();
  std::string& buffer = workspace_.output;
  std::string chunk_size;
  std::size_t wanted = first_piece;
  for (bool first = true;; first = false) {
    buffer.resize(wanted);
    std::error_code ec;
    body_failed_ = true;  // stays so where the read throws
    const std::size_t n = source_.read(std::span(buffer.data(), buffer.size()), ec);
    if (ec) co_return ec;
    body_failed_ = false;
    if (n == 0) break;
    // Before a piece and not behind it: an answer to the last one is no early answer.
    if (!first) ec = take_early_answer();
    if (ec || head_done()) co_return ec;
    if (n == wanted) {
      wanted = full_piece;
      buffer.reserve(full_piece + line_end.size());
    }
    buffer.resize(n);
    chunk_size.clear();
    if (chunked) {
      write_chunk_size(n, chunk_size);
      buffer += line_end;
    }
    payload_ = n;
    ec = co_await write_all(chunk_size, buffer);
    if (ec || head_done()) co_return ec;
  }
  if (!chunked) co_return std::error_code();
  buffer.clear();
  write_last_chunk(request_->trailers, buffer);
  co_return co_await write_all(buffer, {});
}

Op<std::error_code> Exchange::send_memory_body() {
  std::string size;
  std::string& rest = workspace_.output;
  rest.clear();
  if (!source_.memory().empty()) {
    write_chunk_size(source_.memory().size(), size);
    payload_ = source_.memory().size();
    std::error_code ec = co_await write_all(size, source_.memory());
    if (ec || head_done()) co_return ec;
    rest = "\r\n";
  }
  write_last_chunk(request_->trailers, rest);
  co_return co_await write_all(rest, {});
}

/// RFC 9110 section 10.1.1: until a 100, a final response, or a second of silence.
Op<std::error_code> Exchange::await_continue() {
  Waiter& waiter = co_await this_waiter;
  const TimePoint silence = after(waiter.now(), std::chrono::seconds(1));
  while (!head_done() && !workspace_.reader.saw_continue()) {
    const Deadline deadline = earlier({silence, Error::response_timeout}, settings_.total);
    Receiving receiving(*transport_, waiter, phase_, workspace_.room(), deadline, Lateness::harmless);
    for (Want* want = receiving.next(); want != nullptr; want = receiving.next()) co_await *want;
    const IoResult& got = receiving.result();
    if (got.kind == IoResult::Kind::failed && got.error == Error::response_timeout) break;
    std::error_code ec;
    feed_head(got, ec);
    if (ec) co_return ec;
  }
  co_return std::error_code();
}

/// Part of a body has left; throws what the progress function throws.
void Exchange::count_sent(std::size_t n) {
  body_sent_ += n;
  if (request_->progress) [[unlikely]] {
    body_failed_ = true;  // stays so where it throws
    request_->progress({.sent = body_sent_, .to_send = source_.length()});
    body_failed_ = false;
  }
}

/// Writes both, unless a final response comes first. The first `payload_` bytes of `second` are body.
Op<std::error_code> Exchange::write_all(std::string_view first, std::string_view second) {
  Waiter& waiter = co_await this_waiter;
  TimePoint taken = never;  // when the server took the last byte, where it was waited for since
  while (!first.empty() || !second.empty()) {
    if (is_due_a_turn()) {
      Want turn;
      turn.yields = true;
      co_await turn;
    }
    const std::string_view now_first = first.substr(0, most_at_once);
    const std::string_view now_second = now_first.size() < most_at_once ? second.substr(0, most_at_once) : "";
    IoResult wrote = transport_->write(now_first, now_second);
    sent_anything_ = sent_anything_ || wrote.bytes > 0;
    if (wrote.kind == IoResult::Kind::done) {
      const std::size_t of_first = std::min(wrote.bytes, first.size());
      first.remove_prefix(of_first);
      const std::size_t of_second = wrote.bytes - of_first;
      second.remove_prefix(of_second);
      if (const std::size_t payload = std::min(of_second, payload_); payload > 0) {
        payload_ -= payload;
        count_sent(payload);
      }
      taken = never;
      if (first.empty() && second.empty()) break;
      if (wrote.bytes == now_first.size() + now_second.size()) {
        if (settings_.total != never && waiter.now() >= settings_.total) co_return Error::total_timeout;
        if (const std::error_code ec = take_early_answer()) co_return ec;
        if (head_done()) break;
        continue;
      }
      // There was room for no more: the wait for it sees an early answer as well.
      wrote = {.kind = IoResult::Kind::want_writable};
    }
    if (!wrote.blocked()) {
      write_failed_ = true;
      co_return wrote.error;
    }
    if (const std::error_code ec = co_await await_room(wrote, taken)) co_return ec;
    if (head_done()) break;
  }
  co_return std::error_code();
}

/// Until a write that blocked may be tried again, or some of a response is there. `taken`: when the server
/// took the last byte; set here where it was never waited for.
Op<std::error_code> Exchange::await_room(const IoResult& blocked, TimePoint& taken) {
  const Waiter& waiter = co_await this_waiter;
  // What a transport holds already makes no socket readable.
  if (transport_->has_buffered()) {
    const std::error_code ec = take_early_answer();
    if (ec || head_done()) co_return ec;
  }
  if (taken == never) taken = waiter.now();
  const Deadline deadline =
      earlier({after(taken, settings_.budgets.write), Error::write_timeout}, settings_.total);
  SocketWant socket{&transport_->socket(), true, blocked.kind == IoResult::Kind::want_writable};
  Want want;
  want.sockets = {&socket, 1};
  want.deadline = deadline.time;
  want.phase = Phase::write;
  co_await want;
  calls_ = 0;
  if (want.timed_out) co_return make_error_code(deadline.error);
  std::error_code ec;
  if (want.received != Want::not_received) {
    feed_head(IoResult::of_receive(want.received), ec);
  } else if (socket.readable) {
    ec = take_early_answer();
  }
  co_return ec;
}

/// A server that goes on reading after its answer never makes a write wait, so it has to be looked for.
std::error_code Exchange::take_early_answer() {
  const IoResult got = transport_->read(workspace_.room());
  std::error_code ec;
  if (!got.blocked()) feed_head(got, ec);
  return ec;
}

}  // namespace headway::core
