// SPDX-License-Identifier: BSL-1.0
#include "survey/settling.hpp"

#include <algorithm>
#include <array>
#include <thread>

namespace survey {

using namespace std::chrono_literals;

bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
  auto deadline = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

bool is_settled(const Census& census) {
  constexpr std::array passing{TcpState::fin_wait_1, TcpState::fin_wait_2, TcpState::last_ack,
                               TcpState::closing,    TcpState::syn_sent,   TcpState::syn_received};
  return std::all_of(passing.begin(), passing.end(), [&](TcpState state) { return census[state] == 0; });
}

Census take_when(const std::function<bool(const Census&)>& settled, const std::vector<Endpoint>& servers,
                 const SocketBaseline& baseline) {
  Census census;
  wait_until([&] { return settled(census = baseline.take(servers)); }, 2s);
  return census;
}

}  // namespace survey
