// SPDX-License-Identifier: BSL-1.0
#include "src/core/exchange.hpp"

#include "src/core/head_reading.hpp"
#include "src/core/receiving.hpp"

#include <algorithm>
#include <cstring>

namespace headway::core {

using detail::Op;
using detail::SocketWant;
using detail::this_waiter;
using detail::Waiter;
using detail::Want;

namespace {

/// Below this a receive goes through the buffer, so that small reads do not cost a system call each.
constexpr std::size_t direct_receive = 4 * 1024;
/// A single send can go on for as long as the server reads, so that no early answer would be seen.
constexpr std::size_t most_at_once = 1024 * 1024;

}  // namespace

void Exchange::prepare(std::error_code& ec, std::string& detail) {
  phase_ = Phase::prepare;
  sent_anything_ = request_complete_ = write_failed_ = body_failed_ = false;
  workspace_.clear();
  source_.open(request_.body, ec);
  if (ec) {
    detail = "body";
    return;
  }
  const HeadFacts facts{.body_length = source_.length(), .close = settings_.close};
  if (is_plain_get(request_, facts)) {
    framing_ = RequestFraming::none;
    head_ = workspace_.target().plain_get();
  } else {
    framing_ = write_head(request_, workspace_.target(), facts, workspace_.output, ec, detail);
    head_ = workspace_.output;
  }
}

/// The head says so exactly where there is a body worth waiting with.
bool Exchange::waits_for_continue() const noexcept {
  return request_.options.expect_continue == ExpectContinue::always && framing_ != RequestFraming::none &&
         source_.length() != 0;
}

IoResult Exchange::send(LiveConnection& connection, ResponseHead& head, Headers& trailers) {
  transport_ = &connection.transport();
  workspace_.reader.begin(request_.method, settings_.limits, head, trailers);
  phase_ = Phase::write;
  const bool waits = waits_for_continue();
  const bool together = framing_ == RequestFraming::length && source_.in_memory() && !waits;
  const std::string_view body = together ? source_.memory() : std::string_view();
  const IoResult first = transport_->write(head_, body.substr(0, most_at_once));
  const bool all = first.bytes == head_.size() + body.size();
  sent_anything_ = first.bytes > 0;
  request_complete_ = all && (together || framing_ == RequestFraming::none);
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
  if (!head_rest.empty() || !body.empty()) ec = co_await write_all(head_rest, body);
  if (ec || head_done()) co_return ec;
  if (waits) {
    ec = co_await await_continue();
    if (ec || head_done()) co_return ec;
    if (memory) ec = co_await write_all(source_.memory(), {});
  }
  if (!memory && framing_ != RequestFraming::none) ec = co_await send_body();
  if (!ec && !head_done()) request_complete_ = true;
  co_return ec;
}

/// Sends a body that is read piece by piece; a chunked one may be in memory.
Op<std::error_code> Exchange::send_body() {
  const bool chunked = framing_ == RequestFraming::chunked;
  if (chunked && source_.in_memory()) co_return co_await send_memory_body();
  std::string& buffer = workspace_.output;
  std::string chunk_size;
  for (bool first = true;; first = false) {
    buffer.resize(Workspace::input_size);
    std::error_code ec;
    body_failed_ = true;  // stays so where the read throws
    const std::size_t n = source_.read(std::span(buffer.data(), buffer.size()), ec);
    if (ec) co_return ec;
    body_failed_ = false;
    if (n == 0) break;
    // Before a piece and not behind it: an answer to the last one is no early answer.
    if (!first) ec = take_early_answer();
    if (ec || head_done()) co_return ec;
    buffer.resize(n);
    chunk_size.clear();
    if (chunked) {
      write_chunk_size(n, chunk_size);
      buffer += "\r\n";
    }
    ec = co_await write_all(chunk_size, buffer);
    if (ec || head_done()) co_return ec;
  }
  if (!chunked) co_return std::error_code();
  buffer.clear();
  write_last_chunk(request_.trailers, buffer);
  co_return co_await write_all(buffer, {});
}

Op<std::error_code> Exchange::send_memory_body() {
  std::string size;
  std::string& rest = workspace_.output;
  rest.clear();
  if (!source_.memory().empty()) {
    write_chunk_size(source_.memory().size(), size);
    std::error_code ec = co_await write_all(size, source_.memory());
    if (ec || head_done()) co_return ec;
    rest = "\r\n";
  }
  write_last_chunk(request_.trailers, rest);
  co_return co_await write_all(rest, {});
}

/// RFC 9110 section 10.1.1: until a 100, a final response, or a second of silence.
Op<std::error_code> Exchange::await_continue() {
  Waiter& waiter = co_await this_waiter;
  const TimePoint silence = after(waiter.now(), std::chrono::seconds(1));
  while (!head_done() && !workspace_.reader.saw_continue()) {
    const Deadline deadline = earlier({silence, Error::response_timeout}, settings_.total);
    Receiving receiving(*transport_, waiter, phase_, workspace_.room(), deadline);
    for (Want* want = receiving.next(); want != nullptr; want = receiving.next()) co_await *want;
    const IoResult& got = receiving.result();
    if (got.kind == IoResult::Kind::failed && got.error == Error::response_timeout) break;
    if (const std::error_code ec = feed_head(got)) co_return ec;
  }
  co_return std::error_code();
}

/// Writes both, unless a final response comes first.
Op<std::error_code> Exchange::write_all(std::string_view first, std::string_view second) {
  Waiter& waiter = co_await this_waiter;
  TimePoint taken = never;  // when the server took the last byte, where it was waited for since
  while (!first.empty() || !second.empty()) {
    const IoResult wrote = transport_->write(
        first.substr(0, most_at_once), first.size() < most_at_once ? second.substr(0, most_at_once) : "");
    sent_anything_ = sent_anything_ || wrote.bytes > 0;
    if (wrote.kind == IoResult::Kind::done) {
      const std::size_t of_first = std::min(wrote.bytes, first.size());
      first.remove_prefix(of_first);
      second.remove_prefix(wrote.bytes - of_first);
      taken = never;
      if (first.empty() && second.empty()) break;
      if (settings_.total != never && waiter.now() >= settings_.total) co_return Error::total_timeout;
      if (const std::error_code ec = take_early_answer()) co_return ec;
      if (head_done()) break;
      continue;
    }
    if (!wrote.blocked()) {
      write_failed_ = true;
      co_return wrote.error;
    }
    if (taken == never) taken = waiter.now();
    const Deadline deadline =
        earlier({after(taken, settings_.budgets.write), Error::write_timeout}, settings_.total);
    SocketWant socket{&transport_->socket(), true, wrote.kind == IoResult::Kind::want_writable};
    Want want;
    want.sockets = {&socket, 1};
    want.deadline = deadline.time;
    want.phase = Phase::write;
    co_await want;
    if (want.timed_out) co_return make_error_code(deadline.error);
    if (!socket.readable) continue;
    const IoResult got = transport_->read(workspace_.room());
    if (got.blocked()) continue;
    if (const std::error_code ec = feed_head(got)) co_return ec;
    if (head_done()) co_return std::error_code();
  }
  co_return std::error_code();
}

/// A server that goes on reading after its answer never makes a write wait, so it has to be looked for.
std::error_code Exchange::take_early_answer() {
  const IoResult got = transport_->read(workspace_.room());
  return got.blocked() ? std::error_code() : feed_head(got);
}

/// What a receive brought, given to the reader of the head.
std::error_code Exchange::feed_head(const IoResult& got) {
  std::error_code ec;
  switch (got.kind) {
    case IoResult::Kind::end:
    case IoResult::Kind::cut:
      workspace_.reader.end_of_input(ec);
      return ec;
    case IoResult::Kind::done:
      workspace_.received(got.bytes);
      workspace_.consume(workspace_.reader.parse_head(workspace_.input(), ec));
      return ec;
    default:
      return got.error;
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
    for (Want* want = receiving.next(); want != nullptr; want = receiving.next()) co_await *want;
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
  return CloseReason::none;
}

}  // namespace headway::core
