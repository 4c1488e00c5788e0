// SPDX-License-Identifier: BSL-1.0

// How code that uses a client is tested: against servers that misbehave on purpose, and on a network without
// sockets where a day passes at once. Needs no test framework; link headway::testing.

#include <headway/client.hpp>
#include <headway/testing/testing.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <system_error>

using namespace std::chrono_literals;
using namespace headway::testing;

namespace {

// --- the code under test: it is given its client, and any failure must come out as "unknown"

std::string stock_of(headway::Client& client, const std::string& url) {
  std::error_code ec;
  const headway::Response response = client.get(url, ec);
  if (ec) return "unknown: " + ec.message();
  return response.status == 200 ? response.body + " in stock" : "unknown";
}

// --- its tests

bool everything_as_expected = true;

void expect(const char* when, const std::string& expected, const std::string& seen) {
  std::cout << when << ": " << seen << '\n';
  if (!seen.starts_with(expected)) everything_as_expected = false;
}

void try_server(const char* when, const std::string& expected, Handler handler) {
  LoopbackServer server(std::move(handler));
  headway::Client client{{.timeouts = {.response = 50ms}, .retry_strategy = headway::NeverRetry{}}};
  expect(when, expected, stock_of(client, server.url("/stock/17")));
}

void try_servers() {
  try_server("answers", "3 in stock", keep_alive([](const ReceivedRequest& request) {
               return request.target == "/stock/17" ? response(200, "3") : response(404, "");
             }));
  try_server("closes early", "unknown", [](Peer& peer) { peer.read_request(); });
  try_server("closes inside the body", "unknown", [](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n3");
  });
  try_server("resets", "unknown", [](Peer& peer) {
    peer.read_request();
    peer.reset();
  });
  try_server("stalls", "unknown", [](Peer& peer) {
    peer.read_request();
    peer.stall();
  });
}

// A response split at every byte, each half in a read of its own.
void try_splits() {
  const std::string whole = response(200, "3");
  ManualClock clock;
  std::string seen;
  for (std::size_t at = 1; at < whole.size(); ++at) {
    ScriptedNetwork network([&](ScriptedConnection& connection) {
      connection.deliver_after("\r\n\r\n", whole.substr(0, at));
      connection.deliver(whole.substr(at));
    });
    headway::Client client{make_pool(network, clock)};
    seen = stock_of(client, "http://shop.test/stock/17");
    if (seen != "3 in stock") break;
  }
  expect("splits at every byte", "3 in stock", seen);
}

void try_a_day() {
  ManualClock clock;
  ScriptedNetwork network;
  network.connection(0).stall(24h);
  headway::Client client{make_pool(network, clock), {.retry_strategy = headway::NeverRetry{}}};
  expect("a day without an answer", "unknown", stock_of(client, "http://shop.test/stock/17"));
}

}  // namespace

int main() {
  try_servers();
  try_splits();
  try_a_day();
  return everything_as_expected ? EXIT_SUCCESS : EXIT_FAILURE;
}
