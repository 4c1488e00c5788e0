// SPDX-License-Identifier: BSL-1.0
#include "src/connect/http_tunnel.hpp"

#include "src/connect/transport_io.hpp"
#include "src/core/reuse_check.hpp"

#include <algorithm>
#include <utility>

namespace headway::connect {

using detail::Op;
using detail::this_waiter;
using detail::Waiter;

namespace {

constexpr std::size_t buffer_size = 4 * 1024;
constexpr std::size_t most_kept = 4 * 1024;
constexpr std::size_t most_dropped = 64 * 1024;  // to save a connection
constexpr std::size_t longest_reason = 100;
/// What a refusal says beyond its status is not worth more, and a connection neither.
constexpr Duration body_time = std::chrono::seconds(1);

}  // namespace

std::string authority_of(std::string_view host, std::uint16_t port) {
  const bool address = host.find(':') != host.npos;
  std::string text(address ? "[" : "");
  text.append(host).append(address ? "]:" : ":");
  return text.append(std::to_string(port));
}

std::string connect_head(std::string_view authority, std::string_view authorization) {
  std::string head("CONNECT ");
  head.append(authority).append(" HTTP/1.1\r\nHost: ").append(authority);
  head.append("\r\nUser-Agent: headway/" HEADWAY_VERSION "\r\n");
  if (!authorization.empty()) head.append("Proxy-Authorization: ").append(authorization).append("\r\n");
  return head.append("\r\n");
}

HttpTunnel::HttpTunnel(core::Transport& transport, std::string authority, ProxyLoginTries& tries,
                       TimePoint deadline)
    : transport_(transport),
      authority_(std::move(authority)),
      tries_(tries),
      deadline_(deadline),
      buffer_(buffer_size) {}

Op<Tunnelled> HttpTunnel::open() {
  for (bool first = true;; first = false) {
    const std::error_code ec = co_await ask();
    if (ec) {
      Tunnelled ended = Tunnelled::failure(ec, "CONNECT");
      // A proxy that has asked for a login may hang up instead of waiting for it.
      if (!first && ec == Condition::connect) {
        ended.end = Tunnelled::End::reconnect;
        tries_.answer = std::move(sent_);
      }
      co_return ended;
    }
    if (head_.status != 407 && tries_.login) tries_.login->accepted(sent_);
    if (head_.status / 100 == 2) {
      Tunnelled opened;
      opened.surplus = input();
      co_return opened;
    }
    if (!answer_challenge()) co_return co_await refusal();
    if (!co_await drop_body()) {
      Tunnelled ended;
      ended.end = Tunnelled::End::reconnect;
      co_return ended;
    }
  }
}

/// Whether there is something else to say to the proxy.
bool HttpTunnel::answer_challenge() {
  if (head_.status != 407 || !tries_.login || tries_.left == 0) return false;
  --tries_.left;
  tries_.answer = tries_.login->answer(head_.headers, sent_, asking());
  return !tries_.answer.empty();
}

/// Sends the request and reads the response's head.
Op<std::error_code> HttpTunnel::ask() {
  sent_ = std::exchange(tries_.answer, {});
  if (sent_.empty() && tries_.login) sent_ = tries_.login->authorization(asking());
  const std::string request = connect_head(authority_, sent_);
  reader_.begin("CONNECT", {}, head_, trailers_);
  std::error_code ec = co_await write_all(transport_, request, deadline_);
  while (!ec && !reader_.head_done()) {
    if (begin_ == end_) ec = co_await receive(deadline_);
    if (!ec) begin_ += reader_.parse_head(input(), ec);
  }
  co_return ec;
}

Op<std::error_code> HttpTunnel::receive(TimePoint deadline) {
  begin_ = end_ = 0;
  const std::span<char> room(buffer_);
  co_return co_await read_some(transport_, room, end_, deadline);
}

/// Whether the connection is good for another request once the body is read.
bool HttpTunnel::may_go_on() const {
  return core::check_reuse(Request{}, head_, reader_.framing_fields()) == CloseReason::none &&
         reader_.framing().kind != core::Framing::until_close;
}

/// True: the connection is good for another request.
Op<bool> HttpTunnel::drop_body() {
  if (!may_go_on()) co_return false;
  const Waiter& waiter = co_await this_waiter;
  const TimePoint soon = std::min(deadline_, after(waiter.now(), body_time));
  std::error_code ec;
  for (std::size_t dropped = 0; !reader_.done() && dropped <= most_dropped;) {
    if (begin_ == end_) ec = co_await receive(soon);
    if (ec) co_return false;
    const core::ResponseReader::Piece piece = reader_.parse_body(input(), ec);
    begin_ += piece.consumed;
    dropped += piece.consumed;
    if (ec) co_return false;
  }
  co_return reader_.done() && begin_ == end_;
}

/// The refusal, with as much of its body as is worth waiting for.
Op<Tunnelled> HttpTunnel::refusal() {
  const Waiter& waiter = co_await this_waiter;
  const bool login = head_.status == 407;
  std::string detail = "CONNECT: " + std::to_string(head_.status) + ' ';
  detail.append(head_.reason, 0, longest_reason);
  Tunnelled refused = Tunnelled::failure(login ? Error::proxy_authentication_failed : Error::proxy_refused,
                                         std::move(detail));
  refused.refusal.status = head_.status;
  const TimePoint deadline = std::min(deadline_, after(waiter.now(), body_time));
  std::string& body = refused.refusal.body;
  std::error_code ec;
  while (!ec && !reader_.done() && body.size() < most_kept) {
    if (begin_ == end_) ec = co_await receive(deadline);
    if (ec) break;
    const core::ResponseReader::Piece piece = reader_.parse_body(input(), ec);
    begin_ += piece.consumed;
    body.append(piece.body.substr(0, most_kept - body.size()));
  }
  co_return refused;
}

}  // namespace headway::connect
