// SPDX-License-Identifier: BSL-1.0
#pragma once

// What every client in the benchmark of asynchronous GETs is asked for: the same GET on many connections at
// a time, with each answer checked.

#include "tests/bench/peer.hpp"

#include <headway/url.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace headway::bench {

struct Target {
  Url url;
  std::string trusted;   ///< path of the authority's certificate, for https
  std::string body;      ///< what the server answers with
  int connections = 64;  ///< in use at a time

  bool secure() const noexcept { return url.scheme() == "https"; }
};

class AsyncPeer : public Peer {
 public:
  explicit AsyncPeer(Target target) : target_(std::move(target)) {}

  void ask(int requests) final {
    unsent_ = unanswered_ = requests;
    run();
    if (unanswered_ != 0) throw std::runtime_error(std::to_string(unanswered_) + " answers are missing");
  }

 protected:
  /// Keeps all connections busy with those GETs until done().
  virtual void run() = 0;

  /// Whether one more GET is to be sent, which then counts as sent.
  bool take_request() noexcept {
    if (unsent_ == 0) return false;
    --unsent_;
    return true;
  }

  void check(int status, std::string_view body) {
    if (status != 200) throw std::runtime_error("the status is " + std::to_string(status));
    if (body != target_.body) throw std::runtime_error("the body is wrong: " + std::string(body));
    if (unanswered_-- == 0) throw std::runtime_error("an answer that nobody asked for");
  }
  bool done() const noexcept { return unanswered_ == 0; }

  const Target& target() const noexcept { return target_; }

 private:
  Target target_;
  int unsent_ = 0, unanswered_ = 0;
};

std::unique_ptr<Peer> make_async_bare(const Target& target);
std::unique_ptr<Peer> make_async_beast(const Target& target);
std::unique_ptr<Peer> make_async_curl(const Target& target);
std::unique_ptr<Peer> make_async_headway(const Target& target);

}  // namespace headway::bench
