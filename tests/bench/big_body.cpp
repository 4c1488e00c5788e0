// SPDX-License-Identifier: BSL-1.0

// 1 GiB up from a file, and 1 GiB down to a file, by headway and, where it is installed, libcurl: user and
// system time and peak memory of a process that does nothing else. The server is another process.
//   big_body [MEBIBYTES]

#include <headway/headway.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef HEADWAY_BENCH_CURL
#include <curl/curl.h>
#endif

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Work {
  std::string url, file;
  std::uint64_t size;
};

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

// --- the server: takes what it is sent, or sends a file

void serve_one(int socket, int file, std::uint64_t size) {
  std::string head(64 * 1024, '\0');
  const ssize_t got = ::recv(socket, head.data(), head.size(), 0);
  if (got <= 0) return;
  head.resize(static_cast<std::size_t>(got));
  const std::size_t end = head.find("\r\n\r\n");
  require(end != std::string::npos, "the request's head came in pieces");
  if (head.starts_with("PUT")) {
    std::uint64_t left = size - (head.size() - end - 4);
    if (head.find("Expect:") != std::string::npos) ::send(socket, "HTTP/1.1 100 Continue\r\n\r\n", 25, 0);
    while (left > 0) {
      const ssize_t n = ::recv(socket, nullptr, std::min<std::uint64_t>(left, 1 << 20), MSG_TRUNC);
      require(n > 0, "the upload was cut off");
      left -= static_cast<std::uint64_t>(n);
    }
    ::send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 38, 0);
  } else {
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
    ::send(socket, answer.data(), answer.size(), MSG_MORE);
    for (off_t at = 0; static_cast<std::uint64_t>(at) < size;) {
      require(::sendfile(socket, file, &at, size - static_cast<std::uint64_t>(at)) > 0, "sendfile");
    }
  }
  ::shutdown(socket, SHUT_WR);
  while (::recv(socket, head.data(), head.size(), 0) > 0) {
  }
}

[[noreturn]] void serve(int listener, const std::string& path, std::uint64_t size) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  for (;;) {
    const int socket = ::accept(listener, nullptr, nullptr);
    if (socket < 0) std::_Exit(1);
    serve_one(socket, file, size);
    ::close(socket);
  }
}

// --- the clients

void headway_up(const Work& work) {
  headway::Client client;
  const headway::Response response =
      client.put(work.url, headway::Body::file(work.file, "application/octet-stream"));
  require(response.status == 200, "headway: upload");
}

void headway_down(const Work& work) {
  headway::Client client;
  require(client.download(work.url, work.file + ".down").size == work.size, "headway: download");
}

#ifdef HEADWAY_BENCH_CURL
void curl_up(const Work& work) {
  CURL* easy = ::curl_easy_init();
  std::FILE* file = std::fopen(work.file.c_str(), "rb");
  require(easy != nullptr && file != nullptr, "curl");
  ::curl_easy_setopt(easy, CURLOPT_URL, work.url.c_str());
  ::curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  ::curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 1024L * 1024);
  ::curl_easy_setopt(easy, CURLOPT_READDATA, file);
  ::curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(work.size));
  require(::curl_easy_perform(easy) == CURLE_OK, "curl: upload");
  std::fclose(file);
  ::curl_easy_cleanup(easy);
}

void curl_down(const Work& work) {
  CURL* easy = ::curl_easy_init();
  std::FILE* file = std::fopen((work.file + ".down").c_str(), "wb");
  require(easy != nullptr && file != nullptr, "curl");
  ::curl_easy_setopt(easy, CURLOPT_URL, work.url.c_str());
  ::curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 64L * 1024);
  ::curl_easy_setopt(easy, CURLOPT_WRITEDATA, file);
  require(::curl_easy_perform(easy) == CURLE_OK, "curl: download");
  std::fclose(file);
  ::curl_easy_cleanup(easy);
}
#endif

// --- measuring

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void measure(const char* name, void (*transfer)(const Work&), const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      transfer(work);
      std::_Exit(0);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s: %s\n", name, error.what());
      std::_Exit(1);
    }
  }
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  require(WIFEXITED(status) && WEXITSTATUS(status) == 0, name);
  const std::chrono::duration<double> real = std::chrono::steady_clock::now() - start;
  std::printf("%-14s %8.3f s user %8.3f s system %8.3f s real %8.1f MiB peak\n", name, seconds(used.ru_utime),
              seconds(used.ru_stime), real.count(), static_cast<double>(used.ru_maxrss) / 1024);
  std::fflush(stdout);
  ::unlink((work.file + ".down").c_str());
}

int listen_here(sockaddr_in& address) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  require(::bind(listener, generic, size) == 0 && ::listen(listener, 8) == 0 &&
              ::getsockname(listener, generic, &size) == 0,
          "listening");
  return listener;
}

void compare(const Work& work) {
  measure("headway up", headway_up, work);
#ifdef HEADWAY_BENCH_CURL
  measure("libcurl up", curl_up, work);
#endif
  measure("headway down", headway_down, work);
#ifdef HEADWAY_BENCH_CURL
  measure("libcurl down", curl_down, work);
#endif
}

}  // namespace

int main(int argc, char** argv) try {
  const std::uint64_t size = (argc > 1 ? std::stoull(argv[1]) : 1024) * 1024 * 1024;
  std::string folder = (std::filesystem::temp_directory_path() / "headway-XXXXXX").string();
  require(::mkdtemp(folder.data()) != nullptr, "mkdtemp");
  const std::string file = folder + "/big";
  const int created = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  // Written, so that all clients find it in the page cache.
  const std::string mebibyte(1024 * 1024, 'b');
  for (std::uint64_t at = 0; at < size; at += mebibyte.size()) {
    require(::write(created, mebibyte.data(), mebibyte.size()) > 0, "the file");
  }
  ::close(created);
  sockaddr_in address;
  const int listener = listen_here(address);
  const pid_t server = ::fork();
  if (server == 0) serve(listener, file, size);
  int status = 0;
  try {
    compare({"http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/", file, size});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    status = 1;
  }
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  std::filesystem::remove_all(folder);
  return status;
} catch (const std::exception& error) {
  std::fprintf(stderr, "big_body: %s\n", error.what());
  return 1;
}
