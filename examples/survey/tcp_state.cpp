// SPDX-License-Identifier: BSL-1.0
#include "survey/tcp_state.hpp"

namespace survey {

std::string_view name(TcpState state) {
  switch (state) {
    case TcpState::established:
      return "ESTABLISHED";
    case TcpState::syn_sent:
      return "SYN_SENT";
    case TcpState::syn_received:
      return "SYN_RECV";
    case TcpState::fin_wait_1:
      return "FIN_WAIT1";
    case TcpState::fin_wait_2:
      return "FIN_WAIT2";
    case TcpState::time_wait:
      return "TIME_WAIT";
    case TcpState::closed:
      return "CLOSED";
    case TcpState::close_wait:
      return "CLOSE_WAIT";
    case TcpState::last_ack:
      return "LAST_ACK";
    case TcpState::listening:
      return "LISTEN";
    case TcpState::closing:
      return "CLOSING";
  }
  return "UNKNOWN";
}

}  // namespace survey
