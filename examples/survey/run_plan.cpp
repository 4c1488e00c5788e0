// SPDX-License-Identifier: BSL-1.0
#include "survey/run_plan.hpp"

#include "survey/census_sampler.hpp"
#include "survey/plan_client.hpp"
#include "survey/progress.hpp"
#include "survey/settling.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace survey {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto census_interval = 5ms;
constexpr std::size_t most_errors = 3;

/// What the threads of one plan share.
class Workload {
 public:
  Workload(Plan plan, const Targets& targets, const Options& options)
      : servers_(targets.urls.size()),
        options_(options),
        client_(make_plan_client(plan, targets.urls, options.threads)),
        progress_(std::string(name(plan)), options.requests) {
    result_.plan = name(plan);
    result_.requests = options.requests;
  }

  void send_all() {
    auto start = Clock::now();
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < options_.threads; ++i) threads.emplace_back([this] { work(); });
    }
    result_.wall_seconds = std::chrono::duration<double>(Clock::now() - start).count();
    client_->finish();
  }

  PlanResult result() const {
    PlanResult result = result_;
    result.connections_opened = client_->connections_opened();
    return result;
  }

 private:
  void work() {
    for (int request = next_++; request < options_.requests; request = next_++) {
      if (request >= options_.threads) std::this_thread::sleep_for(options_.interval);
      send(static_cast<std::size_t>(request) % servers_);
      progress_.advance();
    }
  }

  void send(std::size_t server) {
    auto start = Clock::now();
    try {
      headway::Response response = client_->get(server);
      auto taken = Clock::now() - start;
      if (response.status < 500) {
        std::lock_guard lock(mutex_);
        result_.latency.add(taken);
      } else {
        note_failure(response.info.effective_url + " answered " + std::to_string(response.status));
      }
    } catch (const std::exception& error) {
      note_failure(error.what());
    }
  }

  void note_failure(const std::string& what) {
    std::lock_guard lock(mutex_);
    ++result_.failures;
    auto& errors = result_.first_errors;
    if (errors.size() < most_errors && std::find(errors.begin(), errors.end(), what) == errors.end())
      errors.push_back(what);
  }

  std::size_t servers_;
  const Options& options_;
  std::unique_ptr<PlanClient> client_;
  Progress progress_;
  std::atomic<int> next_ = 0;
  std::mutex mutex_;
  PlanResult result_;  // under mutex_ while the threads run
};

/// What earlier plans left, once the sockets that they closed at their end have settled.
SocketBaseline sockets_before(const std::vector<Endpoint>& servers) {
  take_when(is_settled, servers, {});
  return SocketBaseline(list_sockets(servers));
}

/// The pool alone has somebody who closes what the server has closed: CLOSE_WAIT passes by itself there.
bool has_settled(Plan plan, const Census& census) {
  return is_settled(census) && (plan != Plan::pool || census[TcpState::close_wait] == 0);
}

}  // namespace

PlanResult run_plan(Plan plan, const Targets& targets, const Options& options) {
  SocketBaseline before = sockets_before(targets.endpoints);
  CensusSampler sampler(targets.endpoints, census_interval, before);
  Workload workload(plan, targets, options);
  workload.send_all();
  PlanResult result = workload.result();
  result.end =
      take_when([&](const Census& census) { return has_settled(plan, census); }, targets.endpoints, before);
  result.peak = sampler.peak();
  result.peak.raise_to(result.end);
  return result;
}

}  // namespace survey
