// SPDX-License-Identifier: BSL-1.0

// What a test of a user's may look like: it succeeds only if the test kit and the library work together.

#include <headway/client.hpp>
#include <headway/testing/testing.hpp>

#include <cstdlib>

int main() {
  using namespace headway::testing;
  LoopbackServer server(keep_alive([](const ReceivedRequest&) { return response(200, "real"); }));
  ManualClock clock;
  ScriptedNetwork network;
  network.connection(0).deliver_after("\r\n\r\n", response(200, "scripted"));
  const bool right = headway::Client().get(server.url()).body == "real" &&
                     headway::Client(make_pool(clock)).get(server.url()).body == "real" &&
                     headway::Client(make_pool(network, clock)).get("http://a.test/").body == "scripted";
  return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
