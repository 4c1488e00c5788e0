// SPDX-License-Identifier: BSL-1.0
#pragma once

// What is known of each route, found by one look into a table and one at the state itself: with many routes
// nothing is in a cache, and each further step would wait for the memory once more. Open addressing with
// linear probing; the table holds hashes and pointers, the states stay where they are.

#include <headway/http_route.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace headway::detail {

/// State has a member `route`, which is the key. Owns its states. Not thread-safe.
template <class State>
class RouteIndex {
 public:
  std::size_t size() const noexcept { return size_; }

  State* find(const HttpRoute& route) const noexcept {
    if (size_ == 0) return nullptr;
    const std::size_t hash = route.hash();
    for (std::size_t i = home_of(hash); places_[i].state; i = next(i)) {
      if (places_[i].hash == hash && places_[i].state->route == route) return places_[i].state.get();
    }
    return nullptr;
  }

  /// Preconditions: none is known for its route. Nothing has happened where memory is out.
  State& add(std::unique_ptr<State> state) {
    if (4 * (size_ + 1) > 3 * places_.size()) grow();
    State& added = *state;
    insert(places_, {added.route.hash(), std::move(state)});
    ++size_;
    return added;
  }

  /// Preconditions: it is one of them.
  void erase(const State& state) noexcept {
    std::size_t i = home_of(state.route.hash());
    while (places_[i].state.get() != &state) i = next(i);
    erase_at(i);
  }

  /// Those for which `unwanted` is true; it may be asked about one more than once.
  template <class Unwanted>
  void erase_if(Unwanted unwanted) {
    for (std::size_t i = 0; i < places_.size();) {
      if (places_[i].state && unwanted(*places_[i].state)) {
        erase_at(i);  // another may have come to this place
      } else {
        ++i;
      }
    }
  }

  /// In no order. Neither adds nor erases meanwhile.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Place& place : places_) {
      if (place.state) visit(*place.state);
    }
  }

 private:
  struct Place {
    std::size_t hash = 0;
    std::unique_ptr<State> state;
  };

  static constexpr std::size_t first_size = 16;

  static std::size_t home_of(std::size_t hash, std::size_t size) noexcept {
    // The upper bits of the product depend on all of the hash.
    return static_cast<std::size_t>((hash * std::uint64_t{0x9e3779b97f4a7c15}) >> 32) & (size - 1);
  }
  std::size_t home_of(std::size_t hash) const noexcept { return home_of(hash, places_.size()); }
  std::size_t next(std::size_t i) const noexcept { return (i + 1) & (places_.size() - 1); }

  static void insert(std::vector<Place>& places, Place place) noexcept {
    std::size_t i = home_of(place.hash, places.size());
    while (places[i].state) i = (i + 1) & (places.size() - 1);
    places[i] = std::move(place);
  }

  void grow() {
    std::vector<Place> larger(places_.empty() ? first_size : 2 * places_.size());
    for (Place& place : places_) {
      if (place.state) insert(larger, std::move(place));
    }
    places_ = std::move(larger);
  }

  /// Those behind the gap that would not be found beyond it move up.
  void erase_at(std::size_t gap) noexcept {
    places_[gap].state.reset();
    --size_;
    for (std::size_t i = next(gap); places_[i].state; i = next(i)) {
      const std::size_t home = home_of(places_[i].hash);
      const std::size_t mask = places_.size() - 1;
      if (((i - home) & mask) < ((i - gap) & mask)) continue;  // its home lies behind the gap
      places_[gap] = std::move(places_[i]);
      gap = i;
    }
  }

  std::vector<Place> places_;  // a power of two of them, at most three quarters taken
  std::size_t size_ = 0;
};

}  // namespace headway::detail
