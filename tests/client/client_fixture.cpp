// SPDX-License-Identifier: BSL-1.0
#include "tests/client/client_fixture.hpp"

#include <asio/error.hpp>

#include <chrono>
#include <thread>
#include <utility>

namespace headway::testing {

Outcome ClientTest::ask(Client& client, const Request& request) const {
  Outcome outcome;
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
  if (GetParam() == Flavour::error_code) {
    stream.drain(ec);
    return ec;
  }
  try {
    stream.drain();
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
  return info.param == Flavour::throwing ? "throwing" : "error_code";
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
