// SPDX-License-Identifier: BSL-1.0
#include "src/drive/blocking_waiter.hpp"
#include "src/exec/client_state.hpp"
#include "src/exec/download_call.hpp"

#include <headway/client.hpp>

namespace headway {

namespace {

template <class Job>
std::error_code run(const detail::ClientState& client, Job& job) {
  drive::BlockingWaiter waiter(client.core->manager->clock());
  return job.perform().run(waiter);
}

template <class Job>
void run_or_throw(const detail::ClientState& client, Job& job) {
  if (const std::error_code ec = run(client, job)) throw RequestError(ec, job.describe(ec));
}

}  // namespace

Response Client::send(const Request& request, const BodySink& sink, std::error_code& ec) {
  exec::SinkCall call(*state_->core, request, sink);
  ec = run(*state_, call);
  return std::move(call.result);
}

Response Client::send(const Request& request, const BodySink& sink) {
  exec::SinkCall call(*state_->core, request, sink);
  run_or_throw(*state_, call);
  return std::move(call.result);
}

Download Client::download(const Request& request, const std::string& path, const DownloadOptions& options,
                          std::error_code& ec) {
  exec::DownloadCall call(*state_->core, request, {path, options});
  ec = run(*state_, call);
  return std::move(call.result);
}

Download Client::download(const Request& request, const std::string& path, const DownloadOptions& options) {
  exec::DownloadCall call(*state_->core, request, {path, options});
  run_or_throw(*state_, call);
  return std::move(call.result);
}

Download Client::download(std::string_view url, const std::string& path, const DownloadOptions& options) {
  return download(Request{.url = std::string(url)}, path, options);
}

}  // namespace headway
