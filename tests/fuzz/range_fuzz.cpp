// SPDX-License-Identifier: BSL-1.0

// Content-Range, whatever a server says: what is accepted is whole, and goes on exactly where the file ends.

#include "src/exec/content_range.hpp"

#include <headway/range.hpp>

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

std::string written(const ContentRange& range) {
  const std::string total = range.total ? std::to_string(*range.total) : "*";
  if (!range.bytes) return "bytes */" + total;
  return "bytes " + std::to_string(range.bytes->first) + '-' + std::to_string(range.bytes->last) + '/' +
         total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto range = parse_content_range(input);
  if (range) {
    require(range->bytes || range->total);
    require(!range->bytes || range->bytes->first <= range->bytes->last);
    require(!range->bytes || !range->total || range->bytes->last < *range->total);
    const auto again = parse_content_range(written(*range));
    require(again && written(*again) == written(*range));
  }
  if (!is_field_value(input)) return 0;
  ResponseHead head{.status = 206};
  head.headers.set("Content-Range", input);
  const DownloadStep step = exec::judge_download(head, 5, "\"kept\"");
  require(step == DownloadStep::wrong || (step == DownloadStep::again && range && !range->total) ||
          (step == DownloadStep::rest && range && range->bytes && range->bytes->first == 5u));
  return 0;
}
