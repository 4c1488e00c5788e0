// SPDX-License-Identifier: BSL-1.0

// libcurl's easy interface: one handle, whose cache keeps the connection. It cannot be told to wait until the
// server has closed: it asks for that, and closes once it has the answer, mostly after the server.

#include "tests/bench/blocking_peer.hpp"
#include "tests/bench/blocking_peers.hpp"

#include <curl/curl.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

namespace headway::bench {
namespace {

class Curl final : public BlockingPeer {
 public:
  explicit Curl(const Job& wanted) : BlockingPeer(wanted), easy_(::curl_easy_init()) {
    ::curl_easy_setopt(easy_, CURLOPT_URL, std::string(job().url.str()).c_str());
    ::curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, static_cast<long>(piece_size));
    if (!job().trusted.empty()) ::curl_easy_setopt(easy_, CURLOPT_CAINFO, job().trusted.c_str());
    if (job().handshakes == Handshakes::full) ::curl_easy_setopt(easy_, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    if (job().connections == Connections::new_each)
      fields_ = ::curl_slist_append(fields_, "Connection: close");
    if (job().upload != 0) upload();
    use_memory();
    if (!job().file.empty()) use_file();
    ::curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, fields_);
  }
  ~Curl() override {
    ::curl_easy_cleanup(easy_);
    ::curl_slist_free_all(fields_);
  }

 private:
  void upload() {
    ::curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
    ::curl_easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(job().upload));
    ::curl_easy_setopt(easy_, CURLOPT_UPLOAD_BUFFERSIZE, static_cast<long>(piece_size));
    // Nobody else waits for a 100 either.
    fields_ = ::curl_slist_append(fields_, "Expect:");
  }

  void use_memory() {
    ::curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Curl::take);
    ::curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    ::curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &Curl::give);
    ::curl_easy_setopt(easy_, CURLOPT_READDATA, this);
  }

  /// Which libcurl reads and writes by itself.
  void use_file() {
    file_.reset(std::fopen(job().file.c_str(), job().upload == 0 ? "wb" : "rb"));
    if (!file_) throw std::runtime_error("cannot open " + job().file);
    const bool saves = job().upload == 0;
    ::curl_easy_setopt(easy_, saves ? CURLOPT_WRITEFUNCTION : CURLOPT_READFUNCTION, nullptr);
    ::curl_easy_setopt(easy_, saves ? CURLOPT_WRITEDATA : CURLOPT_READDATA, file_.get());
  }

  std::uint64_t exchange() override {
    body_.clear();
    left_ = job().upload;
    if (file_) rewind();
    const CURLcode result = ::curl_easy_perform(easy_);
    if (result != CURLE_OK) throw std::runtime_error(::curl_easy_strerror(result));
    long status = 0;
    ::curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) throw std::runtime_error("status " + std::to_string(status));
    curl_off_t taken = 0;
    ::curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &taken);
    return static_cast<std::uint64_t>(taken);
  }

  void rewind() {
    std::rewind(file_.get());
    if (job().upload == 0 && ::ftruncate(::fileno(file_.get()), 0) != 0)
      throw std::runtime_error("cannot empty " + job().file);
  }

  static std::size_t take(char* data, std::size_t size, std::size_t count, void* self) {
    Curl& curl = *static_cast<Curl*>(self);
    if (!curl.job().large()) curl.body_.append(data, size * count);
    return size * count;
  }

  static std::size_t give(char*, std::size_t size, std::size_t count, void* self) {
    std::uint64_t& left = static_cast<Curl*>(self)->left_;
    const std::uint64_t n = std::min<std::uint64_t>(left, size * count);
    left -= n;
    return static_cast<std::size_t>(n);
  }

  CURL* const easy_;
  curl_slist* fields_ = nullptr;
  std::string body_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{nullptr, std::fclose};
  std::uint64_t left_ = 0;
};

}  // namespace

std::unique_ptr<Peer> make_curl(const Job& job) { return std::make_unique<Curl>(job); }

}  // namespace headway::bench
