// SPDX-License-Identifier: BSL-1.0
#include "src/cookies/public_suffix.hpp"

#if HEADWAY_HAS_LIBPSL
#include <libpsl.h>
#endif

namespace headway::cookies {
namespace {

bool has_one_label(const std::string& domain) { return domain.find('.') == domain.npos; }

}  // namespace

#if HEADWAY_HAS_LIBPSL

bool is_public_suffix(const std::string& domain) {
  // The system's list where it is newer than the library's own. Lives as long as the program.
  static const psl_ctx_t* const list = psl_latest(nullptr);
  return has_one_label(domain) || (list != nullptr && psl_is_public_suffix(list, domain.c_str()) == 1);
}

#else

bool is_public_suffix(const std::string& domain) { return has_one_label(domain); }

#endif

}  // namespace headway::cookies
