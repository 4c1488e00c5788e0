// SPDX-License-Identifier: BSL-1.0
#include "src/coding/codings.hpp"

#include "src/coding/decoders.hpp"

#include <headway/error.hpp>

#include <algorithm>
#include <array>

namespace headway::coding {
namespace {

struct Known {
  std::string_view name;
  MakeDecoder make;  ///< null: nothing is to be undone
};

constexpr auto known = std::to_array<Known>({
  {"identity", nullptr},
#if HEADWAY_HAS_ZLIB
      {"gzip", make_gzip_decoder}, {"x-gzip", make_gzip_decoder}, {"deflate", make_deflate_decoder},
#endif
#if HEADWAY_HAS_BROTLI
      {"br", make_brotli_decoder},
#endif
#if HEADWAY_HAS_ZSTD
      {"zstd", make_zstd_decoder},
#endif
});

/// Takes what stands in front of the next comma off the list, without the blanks around it.
std::string_view take_element(std::string_view& list) noexcept {
  const std::size_t comma = std::min(list.find(','), list.size());
  std::string_view element = list.substr(0, comma);
  list.remove_prefix(std::min(comma + 1, list.size()));
  element.remove_prefix(std::min(element.find_first_not_of(" \t"), element.size()));
  return element.substr(0, element.find_last_not_of(" \t") + 1);
}

}  // namespace

std::string_view accepted() noexcept {
  constexpr std::string_view all =
      ""
#if HEADWAY_HAS_ZLIB
      ", gzip, deflate"
#endif
#if HEADWAY_HAS_BROTLI
      ", br"
#endif
#if HEADWAY_HAS_ZSTD
      ", zstd"
#endif
      ;
  return all.empty() ? all : all.substr(2);
}

std::vector<MakeDecoder> plan(const Headers& headers, std::error_code& ec) {
  std::vector<MakeDecoder> steps;
  for (std::string_view list : headers.values("Content-Encoding")) {
    while (!list.empty()) {
      const std::string_view name = take_element(list);
      if (name.empty()) continue;
      const auto* const found = std::find_if(known.begin(), known.end(), [name](const Known& coding) {
        return equals_ignoring_case(coding.name, name);
      });
      if (found == known.end()) return {};
      if (found->make != nullptr) steps.push_back(found->make);
    }
  }
  if (steps.size() > most_codings) ec = Error::too_many_codings;
  std::reverse(steps.begin(), steps.end());  // they are listed as they were applied
  return steps;
}

}  // namespace headway::coding
