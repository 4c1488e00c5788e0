// SPDX-License-Identifier: BSL-1.0
#include "tests/client/client_fixture.hpp"

#include <headway/async.hpp>

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>

#include <chrono>
#include <future>
#include <thread>
#include <utility>

namespace headway::testing {

namespace {

/// What an asynchronous call completed with, whatever the token.
template <class Result>
struct Completed {
  std::error_code error;
  Result result{};
};

/// Calls `start(token)` with a token of the flavour and waits for the end on this thread.
template <class Result, class Start>
Completed<Result> complete(Flavour flavour, Start start) {
  Completed<Result> completed;
  if (flavour == Flavour::callback) {
    std::promise<Completed<Result>> promise;
    start([&promise](std::error_code ec, Result result) { promise.set_value({ec, std::move(result)}); });
    return promise.get_future().get();
  }
  try {
    if (flavour == Flavour::future) {
      completed.result = start(asio::use_future).get();
      return completed;
    }
    asio::io_context here;
    std::future<Result> result = asio::co_spawn(
        here, [&]() -> asio::awaitable<Result> { co_return co_await start(asio::use_awaitable); },
        asio::use_future);
    here.run();
    completed.result = result.get();
  } catch (const std::system_error& error) {
    completed.error = error.code();
  }
  return completed;
}

}  // namespace

bool ClientTest::is_async() const {
  return GetParam() != Flavour::throwing && GetParam() != Flavour::error_code;
}

Outcome ClientTest::ask(Client& client, const Request& request) const {
  Outcome outcome;
  if (is_async()) {
    auto completed = complete<Response>(GetParam(), [&](auto&& token) {
      return client.async_send(Request(request), std::forward<decltype(token)>(token));
    });
    outcome.error = completed.error;
    outcome.response = std::move(completed.result);
    const bool thrown = outcome.error && GetParam() != Flavour::callback;
    outcome.attempts = thrown ? -1 : outcome.response.info.attempts;
    return outcome;
  }
  if (GetParam() == Flavour::error_code) {
    client.send(request, outcome.response, outcome.error);
    outcome.attempts = outcome.response.info.attempts;
    return outcome;
  }
  try {
    outcome.response = client.send(request);
    outcome.attempts = outcome.response.info.attempts;
  } catch (const RequestError& error) {
    outcome.error = error.code();
    outcome.attempts = error.request().attempts;
    outcome.what = error.what();
  }
  return outcome;
}

Opened ClientTest::open(Client& client, const Request& request) const {
  Opened opened;
  if (is_async()) {
    auto completed = complete<ResponseStream>(GetParam(), [&](auto&& token) {
      return client.async_open(Request(request), std::forward<decltype(token)>(token));
    });
    opened.error = completed.error;
    opened.stream = std::move(completed.result);
    return opened;
  }
  if (GetParam() == Flavour::error_code) {
    opened.stream = client.open(request, opened.error);
    return opened;
  }
  try {
    opened.stream = client.open(request);
  } catch (const RequestError& error) {
    opened.error = error.code();
  }
  return opened;
}

Read ClientTest::read(ResponseStream& stream, std::span<char> into) const {
  Read result;
  if (is_async()) {
    const auto completed = complete<std::size_t>(GetParam(), [&](auto&& token) {
      return stream.async_read_some(asio::buffer(into.data(), into.size()),
                                    std::forward<decltype(token)>(token));
    });
    return {completed.result, completed.error};
  }
  if (GetParam() == Flavour::error_code) {
    result.size = stream.read_some(into, result.error);
    return result;
  }
  try {
    result.size = stream.read_some(into);
  } catch (const std::system_error& error) {
    result.error = error.code();
  }
  return result;
}

std::error_code ClientTest::drain(ResponseStream& stream) const {
  std::error_code ec;
  switch (GetParam()) {
    case Flavour::throwing:
      try {
        stream.drain();
      } catch (const std::system_error& error) {
        ec = error.code();
      }
      return ec;
    case Flavour::error_code:
      stream.drain(ec);
      return ec;
    case Flavour::callback: {
      std::promise<std::error_code> promise;
      stream.async_drain([&promise](std::error_code error) { promise.set_value(error); });
      return promise.get_future().get();
    }
    default:
      break;
  }
  try {
    if (GetParam() == Flavour::future) {
      stream.async_drain(asio::use_future).get();
      return ec;
    }
    asio::io_context here;
    auto end = asio::co_spawn(here, stream.async_drain(asio::use_awaitable), asio::use_future);
    here.run();
    end.get();
  } catch (const std::system_error& error) {
    ec = error.code();
  }
  return ec;
}

std::error_code ClientTest::read_all(ResponseStream& stream, std::string& body, std::size_t piece) const {
  std::vector<char> memory(piece);
  for (;;) {
    const Read got = read(stream, memory);
    body.append(memory.data(), got.size);
    if (!got.error) continue;
    if (got.error == asio::error::make_error_code(asio::error::eof)) return {};
    return got.error;
  }
}

std::string flavour_name(const ::testing::TestParamInfo<Flavour>& info) {
  switch (info.param) {
    case Flavour::throwing:
      return "throwing";
    case Flavour::error_code:
      return "error_code";
    case Flavour::callback:
      return "callback";
    case Flavour::future:
      return "future";
    case Flavour::coroutine:
      return "coroutine";
  }
  return {};
}

::testing::AssertionResult pool_is_whole(const Client& client) {
  const PoolStats stats = client.pool().stats();
  if (stats.leased == 0 && stats.pending == 0 && stats.connecting == 0) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << stats.leased << " leased, " << stats.pending << " pending, " << stats.connecting << " connecting";
}

bool eventually(const std::function<bool()>& predicate) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

RetryStrategy retry_at_once(int retries) {
  return DefaultRetryStrategy{.max_retries = retries, .first_delay = Duration::zero()};
}

void Recorder::add(const ReceivedRequest& request) {
  std::lock_guard lock(mutex_);
  requests_.push_back(request);
}

std::vector<ReceivedRequest> Recorder::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

Handler echo_target() {
  return keep_alive([](const ReceivedRequest& request) { return response(200, request.target); });
}

Handler echo_body() {
  return keep_alive([](const ReceivedRequest& request) { return response(200, request.body); });
}

Handler answer(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) {
    while (peer.read_request() && peer.write(bytes)) {
    }
  };
}

Handler answer_and_close(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) {
    if (peer.read_request()) peer.write(bytes);
  };
}

Handler record(Recorder& recorder) {
  return keep_alive([&recorder](const ReceivedRequest& request) {
    recorder.add(request);
    return response(200, "recorded");
  });
}

Handler first_connection(Handler first) {
  return [first = std::move(first), others = echo_target()](Peer& peer) {
    peer.index() == 0 ? first(peer) : others(peer);
  };
}

}  // namespace headway::testing
