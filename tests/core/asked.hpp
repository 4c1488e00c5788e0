// SPDX-License-Identifier: BSL-1.0
#pragma once

// One exchange on a scripted connection, from the request to the last byte of the response's body.

#include "src/core/head_reading.hpp"
#include "tests/support/op_script.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headway::core {

using namespace std::chrono_literals;

inline Request post(Body body) { return {.method = "POST", .body = std::move(body)}; }

struct AskOptions {
  Budgets budgets = {};
  Duration total = unlimited;
  ReadLimits limits = {};
  std::size_t buffer = 64;  ///< what the user reads the body into
  testing::Receives receives = testing::Receives::operation;
  testing::ScriptedTransport::Raw raw = testing::ScriptedTransport::Raw::yes;
};

class Asked {
 public:
  using Script = testing::OpScript<std::error_code>;

  /// `options.total` starts now.
  explicit Asked(Request request, const AskOptions& options = {})
      : request_(std::move(request)),
        options_(options),
        settings_{.budgets = options.budgets, .limits = options.limits},
        connection_(HttpRoute{"http", "a.test", 80}, clock.now(),
                    std::make_unique<testing::ScriptedTransport>(peer, options.raw)),
        exchange(request_, settings_, workspace_) {
    workspace_.set_url(request_.url.empty() ? "http://a.test/" : request_.url, prepared);
    settings_.total = after(clock.now(), options.total);
    exchange.prepare(prepared, detail_);
  }

  /// Starts it. What the peer is to do at once has to be scripted before.
  Script& script() {
    if (!script_) script_.emplace(ask(), clock, peer.get(), options_.receives);
    return *script_;
  }

  /// What was written, without the head.
  std::string sent_body() const {
    const std::string all = peer->written();
    const std::size_t end = all.find("\r\n\r\n");
    return end == std::string::npos ? "(no head)" : all.substr(end + 4);
  }

  testing::ManualClock clock;
  std::shared_ptr<testing::ScriptedPeer> peer = std::make_shared<testing::ScriptedPeer>();
  ResponseHead head;
  Headers trailers;
  std::string body;
  std::error_code prepared;

 private:
  detail::Op<std::error_code> ask() {
    std::error_code ec;
    const IoResult first = exchange.send(connection_, head, trailers);
    if (!exchange.request_complete()) ec = co_await exchange.finish_sending(first);
    if (!ec) {
      HeadReading reading(exchange, co_await detail::this_waiter, clock.now());
      while (detail::Want* want = reading.next()) co_await *want;
      ec = reading.error();
    }
    std::vector<char> buffer(options_.buffer);
    while (!ec && !exchange.response_done()) {
      std::size_t n = 0;
      ec = co_await exchange.read_some(buffer, n);
      body.append(buffer.data(), n);
    }
    co_return ec;
  }

  Request request_;
  AskOptions options_;
  ExchangeSettings settings_;
  std::string detail_;
  Workspace workspace_;
  LiveConnection connection_;

 public:
  Exchange exchange;

 private:
  std::optional<Script> script_;
};

inline constexpr const char* ok_empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
inline constexpr const char* ok_hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// A body that yields `pieces` one by one.
inline Body pieces_body(std::vector<std::string> pieces, std::optional<std::uint64_t> length = {}) {
  return Body::stream(
      [pieces = std::move(pieces), next = std::size_t{0}](std::span<char> into, std::error_code&) mutable
      -> std::size_t { return next == pieces.size() ? 0 : pieces[next++].copy(into.data(), into.size()); },
      length);
}

}  // namespace headway::core
