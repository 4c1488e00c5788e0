// SPDX-License-Identifier: BSL-1.0

// Content-Range, whatever a server says: what is accepted is whole, and goes on exactly where the file ends.

#include "src/exec/content_range.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace headway;
using exec::DownloadStep;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string written(const exec::ContentRange& range) {
  const std::string total = range.total ? std::to_string(*range.total) : "*";
  if (!range.first) return "bytes */" + total;
  return "bytes " + std::to_string(*range.first) + '-' + std::to_string(*range.last) + '/' + total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto range = exec::parse_content_range(input);
  if (range) {
    require(range->first.has_value() == range->last.has_value());
    require(!range->first || *range->first <= *range->last);
    require(!range->last || !range->total || *range->last < *range->total);
    const auto again = exec::parse_content_range(written(*range));
    require(again && again->first == range->first && again->last == range->last &&
            again->total == range->total);
  }
  if (!is_field_value(input)) return 0;
  ResponseHead head{.status = 206};
  head.headers.set("Content-Range", input);
  const DownloadStep step = exec::judge_download(head, 5, "\"kept\"");
  require(step == DownloadStep::wrong || (step == DownloadStep::again && range && !range->total) ||
          (step == DownloadStep::rest && range && range->first == 5u));
  return 0;
}
