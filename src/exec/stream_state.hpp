// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a ResponseStream holds: the call, and everything that the call refers to. An operation under way keeps
// it alive, so that the stream may be destroyed meanwhile.

#include "src/exec/call.hpp"
#include "src/exec/one_operation.hpp"

#include <headway/response_stream.hpp>

#include <memory>

namespace headway::detail {

/// `close`, `leave` and the ends of operations may come on several threads at once; all else on one at a
/// time.
class StreamState {
 public:
  /// The request must live until the call's head has been read.
  StreamState(std::shared_ptr<const exec::ClientCore> client, const Request& request)
      : client_(std::move(client)),
        call(*client_, request, {.head = head, .trailers = trailers, .info = info, .may_upgrade = true}) {}
  StreamState(const StreamState&) = delete;
  StreamState& operator=(const StreamState&) = delete;
  ~StreamState() { call.abandon(); }

  ResponseHead head;
  Headers trailers;
  ExchangeInfo info;

 private:
  std::shared_ptr<const exec::ClientCore> client_;

 public:
  exec::Call call;

  Clock& clock() const noexcept { return client_->manager->clock(); }
  exec::AsyncHost& async() const noexcept { return *client_->async; }

  /// Some of the body: `n` bytes, or asio::error::eof. `into` may be empty.
  Op<std::error_code> read_some(std::span<char> into, std::size_t& n);
  /// All that is left of it.
  Op<std::error_code> drain();

  /// Registers the operation that reads from now on, until `ended`. False where there is one already.
  bool begins(const std::shared_ptr<AsyncOperation>& operation) { return operation_.begins(operation); }
  void ended() noexcept;
  /// Whether an operation is under way.
  bool is_busy() const { return operation_.is_busy(); }
  /// Cancels the operation under way.
  void leave() noexcept { operation_.cancel(); }
  /// The same, and closes the connection as soon as that has ended.
  void close() noexcept;

 private:
  std::error_code failure_;  // what ended the body before its end; every later read says so again
  exec::OneOperation operation_;
};

}  // namespace headway::detail
