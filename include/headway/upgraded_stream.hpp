// SPDX-License-Identifier: BSL-1.0
#pragma once

// A connection that no longer speaks HTTP: what a 101 Switching Protocols leaves (RFC 9110 section 7.8).

#include <headway/response_stream.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <system_error>

namespace headway {

namespace detail {
class UpgradeState;
}  // namespace detail

/// Bytes in both directions, over TCP, a Unix socket or TLS. The connection is never used for anything else,
/// and counts as leased until it is closed: by `close` or by the stream's end. One read and one write may be
/// under way at a time, a further one is Error::operation_pending; over TLS both at a time take an executor
/// that runs one thing at a time, as Asio's TLS does. A SyncReadStream, SyncWriteStream, AsyncReadStream and
/// AsyncWriteStream in Asio's sense. Otherwise not thread-safe; move-only. It may outlive its client.
class UpgradedStream {
 public:
  /// No stream: only assignment and destruction are allowed.
  UpgradedStream() = default;
  /// Of a response to Client::open whose request had Upgrade, and `Connection: Upgrade`. What came behind its
  /// head is read first. Throws std::system_error (Error::invalid_option) where the status is not 101.
  explicit UpgradedStream(ResponseStream response);
  UpgradedStream(UpgradedStream&&) noexcept = default;
  UpgradedStream& operator=(UpgradedStream&& other) noexcept;
  /// Closes the connection once what is under way has ended with asio::error::operation_aborted. Never
  /// blocks.
  ~UpgradedStream();

  explicit operator bool() const noexcept { return state_ != nullptr; }
  /// That of the 101.
  const ResponseHead& head() const noexcept;

  /// Waits for some bytes, at least one, for `timeouts.read` of the request at most (the call's total does
  /// not count any more). 0 and asio::error::eof where the server sends no more, and after close(). Errors:
  /// read_timeout, after which the stream can be used on, body_truncated (an end without TLS's goodbye),
  /// connection_reset.
  std::size_t read_some(std::span<char> into, std::error_code& ec);
  /// Throws std::system_error.
  std::size_t read_some(std::span<char> into);
  /// Waits until some of the bytes could be sent, for `timeouts.write` at most, and returns how many. Errors:
  /// write_timeout, after which the stream can be used on, connection_reset, connection_closed after close().
  std::size_t write_some(std::span<const char> from, std::error_code& ec);
  /// Throws std::system_error.
  std::size_t write_some(std::span<const char> from);

  /// The same into and from Asio's buffers, or the first that is not empty of a sequence of them.
  template <class Buffers>
    requires(!std::convertible_to<Buffers&, std::span<char>>)
  std::size_t read_some(const Buffers& buffers, std::error_code& ec) {
    return read_some(detail::first_of<char>(buffers), ec);
  }
  template <class Buffers>
    requires(!std::convertible_to<Buffers&, std::span<char>>)
  std::size_t read_some(const Buffers& buffers) {
    return read_some(detail::first_of<char>(buffers));
  }
  template <class Buffers>
    requires(!std::convertible_to<const Buffers&, std::span<const char>>)
  std::size_t write_some(const Buffers& buffers, std::error_code& ec) {
    return write_some(detail::first_of<const char>(buffers), ec);
  }
  template <class Buffers>
    requires(!std::convertible_to<const Buffers&, std::span<const char>>)
  std::size_t write_some(const Buffers& buffers) {
    return write_some(detail::first_of<const char>(buffers));
  }

  /// Complete with `void(std::error_code, std::size_t)`: include <headway/async.hpp>. The buffers' memory
  /// must live until then. Cancelled, they have done nothing, and the stream can be used on.
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token);
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token);

  /// Closes the connection; operations under way complete with asio::error::operation_aborted.
  void close() noexcept;

  using executor_type = asio::any_io_executor;
  /// The client's: see Client::get_executor.
  executor_type get_executor() const;

 private:
  std::shared_ptr<detail::UpgradeState> state_;
};

}  // namespace headway
