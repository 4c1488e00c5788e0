// SPDX-License-Identifier: BSL-1.0
#pragma once

// Happy Eyeballs (RFC 8305 section 5): several addresses are tried one beside the other, the first connection
// wins, the others are closed. One wait over all of their sockets.

#include "src/connect/attempt.hpp"
#include "src/connect/attempt_schedule.hpp"
#include "src/connect/connector.hpp"
#include "src/connect/names.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace headway::connect {

/// Owned by the operation that runs it, on its thread.
class Race {
 public:
  /// Preconditions: 1 to Names::most_addresses addresses. They and the settings must outlive the race.
  Race(std::span<const Address> addresses, const AttemptSettings& settings);

  /// The first connection, or an error that names every address tried and why: connect_timeout,
  /// connection_refused where all refused, else connect_failed. The race must outlive the operation.
  detail::Op<Dialled> run(TimePoint deadline);

  /// Nothing where all have lost.
  std::optional<std::size_t> winner() const noexcept { return winner_; }
  /// Whether it refused, or had its time and did not answer. For any address, after the race.
  bool has_lost(std::size_t index) const noexcept;

 private:
  using State = Attempt::State;

  bool begin_due(TimePoint now);
  bool look_at_all(TimePoint now);
  bool settle(std::size_t index, State state, TimePoint now);
  std::span<detail::SocketWant> wanted();
  Dialled won();
  Dialled lost(bool late);

  std::span<const Address> addresses_;
  const AttemptSettings& settings_;
  AttemptSchedule schedule_;
  std::array<Attempt, Names::most_addresses> attempts_;
  std::array<detail::SocketWant, Names::most_addresses> wants_{};
  std::size_t begun_ = 0;
  std::optional<std::size_t> winner_;
  bool all_refused_ = true;
  std::string tried_;  // those that failed, and why
};

}  // namespace headway::connect
