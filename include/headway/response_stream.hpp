// SPDX-License-Identifier: BSL-1.0
#pragma once

// A response whose body is read as it comes.

#include <headway/detail/asio_fwd.hpp>
#include <headway/response.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <system_error>
#include <type_traits>

namespace headway {

namespace detail {
class StreamState;

/// What Asio calls a mutable or a constant buffer, without needing Asio.
template <class B, class Memory>
concept BufferOf = requires(const B& buffer) {
  static_cast<Memory*>(buffer.data());
  static_cast<std::size_t>(buffer.size());
};

/// What an operation on some bytes is given of Asio's buffers: all, or the first that is not empty of a
/// sequence.
template <class Byte, class Buffers>
std::span<Byte> first_of(const Buffers& buffers) {
  using Memory = std::conditional_t<std::is_const_v<Byte>, const void, void>;
  const auto bytes = [](const auto& buffer) {
    return std::span<Byte>(static_cast<Byte*>(static_cast<Memory*>(buffer.data())), buffer.size());
  };
  if constexpr (BufferOf<Buffers, Memory>) {
    return bytes(buffers);
  } else {
    for (const auto& buffer : buffers) {
      if (buffer.size() > 0) return bytes(buffer);
    }
    return {};
  }
}
}  // namespace detail

/// Holds its connection until the body has been read, drained or dropped; it may outlive its client. Where
/// the body is read to its end the connection is back in the pool before that last read returns. Destroying a
/// stream never blocks: what is left of a body is taken if it is there already and small (256 KiB), else the
/// connection is closed. A SyncReadStream and an AsyncReadStream in Asio's sense. Not thread-safe; move-only.
class ResponseStream {
 public:
  /// No response: only assignment and destruction are allowed.
  ResponseStream() = default;
  explicit ResponseStream(std::shared_ptr<detail::StreamState> state) noexcept : state_(std::move(state)) {}
  ResponseStream(ResponseStream&&) noexcept = default;
  ResponseStream& operator=(ResponseStream&& other) noexcept;
  ~ResponseStream();

  explicit operator bool() const noexcept { return state_ != nullptr; }
  /// Status line and fields; lives as long as the stream.
  const ResponseHead& head() const noexcept;
  /// Fields after the body; complete once the body has been read.
  const Headers& trailers() const noexcept;
  /// `timings.total` and `close_reason` are known once the body has been read, drained or closed.
  const ExchangeInfo& info() const noexcept;

  /// Waits for some of the body and returns how many bytes were put into `into`. At the end: 0, and
  /// asio::error::eof. An empty buffer is 0 at once. Errors: read_timeout, total_timeout, body_truncated,
  /// connection_reset, malformed_response, Condition::limit; asio::error::eof too after close(). After an
  /// error the connection is closed.
  std::size_t read_some(std::span<char> into, std::error_code& ec);
  /// Throws std::system_error, at the end with asio::error::eof.
  std::size_t read_some(std::span<char> into);

  /// The same into Asio's buffers, or the first that is not empty of a sequence of them.
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

  /// Reads what is left, however much it is, and gives the connection back. Errors as for read_some.
  void drain();
  void drain(std::error_code& ec);
  /// Drops what is left: the connection is closed, and never reused. Nothing to do where the body has been
  /// read. An operation under way completes with asio::error::operation_aborted, as it does where the stream
  /// is destroyed or assigned to.
  void close() noexcept;

  // The same asynchronously: include <headway/async.hpp>. Rules as for Client's; one operation at a time, a
  // second one is Error::operation_pending. Cancelled, a read has taken nothing, and the stream can be read
  // on.

  /// Completes with `void(std::error_code, std::size_t)`. The buffers' memory must live until then.
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token);
  /// Completes with `void(std::error_code)`.
  template <class Token>
  auto async_drain(Token&& token);

  using executor_type = asio::any_io_executor;
  /// The client's: see Client::get_executor. Throws std::system_error where a thread of its own cannot be
  /// started.
  executor_type get_executor() const;

 private:
  friend class EventStream;
  friend class UpgradedStream;
  std::shared_ptr<detail::StreamState> state_;
};

}  // namespace headway
