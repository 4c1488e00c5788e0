// SPDX-License-Identifier: BSL-1.0

// The floor: what the kernel, or OpenSSL, and the least possible parsing cost.

#include "tests/bench/bare_stream.hpp"
#include "tests/bench/blocking_peer.hpp"
#include "tests/bench/blocking_peers.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace headway::bench {
namespace {

class Bare final : public BlockingPeer {
 public:
  explicit Bare(const Job& wanted)
      : BlockingPeer(wanted),
        request_(bare_request(
            wanted.url, wanted.upload,
            wanted.connections == Connections::new_each ? "Connection: close\r\n" : std::string_view())),
        buffer_(piece_size) {
    if (wanted.secure()) context_ = make_bare_context(wanted.trusted);
    if (wanted.file.empty()) return;
    const int access = wanted.upload == 0 ? O_WRONLY : O_RDONLY;
    file_ = testing::Descriptor(::open(wanted.file.c_str(), access | O_CLOEXEC));
    if (!file_) testing::throw_errno("open");
  }

 private:
  std::uint64_t exchange() override {
    if (!stream_) stream_.emplace(job().url, context_.get(), session_.get());
    stream_->send(request_);
    upload();
    const std::uint64_t answer = receive();
    if (job().connections == Connections::new_each) end();
    return answer;
  }

  void upload() {
    if (file_) return stream_->send_file(file_.get(), job().upload);
    for (std::uint64_t left = job().upload; left > 0;) {
      const std::uint64_t n = std::min<std::uint64_t>(left, buffer_.size());
      stream_->send({buffer_.data(), static_cast<std::size_t>(n)});
      left -= n;
    }
  }

  std::uint64_t receive() {
    std::size_t have = 0;
    std::optional<BareHead> head;
    while (!head) {
      have += stream_->receive(std::span(buffer_).subspan(have));
      head = parse_bare_head({buffer_.data(), have});
    }
    if (head->status != 200) throw std::runtime_error("status " + std::to_string(head->status));
    std::uint64_t body = have - head->size;
    if (saves() && ::ftruncate(file_.get(), 0) != 0) testing::throw_errno("ftruncate");
    if (saves()) save({buffer_.data() + head->size, static_cast<std::size_t>(body)}, 0);
    while (body < head->length) {
      const std::size_t n = stream_->receive(buffer_);
      if (saves()) save({buffer_.data(), n}, body);
      body += n;
    }
    return body;
  }

  bool saves() const { return file_ && job().upload == 0; }

  void save(std::string_view bytes, std::uint64_t at) {
    if (::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at)) !=
        static_cast<ssize_t>(bytes.size()))
      testing::throw_errno("pwrite");
  }

  void end() {
    stream_->await_end();
    if (job().handshakes == Handshakes::resumed) session_ = stream_->session();
    stream_.reset();
  }

  const std::string request_;
  std::vector<char> buffer_;
  testing::Descriptor file_;
  std::shared_ptr<SSL_CTX> context_;
  BareStream::Session session_{nullptr, ::SSL_SESSION_free};
  std::optional<BareStream> stream_;
};

}  // namespace

std::unique_ptr<Peer> make_bare(const Job& job) { return std::make_unique<Bare>(job); }

}  // namespace headway::bench
