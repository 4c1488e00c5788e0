// SPDX-License-Identifier: BSL-1.0

// cpp-httplib's client, with TCP_NODELAY, which it has off by default. It takes up no TLS session again, and
// cannot wait until the server has closed: it asks for that, and closes once it has the answer.

#include "tests/bench/blocking_peer.hpp"
#include "tests/bench/blocking_peers.hpp"

#include <httplib.h>

#include <algorithm>
#include <string>
#include <vector>

namespace headway::bench {
namespace {

class Httplib final : public BlockingPeer {
 public:
  explicit Httplib(const Job& wanted)
      : BlockingPeer(wanted),
        client_(std::string(wanted.url.scheme()) + "://" + std::string(wanted.url.host_field())),
        target_(wanted.url.target()),
        buffer_(piece_size) {
    client_.set_keep_alive(wanted.connections == Connections::kept);
    client_.set_tcp_nodelay(true);
    if (!wanted.trusted.empty()) client_.set_ca_cert_path(wanted.trusted);
  }

 private:
  std::uint64_t exchange() override {
    if (job().upload != 0) return checked(upload());
    if (!job().large()) return checked(client_.Get(target_));
    std::uint64_t body = 0;
    checked(client_.Get(target_, [&body](const char*, std::size_t n) {
      body += n;
      return true;
    }));
    return body;
  }

  httplib::Result upload() {
    return client_.Put(
        target_, static_cast<std::size_t>(job().upload),
        [this](std::size_t, std::size_t left, httplib::DataSink& sink) {
          return sink.write(buffer_.data(), std::min(left, buffer_.size()));
        },
        "application/octet-stream");
  }

  static std::uint64_t checked(const httplib::Result& result) {
    if (!result) throw std::runtime_error(httplib::to_string(result.error()));
    if (result->status != 200) throw std::runtime_error("status " + std::to_string(result->status));
    return result->body.size();
  }

  httplib::Client client_;
  const std::string target_;
  std::vector<char> buffer_;
};

}  // namespace

std::unique_ptr<Peer> make_httplib(const Job& job) { return std::make_unique<Httplib>(job); }

}  // namespace headway::bench
