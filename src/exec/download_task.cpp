// SPDX-License-Identifier: BSL-1.0
// Calls whose bodies go to a function or a file, asynchronously.
#include "src/drive/asio_task.hpp"
#include "src/exec/client_state.hpp"
#include "src/exec/download_call.hpp"

#include <headway/detail/frame_memory.hpp>

#include <optional>
#include <utility>

namespace headway::detail {

namespace {

/// `Job` is one of the calls, and `What` what it is to do with the body.
template <class Job, class What, class Result>
class JobTask final : public drive::AsioTask {
 public:
  JobTask(const ClientState& client, Request&& request, What&& what, Completion<Result>& completion)
      : AsioTask(client.core->async->place()),
        core_(client.core),
        request_(std::move(request)),
        what_(std::move(what)),
        completion_(completion) {
    job_.emplace(*core_, request_, what_);
  }

 private:
  Op<std::error_code> perform() override { return job_->perform(); }
  void conclude(CalledFrom from, std::error_code ec) override {
    Result result = std::move(job_->result);
    job_.reset();
    completion_.complete(from, driver().executor(), ec, std::move(result));
  }
  void drop() noexcept override {
    job_.reset();
    completion_.abandon();
  }
  bool was_noticed() const noexcept override { return job_->has_sent(); }
  bool may_cancel(Cancellation how) const noexcept override {
    return how != Cancellation::total || !is_noticed();
  }

  const std::shared_ptr<const exec::ClientCore> core_;
  Request request_;
  What what_;
  std::optional<Job> job_;
  Completion<Result>& completion_;
};

}  // namespace

OperationPtr make_send_to(const ClientState& client, Request&& request, BodySink sink,
                          Completion<Response>& completion) {
  using Task = JobTask<exec::SinkCall, BodySink, Response>;
  return std::allocate_shared<Task>(FrameAllocator<Task>(), client, std::move(request), std::move(sink),
                                    completion);
}

OperationPtr make_download(const ClientState& client, Request&& request, DownloadPlan plan,
                           Completion<Download>& completion) {
  using Task = JobTask<exec::DownloadCall, DownloadPlan, Download>;
  return std::allocate_shared<Task>(FrameAllocator<Task>(), client, std::move(request), std::move(plan),
                                    completion);
}

}  // namespace headway::detail
