// SPDX-License-Identifier: BSL-1.0
#pragma once

// A plan put into practice: a way to ask that treats its connections as the plan says. What it leaves open is
// closed when it is destroyed.

#include "survey/plan.hpp"

#include <headway/response.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace survey {

class PlanClient {
 public:
  virtual ~PlanClient() = default;

  /// Any thread. Throws headway::RequestError.
  virtual headway::Response get(std::size_t server) = 0;
  /// What the plan has to do after its last response. One thread, when no get() is under way.
  virtual void finish() {}
  /// Those of failed requests are counted only where a pool counts them.
  virtual int connections_opened() const = 0;
};

/// For so many threads at a time.
std::unique_ptr<PlanClient> make_plan_client(Plan plan, const std::vector<std::string>& urls, int threads);

}  // namespace survey
