// SPDX-License-Identifier: BSL-1.0
#include "src/exec/client_defaults.hpp"

#include "src/coding/codings.hpp"
#include "src/core/request_writer.hpp"
#include "src/manage/options_check.hpp"
#include "src/url_chars.hpp"

#include <headway/url.hpp>

#include <algorithm>
#include <memory>

namespace headway::exec {

namespace {

void check_headers(const Headers& headers) {
  for (const auto [name, value] : headers) {
    require(is_token(name), "headers has a name that is no token");
    require(is_field_value(value), "headers has a malformed value of " + std::string(name));
    require(!core::is_of_one_request(name), "headers must not have " + std::string(name));
  }
}

bool accepts_codings(const ClientOptions& options) {
  return options.decoding == ContentDecoding::on && !coding::accepted().empty() &&
         !options.headers.contains("Accept-Encoding");
}

core::StandingFieldsPtr make_fields(const ClientOptions& options, const Headers& own) {
  core::StandingFields fields;
  const std::optional<std::string>& agent = options.user_agent;
  if (!own.contains("User-Agent")) {
    if (!agent) fields.add("User-Agent", core::own_user_agent());
    if (agent && !agent->empty()) fields.add("User-Agent", *agent);
  }
  if (!own.contains("Accept")) fields.add("Accept", "*/*");
  if (accepts_codings(options)) fields.add_accepted_codings(coding::accepted());
  for (const auto [name, value] : own) fields.add(name, value);
  return std::make_shared<const core::StandingFields>(std::move(fields));
}

/// Of a client that wants nothing of its own. One object for the whole program: requests of different clients
/// have the same head then.
const core::StandingFieldsPtr& default_fields() {
  static const core::StandingFieldsPtr fields = make_fields({}, {});
  return fields;
}

const core::StandingFieldsPtr& shared_fields(const ClientOptions& options) {
  return accepts_codings(options) ? default_fields() : core::usual_fields();
}

}  // namespace

ClientDefaults::ClientDefaults(const ClientOptions& options)
    : fields_(shared_fields(options)),
      library_fields_(fields_),
      headers_(options.headers),
      base_(options.base_url),
      query_(options.query) {
  check_headers(headers_);
  require(!options.user_agent || is_field_value(*options.user_agent), "user_agent is no field value");
  std::error_code ec;
  if (!base_.empty()) Url::parse(base_, ec);
  require(!ec, "base_url is no absolute http or https URL");
  if (options.user_agent || !headers_.empty()) fields_ = make_fields(options, headers_);
  if (options.user_agent) library_fields_ = make_fields(options, {});
}

void ClientDefaults::add_headers(Request& request) const {
  Headers missing;  // gathered first: a name may stand there twice
  for (const auto [name, value] : headers_) {
    if (!core::has_own_field(request, name)) missing.add(name, value);
  }
  for (const auto [name, value] : missing) request.headers.add(name, value);
}

std::string ClientDefaults::resolve(const std::string& url) const {
  return base_.empty() || detail::scheme_length(url) > 0 ? url : resolve_reference(base_, url);
}

std::string ClientDefaults::url_of(const Request& request) const {
  return with_query(with_query(resolve(request.url), query_), request.query);
}

std::string with_query(std::string url, const QueryParameters& parameters) {
  if (parameters.empty()) return url;
  const std::size_t end = std::min(url.find('#'), url.size());
  const std::string fragment = url.substr(end);
  url.resize(end);
  const std::size_t mark = url.find('?');
  // An empty query, and one that ends with its separator, are there to be gone on with.
  const bool open = mark + 1 == url.size() || url.ends_with('&');
  char before = mark == url.npos ? '?' : open ? '\0' : '&';
  for (const auto& [name, value] : parameters) {
    if (before != '\0') url += before;
    url.append(percent_encode(name)).append("=").append(percent_encode(value));
    before = '&';
  }
  return url + fragment;
}

}  // namespace headway::exec
