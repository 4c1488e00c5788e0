// SPDX-License-Identifier: BSL-1.0
#pragma once

// A connection without a socket: reads and writes go as the test says. The test holds the ScriptedPeer, the
// code under test the ScriptedTransport.

#include "src/core/transport.hpp"
#include "tests/support/fault.hpp"

#include <headway/error.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headway::testing {

/// The other end. Without any script every write is taken whole and every read would block. One thread at a
/// time, but for `set_look` and `closed`.
class ScriptedPeer {
 public:
  using Kind = core::IoResult::Kind;
  using Idle = core::Transport::Idle;

  // What the next reads bring, in this order.
  void deliver(std::string bytes) { reads_.push_back({.kind = Kind::done, .bytes = std::move(bytes)}); }
  /// Only once what was written ends with `sent`.
  void deliver_after(std::string sent, std::string bytes) {
    reads_.push_back({.kind = Kind::done, .bytes = std::move(bytes), .after = std::move(sent)});
  }
  void end() { reads_.push_back({.kind = Kind::end}); }
  void fail_read(std::error_code error) { reads_.push_back({.kind = Kind::failed, .error = error}); }
  // How the next writes go, in this order: each call takes one of them.
  void accept(std::size_t most) { writes_.push_back({.kind = Kind::done, .most = most}); }
  void block_write() { writes_.push_back({.kind = Kind::want_writable}); }
  void fail_write(std::error_code error) { writes_.push_back({.kind = Kind::failed, .error = error}); }

  void break_at(Fault fault) { fault_ = fault; }
  /// Every read and write would block once before it goes through.
  void hesitate() { hesitates_ = true; }
  void set_look(Idle look) { look_ = look; }

  /// What was written, call by call.
  const std::vector<std::string>& writes() const { return written_; }
  std::string written() const {
    std::string all;
    for (const std::string& each : written_) all += each;
    return all;
  }
  bool broken() const { return fault_.step > 0 && steps_ >= fault_.step; }
  bool readable() const { return broken() ? fault_.kind != Fault::Kind::silence : has_read(); }
  bool writable() const {
    if (broken()) return fault_.kind != Fault::Kind::silence;
    return writes_.empty() || writes_.front().kind != Kind::want_writable;
  }
  /// The transport was destroyed.
  bool closed() const { return closed_; }
  /// How large the buffer of the last read was.
  std::size_t last_room() const { return last_room_; }

  core::IoResult read(std::span<char> into) {
    last_room_ = into.size();
    if (hesitates_ && (hesitating_ = !hesitating_)) return {.kind = Kind::want_readable};
    if (!has_read() && !broken()) return {.kind = Kind::want_readable};
    if (breaks()) return broken_result(Kind::want_readable);
    Step& next = reads_.front();
    if (next.kind == Kind::end) return {.kind = Kind::end};  // and stays so
    if (next.kind == Kind::failed) return take(reads_);
    const std::size_t n = std::min(into.size(), next.bytes.size());
    std::memcpy(into.data(), next.bytes.data(), n);
    next.bytes.erase(0, n);
    if (next.bytes.empty()) reads_.pop_front();
    return {.kind = Kind::done, .bytes = n};
  }

  core::IoResult write(std::string_view first, std::string_view second) {
    if (hesitates_ && (hesitating_ = !hesitating_)) return {.kind = Kind::want_writable};
    if (breaks()) return broken_result(Kind::want_writable);
    std::size_t most = first.size() + second.size();
    if (!writes_.empty()) {
      if (writes_.front().kind != Kind::done) return take(writes_);
      most = std::min(most, writes_.front().most);
      writes_.pop_front();
    }
    written_.push_back((std::string(first) + std::string(second)).substr(0, most));
    return {.kind = Kind::done, .bytes = most};
  }

 private:
  friend class ScriptedTransport;
  struct Step {
    Kind kind = Kind::done;
    std::string bytes = {};
    std::string after = {};
    std::size_t most = 0;
    std::error_code error = {};
  };

  static core::IoResult take(std::deque<Step>& steps) {
    const Step step = std::move(steps.front());
    steps.pop_front();
    return {.kind = step.kind, .error = step.error};
  }
  bool has_read() const { return !reads_.empty() && written().ends_with(reads_.front().after); }
  bool breaks() {
    if (!broken()) ++steps_;
    return broken();
  }
  core::IoResult broken_result(Kind blocked) const {
    if (fault_.kind == Fault::Kind::silence) return {.kind = blocked};
    if (fault_.kind == Fault::Kind::end && blocked == Kind::want_readable) return {.kind = Kind::end};
    return {.kind = Kind::failed, .error = Error::connection_reset};
  }

  std::deque<Step> reads_, writes_;
  std::vector<std::string> written_;
  Fault fault_;
  int steps_ = 0;
  bool hesitates_ = false;
  bool hesitating_ = false;
  std::size_t last_room_ = 0;
  std::atomic<Idle> look_ = Idle::quiet;
  std::atomic<bool> closed_ = false;
};

class ScriptedTransport final : public core::Transport {
 public:
  enum class Raw { yes, no };
  /// `socket`: where somebody wants to poll it. Its bytes are not the script's.
  explicit ScriptedTransport(std::shared_ptr<ScriptedPeer> peer, Raw raw = Raw::yes,
                             detail::Socket socket = {})
      : peer_(std::move(peer)), raw_(raw), socket_(std::move(socket)) {}
  ~ScriptedTransport() override { peer_->closed_ = true; }

  core::IoResult read(std::span<char> into) noexcept override { return peer_->read(into); }
  core::IoResult write(std::string_view first, std::string_view second) noexcept override {
    return peer_->write(first, second);
  }
  detail::Socket& socket() noexcept override { return socket_; }
  bool is_raw() const noexcept override { return raw_ == Raw::yes && !socket_.is_open(); }
  bool holds_input() const noexcept override { return raw_ == Raw::no; }
  bool has_buffered() const noexcept override { return raw_ == Raw::no; }
  Idle look() noexcept override { return peer_->look_; }

 private:
  std::shared_ptr<ScriptedPeer> peer_;
  Raw raw_;
  detail::Socket socket_;
};

}  // namespace headway::testing
