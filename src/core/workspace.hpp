// SPDX-License-Identifier: BSL-1.0
#pragma once

// What a request needs while it is under way: the parser and the buffers. Kept by each thread for its next
// request, so that neither requests nor idle connections pay for them.

#include "src/core/request_writer.hpp"
#include "src/core/response_reader.hpp"
#include "src/core/way.hpp"

#include <headway/http_route.hpp>
#include <headway/url.hpp>

#include <array>
#include <memory>
#include <span>
#include <string>

namespace headway::core {

class Workspace {
 public:
  static constexpr std::size_t input_size = 16 * 1024;

  ResponseReader reader;
  std::string output;  ///< the request's head, or pieces of its body

  /// Bytes received and not yet dealt with.
  std::string_view input() const noexcept { return {input_.get() + begin_, end_ - begin_}; }
  bool has_input() const noexcept { return begin_ != end_; }
  void consume(std::size_t n) noexcept { begin_ += n; }
  /// Room to receive into. Preconditions: !has_input().
  std::span<char> room() {
    begin_ = end_ = 0;
    if (!input_) input_ = take_input();
    return {input_.get(), input_size};
  }
  void received(std::size_t n) noexcept { end_ = n; }
  void clear() noexcept;

  /// Parses the URL and finds its route, unless they are the last request's. `fields`: of the client that
  /// asks. Preconditions: ec is clear. Errors: those of Url::parse.
  void set_url(std::string_view text, std::error_code& ec, const StandingFieldsPtr& fields = usual_fields());
  /// How the URL's requests leave; null: straight there. Preconditions: set_url succeeded.
  void set_way(const std::shared_ptr<const Way>& way);
  /// What the route goes via where it goes straight there; null for nothing. Preconditions: set_url
  /// succeeded, and there is no way.
  void set_via(const std::shared_ptr<const RouteVia>& via);
  /// Preconditions: set_url succeeded.
  const Url& url() const noexcept { return url_; }
  /// Whether the URL's text is what it was parsed from, letter for letter.
  bool has_url_as_given() const noexcept { return as_given_; }
  const HttpRoute& route() const noexcept { return route_; }
  const RequestTarget& target() const noexcept { return target_; }

 private:
  static std::unique_ptr<char[]> take_input();

  void find_route();

  std::string url_text_;            // that the three were made of; empty: they are not valid
  std::shared_ptr<const Way> way_;  // likewise
  StandingFieldsPtr fields_;        // likewise
  Url url_;
  bool as_given_ = false;
  HttpRoute route_;
  std::shared_ptr<const RouteVia> via_;  // of the route
  RequestTarget target_;
  std::unique_ptr<char[]> input_;  // null until something is received
  std::size_t begin_ = 0, end_ = 0;
};

/// Gives the workspace back to the thread that lets go of it.
struct WorkspaceReturner {
  void operator()(Workspace* workspace) const noexcept;
};
using WorkspacePtr = std::unique_ptr<Workspace, WorkspaceReturner>;

/// One that this thread has kept, or a new one.
WorkspacePtr take_workspace();

}  // namespace headway::core
