// SPDX-License-Identifier: BSL-1.0
#include "survey/socket_census.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace survey {
namespace {

enum class Progress { more, done, refused };

class DiagnosticSocket {
 public:
  DiagnosticSocket() : fd_(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
    timeval limit{5, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~DiagnosticSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  DiagnosticSocket(const DiagnosticSocket&) = delete;
  DiagnosticSocket& operator=(const DiagnosticSocket&) = delete;

  bool ask_for_all(int family) {
    struct {
      nlmsghdr header;
      inet_diag_req_v2 request;
    } message{};
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    message.request.sdiag_family = static_cast<std::uint8_t>(family);
    message.request.sdiag_protocol = IPPROTO_TCP;
    message.request.idiag_states = ~(1u << static_cast<unsigned>(TcpState::listening));
    return ::send(fd_, &message, sizeof message, 0) == static_cast<ssize_t>(sizeof message);
  }

  /// Gives every socket in the next part of the answer to `visit`.
  template <class Visit>
  Progress receive(Visit visit) {
    ssize_t size = ::recv(fd_, buffer_.data(), buffer_.size(), 0);
    if (size <= 0) return Progress::refused;
    auto left = static_cast<unsigned>(size);
    for (auto* header = reinterpret_cast<nlmsghdr*>(buffer_.data()); NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_ERROR) return Progress::refused;
      if (header->nlmsg_type == NLMSG_DONE) return Progress::done;
      visit(*static_cast<inet_diag_msg*>(NLMSG_DATA(header)));
    }
    return Progress::more;
  }

 private:
  int fd_;
  alignas(nlmsghdr) std::array<char, 65536> buffer_;
};

Endpoint endpoint(int family, const __be32 (&address)[4], __be16 port) {
  if (family == AF_INET) {
    std::array<std::uint8_t, 4> bytes;
    std::memcpy(bytes.data(), address, bytes.size());
    return ipv4_endpoint(bytes, ntohs(port));
  }
  Endpoint endpoint{{}, ntohs(port)};
  std::memcpy(endpoint.address.data(), address, endpoint.address.size());
  return endpoint;
}

SeenSocket seen_socket(const inet_diag_msg& socket) {
  const inet_diag_sockid& id = socket.id;
  std::uint64_t cookie = 0;
  std::memcpy(&cookie, id.idiag_cookie, sizeof cookie);
  return {.local = endpoint(socket.idiag_family, id.idiag_src, id.idiag_sport),
          .remote = endpoint(socket.idiag_family, id.idiag_dst, id.idiag_dport),
          .state = static_cast<TcpState>(socket.idiag_state),
          .cookie = cookie};
}

bool list_family(int family, const std::vector<Endpoint>& servers, SeenSockets& sockets) {
  DiagnosticSocket kernel;
  if (!kernel.ask_for_all(family)) return false;
  for (;;) {
    Progress progress = kernel.receive([&](const inet_diag_msg& message) {
      if (message.idiag_state > static_cast<unsigned>(TcpState::closing)) return;
      SeenSocket socket = seen_socket(message);
      if (std::binary_search(servers.begin(), servers.end(), socket.remote)) sockets.push_back(socket);
    });
    if (progress != Progress::more) return progress == Progress::done;
  }
}

}  // namespace

std::optional<SeenSockets> list_by_netlink(const std::vector<Endpoint>& servers) {
  SeenSockets sockets;
  if (!list_family(AF_INET, servers, sockets) || !list_family(AF_INET6, servers, sockets))
    return std::nullopt;
  return sockets;
}

}  // namespace survey
