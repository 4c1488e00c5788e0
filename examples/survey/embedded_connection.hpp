// SPDX-License-Identifier: BSL-1.0
#pragma once

// One connection of an embedded server: reads requests, answers them, and knows when it has to end. It never
// blocks; the servers' loop calls it.

#include <chrono>
#include <limits>
#include <string>
#include <string_view>

namespace survey {

/// How long a server puts up with a connection.
struct Temper {
  std::string name;                                ///< the body of its responses
  std::chrono::milliseconds idle_limit;            ///< closes a connection that has been silent for that long
  int requests = std::numeric_limits<int>::max();  ///< closes after that many responses
  std::string fields = {};                         ///< what its responses say of it, header lines with CRLF
};

class EmbeddedConnection {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Next { read, write, close };

  /// Takes `socket` over, which must be non-blocking. `temper` must outlive the connection.
  EmbeddedConnection(int socket, const Temper& temper);
  EmbeddedConnection(EmbeddedConnection&& other) noexcept;
  EmbeddedConnection& operator=(EmbeddedConnection&& other) noexcept;
  ~EmbeddedConnection();

  int socket() const { return socket_; }
  Next next() const { return next_; }
  Clock::time_point deadline() const { return last_used_ + temper_->idle_limit; }

  /// Call when the socket is ready for what next() says.
  void proceed();

 private:
  void read();
  void answer();
  void answer_one(std::string_view head);
  void flush();

  int socket_;
  const Temper* temper_;
  Clock::time_point last_used_ = Clock::now();
  int answered_ = 0;
  enum class Last { no, yes } last_ = Last::no;
  Next next_ = Next::read;
  std::string in_, out_;
};

}  // namespace survey
