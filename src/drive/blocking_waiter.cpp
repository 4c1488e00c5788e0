// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"

#include <headway/detail/socket.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <utility>
#include <vector>

namespace headway::drive {

using detail::Signal;
using detail::Socket;
using detail::SocketWant;
using detail::Want;

namespace {

constexpr std::int64_t longest_receive_ms = 1 << 30;
constexpr int look_again_ms = 10;
constexpr std::chrono::nanoseconds longest_sleep = std::chrono::hours(24);
/// A clock that is moved by hand does not keep a wait for longer than this: nobody may be there to move it.
constexpr auto longest_standstill = std::chrono::seconds(10);

std::chrono::nanoseconds until(TimePoint then, TimePoint now) {
  if (then == never) return longest_sleep;
  return std::clamp<std::chrono::nanoseconds>(then - now, {}, longest_sleep);
}

bool any_set(const Want& want) {
  return std::any_of(want.signals.begin(), want.signals.end(),
                     [](const Signal* signal) { return signal != nullptr && signal->is_set(); });
}

bool has_signals(const Want& want) { return want.signals[0] != nullptr || want.signals[1] != nullptr; }

/// Makes a blocking receive return before `remaining` is over. It is rounded down to a power of two, so that
/// calls whose deadlines differ by little find it set already; what is left after it is waited for by poll.
bool set_receive_timeout(Socket& socket, std::int64_t remaining_ms) {
  const std::int64_t set = socket.receive_timeout();
  if (set != 0 && set <= remaining_ms && set > remaining_ms / 4) return true;
  const auto rounded = static_cast<std::int64_t>(
      std::bit_floor(static_cast<std::uint64_t>(std::min(remaining_ms, longest_receive_ms))));
  const timeval value{.tv_sec = rounded / 1000, .tv_usec = rounded % 1000 * 1000};
  if (::setsockopt(socket.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value) != 0) return false;
  socket.set_receive_timeout(rounded);
  return true;
}

}  // namespace

int poll_timeout(TimePoint now, TimePoint then) noexcept {
  if (then == never) return -1;
  if (then <= now) return 0;
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(then - now).count();
  return static_cast<int>(std::min<std::int64_t>(ms, 24 * 3600 * 1000));
}

/// While it lives, a clock that is moved by hand makes the waiter look at its deadline again.
class BlockingWaiter::ClockWatch {
 public:
  explicit ClockWatch(BlockingWaiter& waiter) : waiter_(waiter) {
    if (!waiter_.clock_.runs_by_itself())
      waiter_.clock_.subscribe(&waiter_, [this] { waiter_.on_clock_moved(); });
  }
  ~ClockWatch() {
    if (!waiter_.clock_.runs_by_itself()) waiter_.clock_.unsubscribe(&waiter_);
  }
  ClockWatch(const ClockWatch&) = delete;
  ClockWatch& operator=(const ClockWatch&) = delete;

 private:
  BlockingWaiter& waiter_;
};

BlockingWaiter::~BlockingWaiter() {
  if (bell_ >= 0) ::close(bell_);
}

bool BlockingWaiter::wait(Want& want, std::coroutine_handle<>) {
  want.timed_out = false;
  want.received = Want::not_received;
  if (want.yields) return true;
  if (!want.into.empty() && want.sockets.size() == 1 && !has_signals(want) && receive(want)) return true;
  const ClockWatch watch(*this);
  if (want.sockets.empty() && has_signals(want)) {
    wait_for_signals(want);
  } else {
    poll(want);
  }
  return true;
}

/// False where the rest has to be waited for by poll.
bool BlockingWaiter::receive(Want& want) {
  Socket& socket = *want.sockets[0].socket;
  const auto remaining = want.deadline == never
                             ? longest_receive_ms
                             : std::chrono::floor<std::chrono::milliseconds>(want.deadline - now()).count();
  if (remaining < 1 || !clock_.runs_by_itself() || !set_receive_timeout(socket, remaining)) return false;
  const ssize_t n = ::recv(socket.descriptor(), want.into.data(), want.into.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return false;
  want.received = n < 0 ? -errno : n;
  return true;
}

void BlockingWaiter::wait_for_signals(Want& want) {
  woken_ = false;
  int observed = 0;
  for (Signal* signal : want.signals) {
    if (signal == nullptr) continue;
    if (!signal->observe(*this)) break;
    ++observed;
  }
  {
    const TimePoint standstill = end_of_standstill();
    std::unique_lock lock(mutex_);
    while (!any_set(want) && !woken_) {
      const auto left = time_left(want.deadline, standstill);
      if (left <= left.zero()) break;
      wake_up_.wait_for(lock, left);
    }
  }
  for (Signal* signal : want.signals) {
    if (signal != nullptr && observed-- > 0) signal->ignore();
  }
  want.timed_out = !any_set(want);
}

void BlockingWaiter::poll(Want& want) {
  std::array<pollfd, 8> few{};
  std::vector<pollfd> many;
  const std::size_t sockets = want.sockets.size();
  if (sockets + 1 > few.size()) many.resize(sockets + 1);
  const std::span<pollfd> fds(many.empty() ? few.data() : many.data(), sockets + 1);
  for (std::size_t i = 0; i < sockets; ++i) {
    const SocketWant& wanted = want.sockets[i];
    const int events = (wanted.readable ? POLLIN : 0) | (wanted.writable ? POLLOUT : 0);
    fds[i] = {.fd = wanted.socket->descriptor(), .events = static_cast<short>(events), .revents = 0};
  }
  fds[sockets] = {.fd = needs_bell(want) ? hang_up_bell() : -1, .events = POLLIN, .revents = 0};
  for (Signal* signal : want.signals) {
    if (signal != nullptr) signal->observe(*this);
  }
  const bool ready = poll_until_ready(want, fds);
  for (Signal* signal : want.signals) {
    if (signal != nullptr) signal->ignore();
  }
  if (needs_bell(want)) take_down_bell();
  for (std::size_t i = 0; i < sockets; ++i) {
    const short got = ready ? fds[i].revents : short{0};
    const bool broken = (got & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    want.sockets[i].readable = want.sockets[i].readable && (broken || (got & POLLIN) != 0);
    want.sockets[i].writable = want.sockets[i].writable && (broken || (got & POLLOUT) != 0);
  }
  want.timed_out = !ready && !any_set(want);
}

/// True once one of the sockets is ready; false where a signal is set or the time is over.
bool BlockingWaiter::poll_until_ready(const Want& want, std::span<pollfd> fds) {
  const bool deaf = needs_bell(want) && fds.back().fd < 0;  // no descriptor left for a bell
  const TimePoint standstill = end_of_standstill();
  while (!any_set(want)) {
    const auto left = time_left(want.deadline, standstill);
    int timeout = poll_timeout({}, TimePoint(left));
    if (deaf) timeout = std::min(timeout, look_again_ms);
    const int ready = ::poll(fds.data(), fds.size(), timeout);
    if (ready > 1 || (ready == 1 && fds.back().revents == 0)) return true;
    if (ready < 0 && errno != EINTR) return false;
    if (ready == 1) {  // a signal, or another time
      std::lock_guard lock(mutex_);
      silence_bell();
    }
    if (ready == 0 && time_left(want.deadline, standstill) <= left.zero()) return false;
  }
  return false;
}

void BlockingWaiter::on_signal() noexcept {
  std::lock_guard lock(mutex_);
  woken_ = true;
  ring();
}

/// The time is another: those who wait for a signal look at theirs again, and so do those who poll.
void BlockingWaiter::on_clock_moved() {
  std::lock_guard lock(mutex_);
  ring();
}

void BlockingWaiter::ring() noexcept {
  wake_up_.notify_one();
  const std::uint64_t one = 1;
  if (!bell_hangs_) return;
  [[maybe_unused]] const ssize_t n = ::write(bell_, &one, sizeof one);
  bell_rings_ = true;
}

TimePoint BlockingWaiter::end_of_standstill() const noexcept {
  return clock_.runs_by_itself() ? never : system_clock().now() + longest_standstill;
}

/// How long to wait at most, in real time.
std::chrono::nanoseconds BlockingWaiter::time_left(TimePoint deadline, TimePoint standstill) const noexcept {
  const auto left = until(deadline, now());
  return standstill == never ? left : std::min(left, until(standstill, system_clock().now()));
}

bool BlockingWaiter::needs_bell(const Want& want) const noexcept {
  return has_signals(want) || !clock_.runs_by_itself();
}

int BlockingWaiter::hang_up_bell() {
  std::lock_guard lock(mutex_);
  if (bell_ < 0) bell_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  bell_hangs_ = bell_ >= 0;
  return bell_;
}

/// Afterwards it is silent, so that the next wait is not ended by this one's ring.
void BlockingWaiter::take_down_bell() {
  std::lock_guard lock(mutex_);
  bell_hangs_ = false;
  silence_bell();
}

/// Preconditions: mutex_ is held.
void BlockingWaiter::silence_bell() {
  if (!std::exchange(bell_rings_, false)) return;
  std::uint64_t rings = 0;
  [[maybe_unused]] const ssize_t n = ::read(bell_, &rings, sizeof rings);
}

}  // namespace headway::drive
