// SPDX-License-Identifier: BSL-1.0
#pragma once

// A socket's place in the reactor of an execution context, kept for as long as the descriptor lives or until
// it is used on another executor: one registration a connection and not one a wait. It remembers the deadline
// of the wait under way; its alarm is set again only when it rings, or for an earlier time.

#include "src/drive/asio_driver.hpp"
#include "src/drive/light_mutex.hpp"

#include <headway/detail/socket.hpp>
#include <headway/detail/want.hpp>

#include <asio/generic/stream_protocol.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

namespace headway::drive {

/// Thread-safe. Refers to the descriptor without owning it.
class AsioRegistration final : public detail::SocketAttachment,
                               public std::enable_shared_from_this<AsioRegistration>,
                               private Alarm {
 public:
  /// The socket's registration with this driver, or null.
  static AsioRegistration* find(const detail::Socket& socket, const AsioDriver& driver) noexcept {
    detail::SocketAttachment* const attached = socket.attachment().get();
    if (attached == nullptr || attached->owner() != &driver) return nullptr;
    return static_cast<AsioRegistration*>(attached);
  }
  /// The same, made where there is none.
  static AsioRegistration& of(detail::Socket& socket, const std::shared_ptr<AsioDriver>& driver);

  AsioRegistration(std::shared_ptr<AsioDriver> driver, int descriptor);
  ~AsioRegistration() override { detach(); }

  /// Whether errno tells what Asio's attempt to receive found. Not where its mutexes are of futexes: waiting
  /// for one leaves the same errno behind.
#ifdef ASIO_HAS_FUTEX
  static constexpr bool tells_of_attempts = false;
#else
  static constexpr bool tells_of_attempts = true;
#endif
  /// Begins a receive that the next waits for reading go on with, see Waiter::begin_receive. Preconditions:
  /// nobody waits.
  std::optional<bool> begin(detail::ReceiveRoom& room);
  /// Has `task` claimed and woken once the socket is ready in one of the wanted directions, or the deadline
  /// has passed. Where `into` is not empty, what is to be read is received there as it comes, which spares
  /// the reactor being told of each wait; what has come by the time the wait is ended otherwise may be lost.
  /// Preconditions: nobody else waits.
  void arm(AsioTask& task, const detail::SocketWant& wanted, TimePoint deadline, std::span<char> into);
  /// Ends the wait; `wanted` becomes what came true. Returns what was received, as Want::received.
  std::ptrdiff_t disarm(detail::SocketWant& wanted) noexcept;
  const void* owner() const noexcept override { return driver_.get(); }
  void detach() noexcept override;
  /// Takes the descriptor out of the reactor.
  void release() noexcept;

  // Its place among the driver's registrations; the driver's.
  AsioDriver::RegistrationLinks links;

 private:
  enum Direction : unsigned char { reading, writing };
  struct OnReady;
  friend class AsioDriver;

  void watch(Direction direction, std::span<char> into);
  bool receive(std::span<char> into);
  void ready(Direction direction, unsigned wait, std::ptrdiff_t received);
  void end_wait() noexcept;
  TimePoint ring(TimePoint now, std::vector<AsioTask*>& late) override;

  const std::shared_ptr<AsioDriver> driver_;
  LightMutex mutex_;
  std::optional<asio::generic::stream_protocol::socket> socket_;
  AsioTask* task_ = nullptr;  // who waits
  TimePoint deadline_ = never;
  TimePoint alarm_set_for_ = never;
  unsigned wait_ = 0;  // counts them, so that what comes late from one is not taken for the next
  std::array<bool, 2> watched_{};
  bool begun_ = false;          // the receive under way is of no wait
  bool found_nothing_ = false;  // when it was begun
  std::size_t asked_ = 0;       // of the last receive
  bool has_emptied_ = false;    // that one the socket, as far as it can tell
  // Asio, told to receive, tries to at once before it waits; it may be configured not to where the receive
  // before this one has emptied the socket. So it is one that does: the last one has.
  bool tries_ = false;
  std::array<bool, 2> came_true_{};
  std::ptrdiff_t received_ = detail::Want::not_received;
};

}  // namespace headway::drive
