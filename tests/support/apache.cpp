// SPDX-License-Identifier: BSL-1.0
#include "tests/support/apache.hpp"

#include <headway/testing/patience.hpp>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace headway::testing {
namespace {

namespace fs = std::filesystem;

// "user" and "secret", as crypt(3) and RFC 2617 have them.
constexpr const char* basic_users = "user:$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/\n";
constexpr const char* digest_users = "user:realm:fb6cb9e166c6c764ff2bdea12175a8aa\n";

}  // namespace

Apache::Apache() {
  const std::string folder = directory_.path();
  directory_.write("basic_users", basic_users);
  directory_.write("digest_users", digest_users);
  directory_.write("files/basic/page", "for those who say who they are");
  directory_.write("files/digest/page", "for those who say who they are");
  directory_.write("files/hello.html.de", "Guten Tag");
  directory_.write("files/hello.html.en", "Good day");
  directory_.write("mime.types", "");
  directory_.write("httpd.conf", configuration());
  for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
    const auto enter = entry.is_directory() ? fs::perms::others_exec : fs::perms::none;
    fs::permissions(entry, fs::perms::others_read | enter, fs::perm_options::add);
  }
  fs::permissions(directory_.path(), fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
  process_ =
      ChildProcess({find_program("apache2", "apache2-bin"), "-D", "FOREGROUND", "-f", folder + "/httpd.conf"},
                   folder + "/output.log");
  if (!wait_until_ready())
    throw std::runtime_error("apache2 did not start: " + directory_.read("output.log") +
                             directory_.read("error.log"));
}

/// It opens its port, closes it, and reads its configuration again before it is ready.
bool Apache::wait_until_ready() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (directory_.read("error.log").find("resuming normal operations") == std::string::npos) {
    if (process_.wait_for_exit(std::chrono::milliseconds(5))) return false;
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

Apache::~Apache() { process_.stop(SIGTERM); }

std::string Apache::url(const std::string& target, const std::string& login) const {
  return "http://" + login + (login.empty() ? "" : "@") + "127.0.0.1:" + std::to_string(port_.number()) +
         target;
}

std::string Apache::configuration() const {
  const std::string folder = directory_.path();
  std::ostringstream text;
  text << "ServerName 127.0.0.1\nListen 127.0.0.1:" << port_.number() << "\nServerRoot " << folder
       << "\nDefaultRuntimeDir " << folder << "\nPidFile " << folder << "/pid\nErrorLog " << folder
       << "/error.log\nDocumentRoot " << folder << "/files\nKeepAlive On\n";
  for (const char* module : {"mpm_event", "authn_core", "authz_core", "authn_file", "authz_user",
                             "auth_basic", "auth_digest", "mime", "negotiation"})
    text << "LoadModule " << module << "_module /usr/lib/apache2/modules/mod_" << module << ".so\n";
  // Started by root it gives root's rights up.
  if (::getuid() == 0) text << "User nobody\nGroup nogroup\n";
  text << "<Directory " << folder << "/files>\nOptions MultiViews\nRequire all granted\n</Directory>\n"
       << "AddType text/html .html\nAddLanguage de .de\nAddLanguage en .en\n"
       << "<Location /basic>\nAuthType Basic\nAuthName realm\nAuthUserFile " << folder
       << "/basic_users\nRequire valid-user\n</Location>\n"
       << "<Location /digest>\nAuthType Digest\nAuthName realm\nAuthDigestProvider file\nAuthUserFile "
       << folder << "/digest_users\nRequire valid-user\n</Location>\n";
  return text.str();
}

}  // namespace headway::testing
