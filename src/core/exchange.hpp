// SPDX-License-Identifier: BSL-1.0
#pragma once

// One request and its response on one leased connection: RFC 9112 as a sequence of steps. It keeps the
// evidence that a retry is decided on: what was sent, and whether a byte came back. One thread at a time; it
// does not own what it works on.

#include "src/core/deadlines.hpp"
#include "src/core/live_connection.hpp"
#include "src/core/request_writer.hpp"
#include "src/core/workspace.hpp"

#include <headway/detail/op.hpp>
#include <headway/request.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace headway::core {

/// What an exchange is given beside the request.
struct ExchangeSettings {
  Budgets budgets;
  TimePoint total = never;  ///< the whole call's deadline
  ReadLimits limits;
  bool close = false;                    ///< ask the server to close afterwards
  bool may_upgrade = false;              ///< a request with Upgrade may be answered by a 101
  std::string authorization = {};        ///< see HeadFacts
  std::string proxy_authorization = {};  ///< likewise
  std::string added_fields = {};         ///< see HeadFacts
};

class Exchange {
 public:
  /// All references must outlive the exchange.
  Exchange(const Request& request, const ExchangeSettings& settings, Workspace& workspace) noexcept
      : request_(&request), settings_(settings), workspace_(workspace) {}

  /// Whether what is sent is a head, and so small that only waits receive anything. Preconditions: prepared.
  bool receives_by_waits_alone() const noexcept;

  /// Another request for the next `prepare`, which must outlive the exchange too.
  void set_request(const Request& request) noexcept { request_ = &request; }

  /// Writes the head for the workspace's URL and opens the body, so that all that is wrong with the request
  /// shows before anything is leased. Call it before each `send`. Errors: those of write_head and
  /// BodySource::open; `detail` names what is wrong.
  void prepare(std::error_code& ec, std::string& detail);

  /// Sends what of the request can be sent at once, mostly all: `request_complete` tells. `head` and
  /// `trailers` must live until the body is read.
  IoResult send(LiveConnection& connection, ResponseHead& head, Headers& trailers);
  /// Sends the rest, `first` being what `send` returned. A final response that comes before the request is
  /// sent whole ends the sending, and is no error.
  detail::Op<std::error_code> finish_sending(IoResult first);

  /// Some of the body: `n` bytes, at least 1 unless it is at its end. Preconditions: the head is done,
  /// `into` is not empty.
  detail::Op<std::error_code> read_some(std::span<char> into, std::size_t& n);
  /// A piece of the body of at most `most` bytes, out of what has been received already; empty where there is
  /// none. It is good until the next receive. Preconditions: ec is clear.
  std::string_view take_received(std::size_t most, std::error_code& ec);
  /// `read_some` out of what has been received already; false where that does not suffice.
  bool read_received(std::span<char> into, std::size_t& n, std::error_code& ec);
  /// Receives without waiting. False where nothing is there, or the connection has ended.
  bool receive_available();

  /// Whether `send` was called since the last `prepare`. What is said of the response is of an earlier one
  /// where not.
  bool has_begun() const noexcept { return transport_ != nullptr; }
  bool head_done() const noexcept { return workspace_.reader.head_done(); }
  bool response_done() const noexcept { return workspace_.reader.done(); }
  const FramingFields& framing_fields() const noexcept { return workspace_.reader.framing_fields(); }
  /// How much body is still to come, where that is known.
  std::optional<std::uint64_t> known_remaining() const noexcept;

  bool sent_anything() const noexcept { return sent_anything_; }
  bool request_complete() const noexcept { return request_complete_; }
  bool response_started() const noexcept { return workspace_.reader.saw_bytes(); }
  /// How much of the request's body has been sent.
  std::uint64_t body_sent() const noexcept { return body_sent_; }
  std::optional<std::uint64_t> body_length() const noexcept { return source_.length(); }
  /// The request's own body could not be read: no fault of the connection, and trying again would not help.
  bool body_failed() const noexcept { return body_failed_; }
  Phase phase() const noexcept { return phase_; }

  /// Why the connection must not be used again as far as this exchange can tell; `none` once the response is
  /// done and clean.
  CloseReason verdict() const noexcept;

 private:
  friend class HeadReading;
  detail::Op<std::error_code> send_rest(std::size_t written);
  detail::Op<std::error_code> send_body();
  detail::Op<std::error_code> send_memory_body();
  detail::Op<std::error_code> send_file_body();
  bool sends_file() const noexcept;
  std::error_code file_failed(const IoResult& wrote) noexcept;
  void count_sent(std::size_t n);
  detail::Op<std::error_code> await_continue();
  detail::Op<std::error_code> write_all(std::string_view first, std::string_view second);
  detail::Op<std::error_code> await_room(const IoResult& blocked, TimePoint& taken);
  void feed_head(const IoResult& got, std::error_code& ec);
  std::error_code take_early_answer();
  bool waits_for_continue() const noexcept;
  bool is_due_a_turn() noexcept;

  const Request* request_;
  const ExchangeSettings& settings_;
  Workspace& workspace_;
  Transport* transport_ = nullptr;
  detail::BodySource source_;
  std::string_view head_;  // the request's, in the workspace
  RequestFraming framing_ = RequestFraming::none;
  Phase phase_ = Phase::prepare;
  std::uint64_t body_sent_ = 0;
  std::size_t payload_ = 0;  // of what `write_all` is given last, without framing behind it
  unsigned calls_ = 0;       // sends or receives since others had their turn
  bool sent_anything_ = false;
  bool request_complete_ = false;
  bool write_failed_ = false;
  bool body_failed_ = false;
  bool reads_file_ = false;  // sending it without reading has failed
};

}  // namespace headway::core
