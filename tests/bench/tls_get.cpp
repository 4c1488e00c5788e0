// SPDX-License-Identifier: BSL-1.0
//
// https against an nginx of its own, by headway, a bare OpenSSL loop and, where it is installed, libcurl: a
// GET on a kept connection, handshakes, and the memory of idle connections.
//
//   tls_get [REQUESTS] [HANDSHAKES] [IDLE]
#include "tests/support/tls_nginx.hpp"

#include <headway/headway.hpp>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#ifdef HEADWAY_BENCH_CURL
#include <curl/curl.h>
#endif

namespace {

using headway::testing::TlsNginx;

double user_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) + static_cast<double>(usage.ru_utime.tv_usec) * 1e-6;
}

void measure(const char* what, int count, const std::function<void()>& run) {
  const auto start = std::chrono::steady_clock::now();
  const double user = user_seconds();
  run();
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%-28s %10.0f/s %10.2f wall us %10.2f user us\n", what, count / wall, wall / count * 1e6,
              (user_seconds() - user) / count * 1e6);
}

headway::ClientOptions trusting(const std::string& authority) {
  headway::ClientOptions options;
  options.tls.ca_pem = authority;
  options.pool.max_total = options.pool.max_per_route = headway::unlimited_connections;
  options.pool.monitor.interval = headway::unlimited;
  return options;
}

void run_headway(const std::string& url, const std::string& authority, int requests) {
  headway::Client client(trusting(authority));
  const headway::Request request{.url = url};
  headway::Response response;
  std::error_code ec;
  for (int i = 0; i < requests; ++i) {
    client.send(request, response, ec);
    if (ec || response.status != 200) throw std::runtime_error("headway: " + ec.message());
  }
}

/// Asks for a connection each time and lets none be kept.
void shake_hands(const std::string& url, const std::string& authority, headway::TlsResumption resumption,
                 int count) {
  headway::ClientOptions options = trusting(authority);
  options.tls.resumption = resumption;
  options.pool.max_requests_per_connection = 1;
  headway::Client client(options);
  for (int i = 0; i < count; ++i) client.get(url);
}

/// The floor: OpenSSL on a blocking socket, fixed bytes, one SSL_read for each response.
class Bare {
 public:
  Bare(const std::string& url, const std::string& authority)
      : target_(url), context_(SSL_CTX_new(TLS_client_method())) {
    BIO* const pem = BIO_new_mem_buf(authority.data(), static_cast<int>(authority.size()));
    X509* const trusted = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), trusted);
    X509_free(trusted);
    BIO_free(pem);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_read_ahead(context_, 1);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;
  ~Bare() { SSL_CTX_free(context_); }

  void run(int requests, int connections) {
    const std::string request =
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bare\r\nAccept: */*\r\n\r\n";
    std::vector<char> buffer(16 * 1024);
    for (int c = 0; c < connections; ++c) {
      const int fd = connect();
      SSL* const ssl = SSL_new(context_);
      SSL_set_fd(ssl, fd);
      if (SSL_connect(ssl) != 1) throw std::runtime_error("bare: handshake");
      for (int i = 0; i < requests; ++i) {
        if (SSL_write(ssl, request.data(), static_cast<int>(request.size())) <= 0 ||
            SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size())) <= 0)
          throw std::runtime_error("bare: request");
      }
      SSL_free(ssl);
      ::close(fd);
    }
  }

 private:
  int connect() const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(target_.port());
    ::inet_pton(AF_INET, std::string(target_.host()).c_str(), &address.sin_addr);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("bare: connect");
    return fd;
  }

  headway::Url target_;
  SSL_CTX* context_;
};

#ifdef HEADWAY_BENCH_CURL
std::size_t append(char* data, std::size_t size, std::size_t count, void* into) {
  static_cast<std::string*>(into)->append(data, size * count);
  return size * count;
}

void run_curl(const std::string& url, const std::string& authority_file, int requests) {
  CURL* const easy = ::curl_easy_init();
  std::string body;
  ::curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  ::curl_easy_setopt(easy, CURLOPT_CAINFO, authority_file.c_str());
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

/// Bytes of the heap that an idle connection holds.
void weigh_idle(const std::string& url, const std::string& authority, int count) {
  headway::Client client(trusting(authority));
  client.get(url);
  const std::size_t before = ::mallinfo2().uordblks;
  {
    std::vector<headway::ResponseStream> open;
    for (int i = 0; i < count; ++i) open.push_back(client.open({.url = url}));
    for (headway::ResponseStream& stream : open) stream.drain();
  }
  const std::size_t idle = client.pool().stats().available;
  const std::size_t after = ::mallinfo2().uordblks;
  std::printf("%-28s %10zu connections %8zu bytes each\n", "idle", idle, (after - before) / idle);
}

}  // namespace

int main(int argc, char** argv) try {
  const int requests = argc > 1 ? std::atoi(argv[1]) : 30'000;
  const int handshakes = argc > 2 ? std::atoi(argv[2]) : 1'000;
  const int idle = argc > 3 ? std::atoi(argv[3]) : 2'000;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  headway::testing::Authority authority;
  const std::string& trusted = authority.certificate();
  const TlsNginx nginx(
      authority, "access_log off; keepalive_requests 1000000; keepalive_timeout 600s; return 200 hello;");
  const std::string url = nginx.url();
  for (int round = 0; round < 2; ++round) {
    measure("kept GET, bare OpenSSL", requests, [&] { Bare(url, trusted).run(requests, 1); });
    measure("kept GET, headway", requests, [&] { run_headway(url, trusted, requests); });
#ifdef HEADWAY_BENCH_CURL
    headway::testing::TemporaryDirectory directory;
    directory.write("ca.pem", trusted);
    const std::string file = directory.path() / "ca.pem";
    measure("kept GET, libcurl", requests, [&] { run_curl(url, file, requests); });
#endif
    using enum headway::TlsResumption;
    measure("full handshake, bare", handshakes, [&] { Bare(url, trusted).run(1, handshakes); });
    measure("full handshake, headway", handshakes, [&] { shake_hands(url, trusted, disabled, handshakes); });
    measure("resumed handshake, headway", handshakes,
            [&] { shake_hands(url, trusted, enabled, handshakes); });
  }
  weigh_idle(url, trusted, idle);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "tls_get: %s\n", error.what());
  return 1;
}
