// SPDX-License-Identifier: BSL-1.0

// Poco's HTTPClientSession. A connection that is not kept is closed at the next request, after the server.

#include "tests/bench/blocking_peer.hpp"
#include "tests/bench/blocking_peers.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

#include <istream>
#include <string>
#include <vector>

namespace headway::bench {
namespace {

using Poco::Net::HTTPRequest;

class Poco final : public BlockingPeer {
 public:
  explicit Poco(const Job& wanted)
      : BlockingPeer(wanted),
        session_(std::string(wanted.url.host()), wanted.url.port()),
        request_(HTTPRequest::HTTP_GET, std::string(wanted.url.target()), HTTPRequest::HTTP_1_1),
        buffer_(piece_size) {
    session_.setKeepAlive(wanted.connections == Connections::kept);
    // It would give a connection up after 8 s, and once the server might.
    session_.setKeepAliveTimeout({600, 0});
  }

 private:
  std::uint64_t exchange() override {
    session_.sendRequest(request_);
    ::Poco::Net::HTTPResponse response;
    std::istream& stream = session_.receiveResponse(response);
    if (response.getStatus() != 200)
      throw std::runtime_error("status " + std::to_string(response.getStatus()));
    std::uint64_t body = 0;
    while (stream.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size())) || stream.gcount() > 0)
      body += static_cast<std::uint64_t>(stream.gcount());
    return body;
  }

  ::Poco::Net::HTTPClientSession session_;
  HTTPRequest request_;
  std::vector<char> buffer_;
};

}  // namespace

std::unique_ptr<Peer> make_poco(const Job& job) { return std::make_unique<Poco>(job); }

}  // namespace headway::bench
