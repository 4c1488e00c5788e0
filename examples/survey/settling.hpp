// SPDX-License-Identifier: BSL-1.0
#pragma once

// Waiting for sockets that are on their way to another state: what is counted a moment after a close is not
// yet what is left of it. Any thread.

#include "survey/socket_baseline.hpp"

#include <chrono>
#include <functional>
#include <vector>

namespace survey {

/// Looks every other millisecond, for at most `limit`, until `holds`; returns whether it did.
bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds limit);

/// Whether no socket is on its way to another state by itself: none is being opened or half closed.
bool is_settled(const Census& census);

/// Counts what is there once `settled` says so of it, or after two seconds: a server may keep a connection
/// half closed for as long as it likes.
Census take_when(const std::function<bool(const Census&)>& settled, const std::vector<Endpoint>& servers,
                 const SocketBaseline& baseline);

}  // namespace survey
