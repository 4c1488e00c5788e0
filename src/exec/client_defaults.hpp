// SPDX-License-Identifier: BSL-1.0
#pragma once

// What the requests of one client have in common beyond their connections. Read-only once it is made; any
// thread.

#include "src/core/standing_fields.hpp"

#include <headway/client_options.hpp>
#include <headway/request.hpp>

#include <string>

namespace headway::exec {

class ClientDefaults {
 public:
  /// Throws std::system_error (Error::invalid_option) that names the member.
  explicit ClientDefaults(const ClientOptions& options);

  /// Of requests as their callers made them.
  const core::StandingFieldsPtr& fields() const noexcept { return fields_; }
  /// Of requests that have been through `add_headers`.
  const core::StandingFieldsPtr& library_fields() const noexcept { return library_fields_; }
  /// Adds the client's headers where the request has none of that name: it may be for another server next,
  /// and must know what to leave behind.
  void add_headers(Request& request) const;

  /// Whether all requests have this field, unless they have another value for it.
  bool has_header(std::string_view name) const noexcept { return headers_.contains(name); }

  bool changes_urls() const noexcept { return !base_.empty() || !query_.empty(); }
  /// Where the request really goes. What cannot be a URL comes out as none either.
  std::string url_of(const Request& request) const;
  /// The same without the request's query.
  std::string resolve(const std::string& url) const;

 private:
  core::StandingFieldsPtr fields_, library_fields_;
  Headers headers_;
  std::string base_;
  QueryParameters query_;
};

/// The URL with more parameters behind its query, in front of its fragment.
std::string with_query(std::string url, const QueryParameters& parameters);

}  // namespace headway::exec
