// SPDX-License-Identifier: BSL-1.0
#pragma once

// How the client's tests ask. A test body calls `ask`, `open` or `read` and runs once in every flavour of the
// interface, so that all flavours are held to the same behaviour.

#include <headway/client.hpp>
#include <headway/testing/loopback_server.hpp>
#include <headway/testing/patience.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace headway::testing {

/// The asynchronous ones run on the client's own thread; a coroutine on the thread of the test, besides.
enum class Flavour { throwing, error_code, callback, future, coroutine };

/// What came of a request, however it was asked for.
struct Outcome {
  std::error_code error;
  Response response;  ///< after an error only `info`, and nothing where the flavour throws
  int attempts = 0;   ///< after an error too; -1 where the flavour does not tell
  std::string what;   ///< the exception's, in the throwing flavour

  /// So often, as far as the flavour tells.
  bool tried(int times) const { return attempts == times || attempts == -1; }
};

struct Opened {
  std::error_code error;
  ResponseStream stream;
};

struct Read {
  std::size_t size = 0;
  std::error_code error;
};

class ClientTest : public ::testing::TestWithParam<Flavour> {
 protected:
  /// Exceptions other than RequestError come through. May be called on any thread.
  Outcome ask(Client& client, const Request& request) const;
  Outcome get(Client& client, const std::string& url) const { return ask(client, {.url = url}); }
  Opened open(Client& client, const Request& request) const;
  Read read(ResponseStream& stream, std::span<char> into) const;
  std::error_code drain(ResponseStream& stream) const;
  /// Reads to the end, `piece` bytes at a time. Where it fails, `error` is not eof.
  std::error_code read_all(ResponseStream& stream, std::string& body, std::size_t piece = 4096) const;
  /// Exceptions of hooks become error codes then.
  bool is_async() const;
};

/// For INSTANTIATE_TEST_SUITE_P.
inline auto all_flavours() {
  return ::testing::Values(Flavour::throwing, Flavour::error_code, Flavour::callback, Flavour::future,
                           Flavour::coroutine);
}
std::string flavour_name(const ::testing::TestParamInfo<Flavour>& info);

/// Nothing is leased, waited for or being opened.
::testing::AssertionResult pool_is_whole(const Client& client);

/// Looks again and again until `predicate` holds (true) or patience runs out: for what the client's own
/// background thread does, which no server can announce.
[[nodiscard]] bool eventually(const std::function<bool()>& predicate);

/// Tries again without delay.
RetryStrategy retry_at_once(int retries = 3);

/// Keeps the requests that a server's handlers were sent. Thread-safe.
class Recorder {
 public:
  void add(const ReceivedRequest& request);
  std::vector<ReceivedRequest> requests() const;
  ReceivedRequest last() const { return requests().back(); }

 private:
  mutable std::mutex mutex_;
  std::vector<ReceivedRequest> requests_;
};

// --- handlers of many tests

/// Each answer's body is its request's target.
Handler echo_target();
/// Each answer's body is its request's body.
Handler echo_body();
/// Answers every request with `bytes`, whatever they are, and lets the client close.
Handler answer(std::string bytes);
/// Answers one request on each connection with `bytes` and closes.
Handler answer_and_close(std::string bytes);
/// Adds every request to `recorder` and answers 200.
Handler record(Recorder& recorder);
/// `first` serves the first connection, the others echo their targets.
Handler first_connection(Handler first);

}  // namespace headway::testing
