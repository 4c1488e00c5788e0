// SPDX-License-Identifier: BSL-1.0

// headway with its default options, but for what Use says.

#include "tests/bench/blocking_peer.hpp"
#include "tests/bench/blocking_peers.hpp"
#include "tests/bench/crowd.hpp"

#include <headway/headway.hpp>

#include <algorithm>
#include <vector>

namespace headway::bench {
namespace {

ClientOptions options_for(const Job& job, Use use) {
  ClientOptions options;
  options.tls.ca_file = job.trusted;
  if (use == Use::unchecked) options.pool.validate_after_inactivity = unlimited;
  if (job.handshakes == Handshakes::full) options.tls.resumption = TlsResumption::disabled;
  if (job.connections == Connections::new_each) options.reuse_strategy = NeverReuse{};
  // Redirects, retries and decoding are on by default.
  if (use == Use::all) {
    options.status_retries.max_retries = 3;
    options.cookies = std::make_shared<CookieJar>();
    options.credentials = {{"https://elsewhere.test", Password{"user", "secret"}}};
  }
  return options;
}

class Headway final : public BlockingPeer {
 public:
  Headway(const Job& wanted, Use use, std::shared_ptr<Client> client)
      : BlockingPeer(wanted),
        use_(use),
        client_(std::move(client)),
        buffer_(piece_size),
        request_{.method = wanted.upload == 0 ? "GET" : "PUT", .url = std::string(wanted.url.str())} {
    if (wanted.upload != 0)
      request_.body = wanted.file.empty() ? bytes_of(wanted.upload) : Body::file(wanted.file);
  }

 private:
  std::uint64_t exchange() override {
    if (!job().file.empty() && job().upload == 0) return save();
    if (job().large()) return stream();
    if (use_ == Use::fresh) {
      const Response response = client_->send(request_);
      return checked(response);
    }
    std::error_code ec;
    client_->send(request_, response_, ec);
    if (ec) throw std::system_error(ec);
    return checked(response_);
  }

  static std::uint64_t checked(const Response& response) {
    if (response.status != 200) throw std::runtime_error("status " + std::to_string(response.status));
    return response.body.size();
  }

  std::uint64_t save() {
    const Download download = client_->download(request_, job().file);
    if (download.status != 200) throw std::runtime_error("status " + std::to_string(download.status));
    return download.size;
  }

  std::uint64_t stream() {
    ResponseStream stream = client_->open(request_);
    std::uint64_t body = 0;
    std::error_code ec;
    while (const std::size_t n = stream.read_some(std::span(buffer_), ec)) body += n;
    if (stream.head().status != 200)
      throw std::runtime_error("status " + std::to_string(stream.head().status));
    return body;
  }

  /// So many bytes of whatever the buffer holds, as often as asked for.
  static Body bytes_of(std::uint64_t length) {
    const auto left = std::make_shared<std::uint64_t>(length);
    return Body::stream(
        [left](std::span<char> into, std::error_code&) {
          const std::uint64_t n = std::min<std::uint64_t>(*left, into.size());
          *left -= n;
          return static_cast<std::size_t>(n);
        },
        length,
        [left, length] {
          *left = length;
          return true;
        });
  }

  const Use use_;
  const std::shared_ptr<Client> client_;
  std::vector<char> buffer_;
  Request request_;
  Response response_;
};

}  // namespace

std::unique_ptr<Peer> make_headway(const Job& job, Use use) {
  return std::make_unique<Headway>(job, use, std::make_shared<Client>(options_for(job, use)));
}

std::unique_ptr<Peer> make_headway_crowd(const Job& job, Use use, const Crowd& crowd) {
  ClientOptions options = options_for(job, use);
  options.pool.max_per_route = static_cast<std::size_t>(crowd.connections);
  const auto client = std::make_shared<Client>(options);
  return make_sharers(crowd, {"headway", [&] { return std::make_unique<Headway>(job, use, client); }});
}

}  // namespace headway::bench
