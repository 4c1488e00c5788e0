// SPDX-License-Identifier: BSL-1.0
//
// One kept connection, one thread, the same small GET again and again, by each of three clients in turn:
// headway with its default options, a libcurl easy handle, and a bare socket loop that sends fixed bytes and
// looks for Content-Length.
//
//   kept_get URL [REQUESTS] [CLIENT...]     clients: bare headway headway-unchecked curl
//
// Prints microseconds of wall and user time a request. For instruction counts run one client under callgrind
// with two numbers of requests and take the difference; for system calls run it under strace -c.
#include <headway/headway.hpp>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#ifdef HEADWAY_BENCH_CURL
#include <curl/curl.h>
#endif

namespace {

using Client = std::function<void(const std::string& url, int requests)>;

double user_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) + static_cast<double>(usage.ru_utime.tv_usec) * 1e-6;
}

void run_headway(const std::string& url, int requests, headway::Duration validate_after) {
  headway::Client client{{.pool = {.validate_after_inactivity = validate_after}}};
  const headway::Request request{.url = url};
  headway::Response response;
  std::error_code ec;
  for (int i = 0; i < requests; ++i) {
    client.send(request, response, ec);
    if (ec || response.status != 200) throw std::runtime_error("headway: " + ec.message());
  }
}

/// The floor: what the kernel and the least possible parsing cost.
void run_bare(const std::string& url, int requests) {
  const headway::Url target(url);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target.port());
  ::inet_pton(AF_INET, std::string(target.host()).c_str(), &address.sin_addr);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("bare: connect");
  const std::string request = "GET " + std::string(target.target()) +
                              " HTTP/1.1\r\nHost: " + std::string(target.host_field()) +
                              "\r\nUser-Agent: bare\r\nAccept: */*\r\n\r\n";
  std::vector<char> buffer(16 * 1024);
  for (int i = 0; i < requests; ++i) {
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) throw std::runtime_error("bare: send");
    std::size_t have = 0, whole = 0;
    do {
      const ssize_t n = ::recv(fd, buffer.data() + have, buffer.size() - have, 0);
      if (n <= 0) throw std::runtime_error("bare: receive");
      have += static_cast<std::size_t>(n);
      const std::string_view text(buffer.data(), have);
      const std::size_t end = text.find("\r\n\r\n");
      const std::size_t length = text.find("Content-Length: ");
      if (end == text.npos || length == text.npos) continue;
      whole = end + 4 + static_cast<std::size_t>(std::atoll(text.data() + length + 16));
    } while (whole == 0 || have < whole);
  }
  ::close(fd);
}

#ifdef HEADWAY_BENCH_CURL
std::size_t append(char* data, std::size_t size, std::size_t count, void* into) {
  static_cast<std::string*>(into)->append(data, size * count);
  return size * count;
}

void run_curl(const std::string& url, int requests) {
  CURL* const easy = ::curl_easy_init();
  std::string body;
  ::curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  ::curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
  ::curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
  ::curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  for (int i = 0; i < requests; ++i) {
    body.clear();
    if (::curl_easy_perform(easy) != CURLE_OK) throw std::runtime_error("curl failed");
  }
  ::curl_easy_cleanup(easy);
}
#endif

std::map<std::string, Client> clients() {
  std::map<std::string, Client> all;
  all["bare"] = run_bare;
  all["headway"] = [](const std::string& url, int n) { run_headway(url, n, headway::Duration::zero()); };
  all["headway-unchecked"] = [](const std::string& url, int n) { run_headway(url, n, headway::unlimited); };
#ifdef HEADWAY_BENCH_CURL
  all["curl"] = run_curl;
#endif
  return all;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::fprintf(stderr, "usage: kept_get URL [REQUESTS] [bare|headway|headway-unchecked|curl ...]\n");
    return 2;
  }
  const std::string url = argv[1];
  const int requests = argc > 2 ? std::atoi(argv[2]) : 50'000;
  const auto all = clients();
  std::vector<std::string> chosen(argv + std::min(argc, 3), argv + argc);
  if (chosen.empty()) {
    for (const auto& [name, run] : all) chosen.push_back(name);
  }
  std::printf("%-20s %12s %12s %12s\n", "client", "requests/s", "wall us", "user us");
  for (const std::string& name : chosen) {
    const auto start = std::chrono::steady_clock::now();
    const double user = user_seconds();
    all.at(name)(url, requests);
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%-20s %12.0f %12.2f %12.2f\n", name.c_str(), requests / wall, wall / requests * 1e6,
                (user_seconds() - user) / requests * 1e6);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "kept_get: %s\n", error.what());
  return 1;
}
