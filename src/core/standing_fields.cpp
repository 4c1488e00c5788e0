// SPDX-License-Identifier: BSL-1.0
#include "src/core/standing_fields.hpp"

namespace headway::core {

bool leaves_codings(const Request& request) noexcept {
  return request.options.decoding != ContentDecoding::off && !request.headers.contains("Range") &&
         !request.headers.contains("Accept-Encoding");
}

bool has_own_field(const Request& request, std::string_view name) noexcept {
  if (request.headers.contains(name)) return true;
  return !request.body.content_type().empty() && equals_ignoring_case(name, "Content-Type");
}

void StandingFields::add(std::string_view name, std::string_view value) {
  const std::size_t begin = lines_.size();
  lines_.append(name).append(": ").append(value).append("\r\n");
  each_.push_back({begin, name.size(), lines_.size() - begin, false});
}

void StandingFields::add_accepted_codings(std::string_view codings) {
  add("Accept-Encoding", codings);
  each_.back().by_library = true;
}

void StandingFields::append_missing(const Request& request, std::string& out) const {
  for (const Line& line : each_) {
    const bool wanted = line.by_library ? leaves_codings(request) : !has_own_field(request, name_of(line));
    if (wanted) out.append(lines_, line.begin, line.size);
  }
}

std::string_view own_user_agent() noexcept { return "headway/" HEADWAY_VERSION; }

const StandingFieldsPtr& usual_fields() {
  static const StandingFieldsPtr fields = [] {
    auto made = std::make_shared<StandingFields>();
    made->add("User-Agent", own_user_agent());
    made->add("Accept", "*/*");
    return made;
  }();
  return fields;
}

}  // namespace headway::core
