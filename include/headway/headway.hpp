// SPDX-License-Identifier: BSL-1.0
#pragma once

// Everything that headway offers, in one include.

#include <headway/body.hpp>
#include <headway/close_reason.hpp>
#include <headway/connection.hpp>
#include <headway/error.hpp>
#include <headway/headers.hpp>
#include <headway/http_route.hpp>
#include <headway/keep_alive_strategy.hpp>
#include <headway/method.hpp>
#include <headway/pool.hpp>
#include <headway/pool_options.hpp>
#include <headway/pool_stats.hpp>
#include <headway/request.hpp>
#include <headway/response.hpp>
#include <headway/retry_strategy.hpp>
#include <headway/reuse_strategy.hpp>
#include <headway/stale_check.hpp>
#include <headway/time.hpp>
#include <headway/timeouts.hpp>
#include <headway/url.hpp>
