// SPDX-License-Identifier: BSL-1.0
#pragma once

// Calls whose responses' bodies go to a function or to a file. One thread at a time; each is performed once.

#include "src/exec/call.hpp"
#include "src/exec/content_range.hpp"
#include "src/exec/partial_file.hpp"

#include <headway/detail/async_calls.hpp>
#include <headway/download.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace headway::exec {

class SinkCall {
 public:
  /// All references must outlive the call.
  SinkCall(const ClientCore& client, const Request& request, const BodySink& sink)
      : sink_(sink), call_(client, request, {result, result.trailers, result.info}) {}

  detail::Op<std::error_code> perform();
  bool has_sent() const noexcept { return call_.has_sent(); }
  /// A sink's error is not of the call, whatever its code.
  FailedRequest describe(std::error_code ec) const {
    return call_.describe(sink_failed_ ? std::error_code() : ec);
  }

  Response result;

 private:
  const BodySink& sink_;
  bool sink_failed_ = false;
  Call call_;
};

class DownloadCall {
 public:
  /// All references must outlive the call.
  DownloadCall(const ClientCore& client, const Request& request, detail::DownloadPlan plan);

  detail::Op<std::error_code> perform();
  bool has_sent() const noexcept { return call_ && call_->has_sent(); }
  FailedRequest describe(std::error_code ec) const;

  Download result;

 private:
  void open(std::error_code& ec);
  detail::Op<std::error_code> ask();
  detail::Op<std::error_code> take(DownloadStep step);
  detail::Op<std::error_code> save();
  detail::Op<std::error_code> keep_in_memory();
  std::error_code commit();
  std::error_code of_file(std::error_code ec) noexcept;

  const ClientCore& client_;
  const Request& asked_;
  const detail::DownloadPlan plan_;
  PartialFile file_;
  Request request_;                    ///< with the fields that ask for the rest
  std::optional<std::uint64_t> have_;  ///< from where the rest is asked for
  std::optional<Call> call_;
  bool file_failed_ = false;
};

}  // namespace headway::exec
