// SPDX-License-Identifier: BSL-1.0
//
// What idle connections cost in this process: bytes of heap for each, and how many more those are than of as
// many bare connections. With TLS these are OpenSSL's own minimum: all take up the session of one.
//
//   idle --url URL [--trust FILE] [--connections N] [--peer bare|headway] [--tsv]
#include "tests/bench/arguments.hpp"
#include "tests/bench/bare_stream.hpp"
#include "tests/bench/program.hpp"

#include <headway/headway.hpp>

#include <malloc.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <vector>

namespace headway::bench {
namespace {

struct Idle {
  Url url;
  std::string trusted;
  int count;
};

/// Bytes of heap that `make` has taken and its result holds, for each of the connections. Large pieces that
/// glibc maps by themselves are counted too.
template <class Make>
std::size_t weigh(int count, Make make) {
  const auto heap = [] { return ::mallinfo2().uordblks + ::mallinfo2().hblkhd; };
  const std::size_t before = heap();
  [[maybe_unused]] const auto held = make();
  return (heap() - before) / static_cast<std::size_t>(count);
}

std::size_t weigh_headway(const Idle& idle) {
  ClientOptions options;
  options.tls.ca_file = idle.trusted;
  options.pool.max_total = options.pool.max_per_route = unlimited_connections;
  Client client(options);
  const Request request{.url = std::string(idle.url.str())};
  client.send(request);
  const std::size_t each = weigh(idle.count, [&] {
    std::vector<ResponseStream> open;
    for (int i = 0; i < idle.count; ++i) open.push_back(client.open(request));
    for (ResponseStream& stream : open) stream.drain();
    return 0;
  });
  const std::size_t available = client.pool().stats().available;
  if (available != static_cast<std::size_t>(idle.count))
    throw std::runtime_error(std::to_string(available) + " connections are idle");
  return each;
}

/// Each has had an answer, as headway's have.
std::size_t weigh_bare(const Idle& idle) {
  const std::shared_ptr<SSL_CTX> context =
      idle.url.scheme() == "https" ? make_bare_context(idle.trusted) : nullptr;
  if (context) ::SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  const auto open_one = [&, request = bare_request(idle.url)](SSL_SESSION* session) {
    BareStream stream(idle.url, context.get(), session);
    std::array<char, 4096> buffer;
    stream.send(request);
    stream.receive(buffer);
    stream.free_buffers();
    return stream;
  };
  const BareStream first = open_one(nullptr);
  const BareStream::Session session = first.session();
  return weigh(idle.count, [&] {
    std::vector<BareStream> open;
    open.reserve(static_cast<std::size_t>(idle.count));
    for (int i = 0; i < idle.count; ++i) open.push_back(open_one(session.get()));
    return open;
  });
}

void run(int argc, char** argv) {
  const Arguments arguments(argc, argv, {"--url", "--trust", "--connections", "--workload", "--peer"});
  if (arguments.text("--url").empty()) throw std::invalid_argument("--url is missing");
  const std::string peer = arguments.text("--peer", "headway");
  if (peer != "headway" && peer != "bare") throw std::invalid_argument("no such peer here: " + peer);
  raise_open_files();
  const Idle idle{Url(arguments.text("--url")), arguments.text("--trust"),
                  arguments.number("--connections", 10'000)};
  const std::size_t bare = weigh_bare(idle), each = peer == "bare" ? bare : weigh_headway(idle);
  std::printf(arguments.tsv() ? "%s\t%s\t%d\t%zu\t%td\n"
                              : "%s, %s: %d connections, %zu bytes of heap each, %td more than bare ones\n",
              arguments.text("--workload", "idle").c_str(), peer.c_str(), idle.count, each,
              static_cast<std::ptrdiff_t>(each) - static_cast<std::ptrdiff_t>(bare));
}

}  // namespace
}  // namespace headway::bench

int main(int argc, char** argv) {
  return headway::bench::run_main("idle", [&] { headway::bench::run(argc, argv); });
}
