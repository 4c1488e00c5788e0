// SPDX-License-Identifier: BSL-1.0
#include "src/exec/proxy_plan.hpp"

#include <headway/client_options.hpp>

#include <gtest/gtest.h>

#include <string>

namespace headway::exec {
namespace {

TEST(ProxyPlan, remembers_what_the_hook_chose_within_bounds) {
  std::string chosen;
  const Proxy options{.choose = [&](const Url&) { return chosen; }};
  const std::unique_ptr<ProxyPlan> plan = ProxyPlan::of(options, ClientRoutes(ClientOptions(), ""));
  const Url url("http://a.test/");
  std::error_code ec;
  std::string detail;
  const auto choose = [&](int i) {
    chosen = "http://p" + std::to_string(i);
    return plan->choose(url, ec, detail);
  };
  const ProxyHopPtr first = choose(0);
  for (int i = 1; i < 64; ++i) EXPECT_NE(choose(i), first);
  EXPECT_EQ(choose(0), first);
  choose(64);
  EXPECT_NE(choose(0), first);  // all were forgotten for the one too many
  EXPECT_EQ(ec, std::error_code());
}

}  // namespace
}  // namespace headway::exec
