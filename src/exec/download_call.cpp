// SPDX-License-Identifier: BSL-1.0
#include "src/exec/download_call.hpp"

#include "src/exec/pour.hpp"

#include <headway/range.hpp>

#include <utility>

namespace headway::exec {

using detail::Op;

Op<std::error_code> SinkCall::perform() {
  if (!sink_) co_return Error::invalid_option;
  if (const std::error_code ec = co_await call_.perform()) co_return ec;
  co_return co_await pour(call_, [this](std::string_view piece, std::error_code& error) {
    sink_(result, piece, error);
    sink_failed_ = static_cast<bool>(error);
  });
}

DownloadCall::DownloadCall(const ClientCore& client, const Request& request, detail::DownloadPlan plan)
    : client_(client), asked_(request), plan_(std::move(plan)), file_(plan_.path, plan_.options.resume) {}

Op<std::error_code> DownloadCall::perform() {
  std::error_code ec;
  open(ec);
  if (!ec) ec = co_await ask();
  if (ec) co_return ec;
  DownloadStep step = judge_download(result, have_, file_.validator());
  if (step == DownloadStep::again) {
    call_->close();
    file_.restart(client_.defaults.url_of(asked_), {}, ec);
    if (ec) co_return of_file(ec);
    ec = co_await ask();
    if (ec) co_return ec;
    step = judge_download(result, have_, file_.validator());
  }
  co_return co_await take(step);
}

void DownloadCall::open(std::error_code& ec) { file_.open(client_.defaults.url_of(asked_), ec); }

/// Asks for what is missing, or for all.
Op<std::error_code> DownloadCall::ask() {
  request_ = asked_;
  have_.reset();
  if (plan_.options.resume == Resume::on && !request_.headers.contains("Range")) {
    // The bytes that are kept are those of one representation, as it is.
    if (!request_.headers.contains("Accept-Encoding")) request_.headers.set("Accept-Encoding", "identity");
    if (!file_.validator().empty() && !request_.headers.contains("If-Range")) {
      have_ = file_.size();
      request_.headers.set("Range", "bytes=" + std::to_string(*have_) + '-');
      request_.headers.set("If-Range", file_.validator());
    }
  }
  call_.emplace(client_, request_, Call::Target{result, result.trailers, result.info});
  co_return co_await call_->perform();
}

Op<std::error_code> DownloadCall::take(DownloadStep step) {
  std::error_code ec;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  switch (step) {
    case DownloadStep::whole:
      file_.restart(client_.defaults.url_of(asked_), range_validator(result.headers, now), ec);
      if (ec) co_return of_file(ec);
      co_return co_await save();
    case DownloadStep::rest:
      result.resumed_from = file_.size();
      co_return co_await save();
    case DownloadStep::complete:
      result.resumed_from = file_.size();
      ec = commit();
      call_->abandon();
      co_return ec;
    case DownloadStep::wrong:
      call_->close();
      co_return Error::wrong_range;
    default:
      co_return co_await keep_in_memory();
  }
}

Op<std::error_code> DownloadCall::save() {
  const std::uint64_t most = plan_.options.max_size;
  const std::error_code ec = co_await pour(*call_, [&](std::string_view piece, std::error_code& error) {
    if (piece.size() > most || file_.size() > most - piece.size()) {
      error = Error::body_too_large;
    } else {
      file_.append(piece, error);
      of_file(error);
    }
  });
  if (ec) co_return ec;
  const std::optional<ContentRange> range = parse_content_range(result.headers["Content-Range"]);
  if (result.status == 206 && range && range->bytes && file_.size() != range->bytes->last + 1)
    co_return Error::wrong_range;
  co_return commit();
}

Op<std::error_code> DownloadCall::keep_in_memory() {
  const std::size_t most = asked_.options.max_body_size.value_or(client_.max_body_size);
  co_return co_await pour(*call_, [&](std::string_view piece, std::error_code& error) {
    result.body.append(piece);
    if (result.body.size() > most) error = Error::body_too_large;
  });
}

std::error_code DownloadCall::commit() {
  std::error_code ec;
  result.saved = file_.commit(plan_.options.sync, ec);
  result.size = file_.size();
  return of_file(ec);
}

/// Notes that an error is the file's, and not the server's.
std::error_code DownloadCall::of_file(std::error_code ec) noexcept {
  file_failed_ = file_failed_ || ec;
  return ec;
}

FailedRequest DownloadCall::describe(std::error_code ec) const {
  if (call_) {
    FailedRequest failed = call_->describe(ec);
    if (file_failed_) failed.detail = plan_.path;
    return failed;
  }
  std::error_code malformed;
  const Url url = Url::parse(client_.defaults.url_of(asked_), malformed);
  return {.method = asked_.method, .url = url.redacted(), .detail = plan_.path};
}

}  // namespace headway::exec
