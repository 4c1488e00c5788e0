// SPDX-License-Identifier: BSL-1.0
#include "tests/support/private_network.hpp"

#include "tests/support/child_process.hpp"

#include <net/if.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace headway::testing {
namespace {

void write(const char* file, const std::string& content) { std::ofstream(file) << content; }

/// Whoever is not root becomes it in a user namespace.
bool unshare_all() {
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS) == 0) return true;
  const uid_t user = ::getuid();
  const gid_t group = ::getgid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) != 0) return false;
  write("/proc/self/setgroups", "deny");
  write("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
  write("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
  return true;
}

/// One call of ip(8).
void ip(const std::string& arguments, const std::string& log) {
  std::vector<std::string> command{find_program("ip", "iproute2")};
  std::size_t begin = 0;
  while (begin < arguments.size()) {
    const std::size_t end = std::min(arguments.find(' ', begin), arguments.size());
    command.push_back(arguments.substr(begin, end - begin));
    begin = end + 1;
  }
  ChildProcess child(command, log);
  if (!child.wait_for_exit(std::chrono::seconds(10))) throw std::runtime_error("ip " + arguments + " hangs");
}

}  // namespace

PrivateNetwork::PrivateNetwork(const std::string& hosts) {
  if (!unshare_all()) {
    refusal_ = std::string("unshare: ") + std::strerror(errno);
    return;
  }
  make_link();
  if (::if_nametoindex("hw0") == 0) refusal_ = "no veth: " + directory_.read("ip.log");
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) refusal_ = "mount /";
  if (!refusal_.empty()) return;
  replace("/etc/hosts", hosts);
  replace("/etc/resolv.conf",
          std::string("nameserver ") + black_hole_v4 + "\noptions timeout:1 attempts:1\n");
}

void PrivateNetwork::make_link() const {
  const std::string log = directory_.path() / "ip.log";
  const std::string v4 = black_hole_v4, v6 = black_hole_v6;
  ip("link set lo up", log);
  ip("link add hw0 type veth peer name hw1", log);
  ip("link set hw0 up", log);
  ip("link set hw1 up arp off", log);
  ip(std::string("addr add ") + here_v4 + "/24 dev hw0", log);
  ip(std::string("-6 addr add ") + here_v6 + "/64 dev hw0 nodad", log);
  // Neighbours that nobody is: what is sent to them is dropped at the link's other end.
  for (const std::string& neighbour : {v4, v6})
    ip("neigh add " + neighbour + " lladdr 02:00:00:00:00:66 dev hw0 nud permanent", log);
}

PrivateNetwork::~PrivateNetwork() {
  if (!refusal_.empty()) return;  // the mounts, if any, go with the namespace
  ::umount2("/etc/hosts", MNT_DETACH);
  ::umount2("/etc/resolv.conf", MNT_DETACH);
}

void PrivateNetwork::replace(const std::string& file, const std::string& content) {
  const std::string name = file.substr(file.rfind('/') + 1);
  directory_.write(name, content);
  const std::string mine = directory_.path() / name;
  if (::mount(mine.c_str(), file.c_str(), nullptr, MS_BIND, nullptr) != 0) refusal_ = "mount " + file;
}

}  // namespace headway::testing
