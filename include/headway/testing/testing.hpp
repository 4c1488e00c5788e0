// SPDX-License-Identifier: BSL-1.0
#pragma once

// The whole test kit. It comes with the target headway::testing and needs no test framework.

#include <headway/testing/gate.hpp>
#include <headway/testing/loopback_server.hpp>
#include <headway/testing/make_pool.hpp>
#include <headway/testing/manual_clock.hpp>
#include <headway/testing/patience.hpp>
#include <headway/testing/peer.hpp>
#include <headway/testing/received_request.hpp>
#include <headway/testing/reserved_port.hpp>
#include <headway/testing/response.hpp>
#include <headway/testing/scripted_connection.hpp>
#include <headway/testing/scripted_network.hpp>
