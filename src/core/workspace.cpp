// SPDX-License-Identifier: BSL-1.0
#include "src/core/workspace.hpp"

namespace headway::core {
namespace {

constexpr std::size_t kept_per_thread = 4;         // an operation uses one; a thread that opens streams a few
constexpr std::size_t largest_output = 65 * 1024;  // one with more room is not kept

struct Shelf {
  std::array<Workspace*, kept_per_thread> kept{};
  std::size_t count = 0;
  bool closed = false;
  ~Shelf() {
    closed = true;
    while (count > 0) delete kept[--count];
  }
};

thread_local Shelf shelf;

}  // namespace

/// Of a workspace that this thread has kept, if it can be: calls that wait for a lease have no use for one.
std::unique_ptr<char[]> Workspace::take_input() {
  for (Workspace* kept : std::span(shelf.kept).first(shelf.count)) {
    if (kept->input_) return std::move(kept->input_);
  }
  return std::make_unique_for_overwrite<char[]>(input_size);
}

void Workspace::clear() noexcept {
  begin_ = end_ = 0;
  output.clear();
  if (output.capacity() > largest_output) std::string().swap(output);
}

void Workspace::set_url(std::string_view text, std::error_code& ec, const StandingFieldsPtr& fields) {
  if (!url_text_.empty() && url_text_ == text && fields_ == fields) return;
  url_text_.clear();
  Url::parse(text, url_, ec);
  if (ec) return;
  way_ = nullptr;
  via_ = nullptr;
  find_route();
  fields_ = fields;
  target_ = RequestTarget(url_, TargetForm::origin, *fields_);
  url_text_ = text;
  as_given_ = url_.str() == text;
}

void Workspace::set_way(const std::shared_ptr<const Way>& way) {
  if (way_ == way) return;
  std::shared_ptr<const RouteVia> via;
  if (way) via = {way, &way->via};
  // Whole or not at all: with another route a proxy's login would go to the origin.
  HttpRoute route = route_of(url_, way.get(), via);
  target_ = RequestTarget(url_, way ? way->form : TargetForm::origin, *fields_);
  route_ = std::move(route);
  via_ = std::move(via);
  way_ = way;
}

void Workspace::set_via(const std::shared_ptr<const RouteVia>& via) {
  if (via_ == via) return;
  route_ = route_of(url_, way_.get(), via);
  via_ = via;
}

void Workspace::find_route() { route_ = route_of(url_, way_.get(), via_); }

void WorkspaceReturner::operator()(Workspace* workspace) const noexcept {
  Shelf& mine = shelf;
  if (mine.closed || mine.count == kept_per_thread) {
    delete workspace;
    return;
  }
  workspace->clear();
  mine.kept[mine.count++] = workspace;
}

WorkspacePtr take_workspace() {
  Shelf& mine = shelf;
  if (!mine.closed && mine.count > 0) return WorkspacePtr(mine.kept[--mine.count]);
  return WorkspacePtr(new Workspace);
}

}  // namespace headway::core
