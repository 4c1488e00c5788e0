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

Endpoint remote_end(const inet_diag_msg& socket) {
  std::uint16_t port = ntohs(socket.id.idiag_dport);
  if (socket.idiag_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes;
    std::memcpy(bytes.data(), socket.id.idiag_dst, bytes.size());
    return ipv4_endpoint(bytes, port);
  }
  Endpoint endpoint{{}, port};
  std::memcpy(endpoint.address.data(), socket.id.idiag_dst, endpoint.address.size());
  return endpoint;
}

bool count_family(int family, const std::vector<Endpoint>& servers, Census& census) {
  DiagnosticSocket kernel;
  if (!kernel.ask_for_all(family)) return false;
  for (;;) {
    Progress progress = kernel.receive([&](const inet_diag_msg& socket) {
      if (socket.idiag_state > static_cast<unsigned>(TcpState::closing)) return;
      if (std::binary_search(servers.begin(), servers.end(), remote_end(socket)))
        ++census[static_cast<TcpState>(socket.idiag_state)];
    });
    if (progress != Progress::more) return progress == Progress::done;
  }
}

}  // namespace

std::optional<Census> take_by_netlink(const std::vector<Endpoint>& servers) {
  Census census;
  if (!count_family(AF_INET, servers, census) || !count_family(AF_INET6, servers, census))
    return std::nullopt;
  return census;
}

}  // namespace survey
