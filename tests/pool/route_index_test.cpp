// SPDX-License-Identifier: BSL-1.0
#include <headway/detail/route_index.hpp>

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace headway::detail {
namespace {

struct State {
  HttpRoute route;
  int number = 0;
};
using Index = RouteIndex<State>;

HttpRoute route_of(int number) { return {"http", "host-" + std::to_string(number) + ".test"}; }

State& add(Index& index, int number) {
  return index.add(std::make_unique<State>(State{route_of(number), number}));
}

TEST(RouteIndex, of_nothing_knows_nothing) {
  const Index index;
  EXPECT_EQ(index.find(route_of(1)), nullptr);
  EXPECT_EQ(index.size(), 0U);
}

TEST(RouteIndex, keeps_states_where_they_are) {
  Index index;
  State& first = add(index, 0);
  for (int i = 1; i < 1000; ++i) add(index, i);
  EXPECT_EQ(index.find(route_of(0)), &first);
  EXPECT_EQ(index.size(), 1000U);
}

TEST(RouteIndex, does_what_a_map_does_in_any_order) {
  std::mt19937 random(7);
  for (const int routes : {3, 11, 12, 40, 300}) {
    Index index;
    std::map<int, State*> model;
    for (int step = 0; step < 20'000; ++step) {
      const int number = static_cast<int>(random() % static_cast<unsigned>(routes));
      const auto known = model.find(number);
      ASSERT_EQ(index.find(route_of(number)), known == model.end() ? nullptr : known->second);
      if (known == model.end()) {
        model[number] = &add(index, number);
      } else {
        index.erase(*known->second);
        model.erase(known);
      }
      ASSERT_EQ(index.size(), model.size());
    }
    for (const auto& [number, state] : model) EXPECT_EQ(index.find(route_of(number)), state);
    std::size_t visited = 0;
    index.for_each([&](const State& state) {
      ++visited;
      EXPECT_EQ(model.at(state.number), &state);
    });
    EXPECT_EQ(visited, model.size());
  }
}

TEST(RouteIndex, erases_all_that_are_unwanted_and_no_others) {
  for (int routes = 1; routes < 200; ++routes) {
    Index index;
    for (int i = 0; i < routes; ++i) add(index, i);
    index.erase_if([](const State& state) { return state.number % 3 != 0; });
    EXPECT_EQ(index.size(), static_cast<std::size_t>((routes + 2) / 3));
    for (int i = 0; i < routes; ++i) EXPECT_EQ(index.find(route_of(i)) != nullptr, i % 3 == 0) << i;
    index.erase_if([](const State&) { return true; });
    EXPECT_EQ(index.size(), 0U);
  }
}

}  // namespace
}  // namespace headway::detail
