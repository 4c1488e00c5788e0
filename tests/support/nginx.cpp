// SPDX-License-Identifier: BSL-1.0
#include "tests/support/nginx.hpp"

#include "src/testing/loopback_socket.hpp"
#include "tests/support/listening.hpp"

#include <headway/testing/patience.hpp>

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace headway::testing {
namespace {

using Clock = std::chrono::steady_clock;

// A line that nginx is still writing has no line end yet and is left for the next look.
std::vector<AccessLogEntry> parse_access_log(const std::string& text) {
  std::vector<AccessLogEntry> entries;
  std::istringstream lines(text.substr(0, text.rfind('\n') + 1));
  AccessLogEntry e;
  while (lines >> e.worker_pid >> e.connection >> e.connection_requests >> e.server_port >> e.status >>
         e.request_uri)
    entries.push_back(e);
  return entries;
}

void wait_for_event(const Descriptor& watch, Clock::time_point deadline) {
  auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  pollfd watched{watch.get(), POLLIN, 0};
  if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) <= 0) return;
  std::array<char, 4096> events;
  if (::read(watch.get(), events.data(), events.size()) < 0) throw_errno("inotify");
}

}  // namespace

Nginx::Nginx(NginxOptions options)
    : options_(std::move(options)),
      program_(find_program("nginx", "nginx-light")),
      ports_(static_cast<std::size_t>(options_.ports)) {
  directory_.write("www/.keep", "");
  directory_.write("access.log", "");
  directory_.write("nginx.conf", configuration());
  start();
}

Nginx::~Nginx() { stop(); }

std::string Nginx::url(std::string_view target, std::size_t index) const {
  return "http://127.0.0.1:" + std::to_string(port(index)) + std::string(target);
}

std::string Nginx::configuration() const {
  std::ostringstream text;
  // Started by root, the workers would become nobody and could not enter the directory.
  if (::geteuid() == 0) text << "user root root;\n";
  text << "daemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log error.log notice;\n"
       << options_.main_config << "events { worker_connections " << options_.connections << "; }\n"
       << "worker_rlimit_nofile " << options_.connections + 4096 << ";\nhttp {\n"
       << "log_format counted '$pid $connection $connection_requests $server_port $status $request_uri';\n"
       << "access_log access.log counted;\n";
  for (const char* module : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    text << module << "_temp_path " << module << "_temp;\n";
  text << options_.http_config << "\nserver {\n";
  for (const ReservedPort& port : ports_) text << "listen 127.0.0.1:" << port.number() << ";\n";
  if (options_.unix_socket) text << "listen unix:" << unix_socket() << ";\n";
  text << "root www;\n" << options_.server_config << "\n}\n}\n";
  return text.str();
}

void Nginx::start() {
  if (process_.running()) return;
  std::string prefix = directory_.path().string() + "/";
  process_ = ChildProcess({program_, "-p", prefix, "-c", prefix + "nginx.conf", "-e", prefix + "error.log"},
                          prefix + "output.log");
  for (const ReservedPort& port : ports_) wait_until_accepting(port.number());
}

void Nginx::wait_until_accepting(std::uint16_t port) {
  if (testing::wait_until_accepting(port, process_)) return;
  throw std::runtime_error((process_.running() ? "nginx does not accept: " : "nginx did not start: ") +
                           directory_.read("output.log") + error_log());
}

void Nginx::stop(Stop how) { process_.stop(how == Stop::graceful ? SIGQUIT : SIGTERM); }

void Nginx::restart(Stop how) {
  stop(how);
  start();
}

std::vector<AccessLogEntry> Nginx::access_log(std::size_t at_least) const {
  auto deadline = Clock::now() + patience;
  Descriptor watch(::inotify_init1(IN_CLOEXEC));
  if (::inotify_add_watch(watch.get(), (directory_.path() / "access.log").c_str(), IN_MODIFY) < 0)
    throw_errno("inotify");
  for (;;) {
    std::vector<AccessLogEntry> log = parse_access_log(directory_.read("access.log"));
    if (log.size() >= at_least) return log;
    if (Clock::now() > deadline)
      throw std::runtime_error("nginx logged " + std::to_string(log.size()) + " requests, not " +
                               std::to_string(at_least));
    wait_for_event(watch, deadline);
  }
}

std::size_t connection_count(const std::vector<AccessLogEntry>& log) {
  std::set<std::pair<int, int>> seen;
  for (const AccessLogEntry& entry : log) seen.emplace(entry.worker_pid, entry.connection);
  return seen.size();
}

}  // namespace headway::testing
