// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a response means to a download that may be a resumption. Pure.

#include <headway/response.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace headway::exec {

enum class DownloadStep {
  whole,     ///< the body is the file
  rest,      ///< the body is what is missing of it
  complete,  ///< nothing is missing
  again,     ///< the range cannot be had: the file has to be asked for as a whole
  wrong,     ///< the body is a part of it that nobody asked for
  other,     ///< the body is no part of it
};

/// `have`: from which byte on it was asked for; unset: it was asked for as a whole. `validator`: of what is
/// had, an ETag or a date; a server that has overlooked If-Range shows it by another one (RFC 9110
/// section 15.3.7).
DownloadStep judge_download(const ResponseHead& head, std::optional<std::uint64_t> have,
                            std::string_view validator) noexcept;

/// What If-Range may name (RFC 9110 section 13.1.5): a strong ETag, else Last-Modified where it is at least a
/// second older than Date (section 8.8.2.2); else empty.
/// `now`: as for parse_http_date.
std::string_view range_validator(const Headers& headers, std::chrono::sys_seconds now);

}  // namespace headway::exec
