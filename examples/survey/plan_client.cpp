// SPDX-License-Identifier: BSL-1.0
#include "survey/plan_client.hpp"

#include "survey/settling.hpp"

#include <headway/basic_connection_manager.hpp>
#include <headway/client.hpp>

#include <atomic>
#include <deque>
#include <mutex>
#include <utility>

namespace survey {
namespace {

using namespace std::chrono_literals;

/// A client of its own for each request, and none of them is ever looked after.
class LeaveOpen final : public PlanClient {
 public:
  explicit LeaveOpen(const std::vector<std::string>& urls) : urls_(urls) {}

  headway::Response get(std::size_t server) override {
    headway::Response response = one_more_client().get(urls_[server]);
    ++opened_;
    return response;
  }
  int connections_opened() const override { return opened_; }

 private:
  headway::Client& one_more_client() {
    headway::Client client{std::make_shared<headway::BasicConnectionManager>()};
    std::lock_guard lock(mutex_);
    return clients_.emplace_back(std::move(client));
  }

  const std::vector<std::string>& urls_;
  std::mutex mutex_;
  std::deque<headway::Client> clients_;  // which leaves its elements where they are
  std::atomic<int> opened_ = 0;
};

/// One connection for each server, so that threads which ask the same server have to take turns.
class Single final : public PlanClient {
 public:
  explicit Single(const std::vector<std::string>& urls) {
    for (const std::string& url : urls) servers_.emplace_back(url);
  }

  headway::Response get(std::size_t server) override {
    Server& one = servers_[server];
    std::lock_guard lock(one.mutex);
    headway::Response response = one.client.get(one.url);
    if (!response.info.connection_reused) ++opened_;
    return response;
  }
  /// Nobody looks after a basic manager's connection in the background, so whoever goes away for longer has
  /// to close it: otherwise it stays in CLOSE_WAIT once the server has closed it.
  void finish() override {
    for (Server& server : servers_) server.manager->close_idle();
  }
  int connections_opened() const override { return opened_; }

 private:
  struct Server {
    explicit Server(std::string server_url) : url(std::move(server_url)) {}
    std::string url;
    std::mutex mutex;
    std::shared_ptr<headway::BasicConnectionManager> manager =
        std::make_shared<headway::BasicConnectionManager>();
    headway::Client client{manager};
  };

  std::deque<Server> servers_;
  std::atomic<int> opened_ = 0;
};

/// One client and its pool; what becomes of a connection is up to the client's options.
class Pooled final : public PlanClient {
 public:
  Pooled(const std::vector<std::string>& urls, headway::ClientOptions options)
      : urls_(urls), client_(std::move(options)) {}

  headway::Response get(std::size_t server) override { return client_.get(urls_[server]); }
  /// Connections that the server is to close first are closed in the background, within two seconds.
  void finish() override {
    wait_until([&] { return client_.pool().stats().closing == 0; }, 3s);
  }
  int connections_opened() const override { return static_cast<int>(client_.pool().stats().opened); }

 private:
  const std::vector<std::string>& urls_;
  headway::Client client_;
};

/// No more connections than there are threads to use them, and a monitor that soon sees what a server closed.
headway::ClientOptions pool_for(std::size_t servers, int threads) {
  auto each = static_cast<std::size_t>(threads);
  return {.pool = {.max_total = servers * each, .max_per_route = each, .monitor = {.interval = 100ms}}};
}

headway::CloseReason close_after_each(const headway::Request&, const headway::ResponseHead&) {
  return headway::CloseReason::strategy;
}

}  // namespace

std::unique_ptr<PlanClient> make_plan_client(Plan plan, const std::vector<std::string>& urls, int threads) {
  headway::ClientOptions options = pool_for(urls.size(), threads);
  switch (plan) {
    case Plan::leave_open:
      return std::make_unique<LeaveOpen>(urls);
    case Plan::single:
      return std::make_unique<Single>(urls);
    case Plan::close:
      options.reuse_strategy = close_after_each;
      break;
    case Plan::server_closes:
      options.reuse_strategy = headway::NeverReuse{};
      break;
    case Plan::pool:
      break;
  }
  return std::make_unique<Pooled>(urls, std::move(options));
}

}  // namespace survey
