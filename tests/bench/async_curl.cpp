// SPDX-License-Identifier: BSL-1.0

// libcurl's multi interface as its manual has it for many transfers: curl_multi_socket_action under epoll. A
// socket stays watched between two transfers, which spares the epoll_ctl calls that the manual's examples
// make.

#include "src/testing/descriptor.hpp"
#include "tests/bench/async_peer.hpp"

#include <curl/curl.h>

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace headway::bench {
namespace {

using Clock = std::chrono::steady_clock;

void require(CURLMcode code) {
  if (code != CURLM_OK) throw std::runtime_error(std::string("curl: ") + ::curl_multi_strerror(code));
}

struct Transfer {
  CURL* easy = nullptr;
  std::string body;
};

std::size_t append(char* data, std::size_t size, std::size_t count, void* transfer) {
  static_cast<Transfer*>(transfer)->body.append(data, size * count);
  return size * count;
}

class Curl final : public AsyncPeer {
 public:
  explicit Curl(const Target& wanted)
      : AsyncPeer(wanted),
        multi_(::curl_multi_init()),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        transfers_(static_cast<std::size_t>(wanted.connections)) {
    ::curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Curl::on_interest);
    ::curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    ::curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Curl::on_timer);
    ::curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    ::curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(target().connections));
    for (Transfer& transfer : transfers_) {
      transfer.easy = ::curl_easy_init();
      ::curl_easy_setopt(transfer.easy, CURLOPT_URL, std::string(target().url.str()).c_str());
      ::curl_easy_setopt(transfer.easy, CURLOPT_PRIVATE, &transfer);
      ::curl_easy_setopt(transfer.easy, CURLOPT_WRITEFUNCTION, append);
      ::curl_easy_setopt(transfer.easy, CURLOPT_WRITEDATA, &transfer);
      ::curl_easy_setopt(transfer.easy, CURLOPT_CLOSESOCKETFUNCTION, &Curl::on_close);
      ::curl_easy_setopt(transfer.easy, CURLOPT_CLOSESOCKETDATA, this);
      ::curl_easy_setopt(transfer.easy, CURLOPT_NOSIGNAL, 1L);
      if (target().secure()) ::curl_easy_setopt(transfer.easy, CURLOPT_CAINFO, target().trusted.c_str());
    }
  }

  ~Curl() override {
    for (Transfer& transfer : transfers_) {
      ::curl_multi_remove_handle(multi_, transfer.easy);
      ::curl_easy_cleanup(transfer.easy);
    }
    ::curl_multi_cleanup(multi_);
  }

 private:
  static int on_interest(CURL*, curl_socket_t socket, int what, void* self, void*) {
    // No longer asked for: the socket is quiet until its next transfer.
    if (what == CURL_POLL_REMOVE) return 0;
    return static_cast<Curl*>(self)->watch(socket, what);
  }

  int watch(int socket, int what) {
    const std::uint32_t events = (what & CURL_POLL_IN ? std::uint32_t{EPOLLIN} : 0) |
                                 (what & CURL_POLL_OUT ? std::uint32_t{EPOLLOUT} : 0);
    const auto index = static_cast<std::size_t>(socket);
    if (index >= watched_.size()) watched_.resize(index + 1);
    if (watched_[index] == events) return 0;
    const int change = watched_[index] == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    watched_[index] = events;
    epoll_event event{.events = events, .data = {.fd = socket}};
    return ::epoll_ctl(epoll_.get(), change, socket, &event);
  }

  static int on_close(void* self, curl_socket_t socket) {
    static_cast<Curl*>(self)->watched_[static_cast<std::size_t>(socket)] = 0;
    return ::close(socket);
  }

  static int on_timer(CURLM*, long milliseconds, void* self) {
    std::optional<Clock::time_point>& timer = static_cast<Curl*>(self)->timer_;
    if (milliseconds < 0) {
      timer.reset();
    } else {
      timer = Clock::now() + std::chrono::milliseconds(milliseconds);
    }
    return 0;
  }

  void run() override {
    for (Transfer& transfer : transfers_) start(transfer);
    for (;;) {
      act_on_timer();
      take_finished();
      if (done()) return;
      act_on_sockets();
    }
  }

  void start(Transfer& transfer) {
    if (!take_request()) return;
    transfer.body.clear();
    require(::curl_multi_add_handle(multi_, transfer.easy));
  }

  void act_on_timer() {
    if (!timer_ || *timer_ > Clock::now()) return;
    timer_.reset();
    act(CURL_SOCKET_TIMEOUT, 0);
  }

  void act_on_sockets() {
    std::array<epoll_event, 64> events;
    const int ready = ::epoll_wait(epoll_.get(), events.data(), events.size(), milliseconds_to_timer());
    for (int i = 0; i < ready; ++i) {
      const int mask = (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) ? CURL_CSELECT_IN : 0) |
                       (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0);
      act(events[i].data.fd, mask);
    }
  }

  int milliseconds_to_timer() const {
    if (!timer_) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*timer_ - Clock::now());
    return std::max(0, static_cast<int>(left.count()));
  }

  void act(curl_socket_t socket, int mask) {
    int running = 0;
    require(::curl_multi_socket_action(multi_, socket, mask, &running));
  }

  void take_finished() {
    int left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(multi_, &left)) {
      // The message is gone once its handle is removed.
      CURL* const easy = message->easy_handle;
      const CURLcode result = message->data.result;
      if (result != CURLE_OK) throw std::runtime_error(std::string("curl: ") + ::curl_easy_strerror(result));
      finish(easy);
    }
  }

  void finish(CURL* easy) {
    Transfer* transfer = nullptr;
    long status = 0;
    ::curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    ::curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    check(static_cast<int>(status), transfer->body);
    require(::curl_multi_remove_handle(multi_, easy));
    start(*transfer);
  }

  CURLM* const multi_;
  testing::Descriptor epoll_;
  std::vector<Transfer> transfers_;
  std::vector<std::uint32_t> watched_;  // by socket; 0 where it is not
  std::optional<Clock::time_point> timer_;
};

}  // namespace

std::unique_ptr<Peer> make_async_curl(const Target& target) { return std::make_unique<Curl>(target); }

}  // namespace headway::bench
