// SPDX-License-Identifier: BSL-1.0
#include "tests/support/proxy_servers.hpp"

#include "tests/support/listening.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace headway::testing {
namespace {

namespace fs = std::filesystem;

// "secret", as crypt(3) has it.
constexpr const char* apr1_secret = "$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/";
constexpr const char* sha256_secret = "$5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.";

std::string url_of(const std::string& scheme, const std::string& login, std::uint16_t port) {
  return scheme + "://" + login + (login.empty() ? "" : "@") + "127.0.0.1:" + std::to_string(port);
}

/// Started by root, both give root's rights up and could not enter the directory.
void open_to_all(const TemporaryDirectory& directory) {
  fs::permissions(directory.path(), fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
}

void require_start(std::uint16_t port, ChildProcess& process, const TemporaryDirectory& directory,
                   const std::string& name) {
  if (wait_until_accepting(port, process)) return;
  throw std::runtime_error(name + " did not start: " + directory.read("output.log"));
}

std::string content_of(const char* file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

Squid::Squid(Login login) : scheme_("http") {
  start("http_port 127.0.0.1:" + std::to_string(port_.number()), login);
}

Squid::Squid(const std::string& certificate_and_key) : scheme_("https") {
  directory_.write("server.pem", certificate_and_key);
  start("https_port 127.0.0.1:" + std::to_string(port_.number()) +
            " tls-cert=" + (directory_.path() / "server.pem").string(),
        Login::none);
}

void Squid::start(const std::string& listening, Login login) {
  const std::string folder = directory_.path();
  open_to_all(directory_);
  directory_.write("basic_users", std::string("user:") + apr1_secret + '\n');
  directory_.write("digest_users", "user:secret\n");
  directory_.write("squid.conf", listening + '\n' + configuration(folder, login));
  process_ = ChildProcess({find_program("squid", "squid"), "-N", "-d1", "-f", folder + "/squid.conf"},
                          folder + "/output.log");
  require_start(port_.number(), process_, directory_, "squid");
}

// It takes two seconds to end by itself; its helpers end with it.
Squid::~Squid() { process_.stop(SIGKILL); }

std::string Squid::url(const std::string& login) const { return url_of(scheme_, login, port_.number()); }

std::string Squid::configuration(const std::string& folder, Login login) {
  std::ostringstream text;
  text << "pid_filename none\ncache_log /dev/null\n"
       << "access_log none\ncache deny all\nshutdown_lifetime 0 seconds\nvisible_hostname squid.test\n"
       << "coredump_dir " << folder << '\n';
  if (login == Login::basic) {
    text << "auth_param basic program /usr/lib/squid/basic_ncsa_auth " << folder << "/basic_users\n"
         << "auth_param basic children 1\n";
  } else if (login == Login::digest) {
    text << "auth_param digest program /usr/lib/squid/digest_file_auth " << folder << "/digest_users\n"
         << "auth_param digest children 1\nauth_param digest realm squid\n";
  }
  if (login != Login::none) text << "acl known proxy_auth REQUIRED\nhttp_access deny !known\n";
  text << "acl forbidden dstdomain forbidden.test\nhttp_access deny forbidden\nhttp_access allow all\n";
  return text.str();
}

bool Dante::can_ask_for_passwords() {
  return ::geteuid() == 0 && std::system("unshare --mount true 2>/dev/null") == 0;
}

Dante::Dante(Login login) {
  open_to_all(directory_);
  directory_.write("danted.conf", configuration(login));
  const std::string folder = directory_.path();
  const std::string danted = find_program("danted", "dante-server");
  if (login == Login::password) {
    write_users();
    const std::string mounts = "mount --bind " + folder + "/passwd /etc/passwd && mount --bind " + folder +
                               "/shadow /etc/shadow && exec " + danted + " -f " + folder + "/danted.conf";
    process_ = ChildProcess({find_program("unshare", "util-linux"), "--mount", "--propagation", "private",
                             "/bin/sh", "-c", mounts},
                            folder + "/output.log");
  } else {
    process_ = ChildProcess({danted, "-f", folder + "/danted.conf"}, folder + "/output.log");
  }
  require_start(port_.number(), process_, directory_, "danted");
}

Dante::~Dante() { process_.stop(SIGTERM); }

std::string Dante::url(const std::string& scheme, const std::string& login) const {
  return url_of(scheme, login, port_.number());
}

std::string Dante::configuration(Login login) const {
  std::ostringstream text;
  text << "logoutput: stderr\ninternal: 127.0.0.1 port = " << port_.number() << "\nexternal: 127.0.0.1\n"
       << "socksmethod: " << (login == Login::none ? "none" : "username") << "\nclientmethod: none\n";
  if (::geteuid() == 0) text << "user.privileged: root\nuser.unprivileged: nobody\n";
  text << "client pass { from: 127.0.0.0/8 to: 127.0.0.0/8 }\n"
       << "socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 command: connect }\n";
  return text.str();
}

void Dante::write_users() const {
  directory_.write("passwd", content_of("/etc/passwd") + "socksuser:x:12345:12345::/:/bin/false\n");
  directory_.write("shadow", std::string("socksuser:") + sha256_secret + ":19000:0:99999:7:::\n");
  fs::permissions(directory_.path() / "shadow", fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace headway::testing
