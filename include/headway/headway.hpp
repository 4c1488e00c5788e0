// SPDX-License-Identifier: BSL-1.0
#pragma once

// Everything a program needs; each type also has a header of its own.

#include <headway/async.hpp>
#include <headway/basic_connection_manager.hpp>
#include <headway/body.hpp>
#include <headway/client.hpp>
#include <headway/client_options.hpp>
#include <headway/close_reason.hpp>
#include <headway/connection.hpp>
#include <headway/connection_manager.hpp>
#include <headway/cookie_jar.hpp>
#include <headway/credentials.hpp>
#include <headway/dial_options.hpp>
#include <headway/download.hpp>
#include <headway/error.hpp>
#include <headway/event_stream.hpp>
#include <headway/headers.hpp>
#include <headway/http_route.hpp>
#include <headway/idle_connection_monitor.hpp>
#include <headway/interceptor.hpp>
#include <headway/keep_alive_strategy.hpp>
#include <headway/lease.hpp>
#include <headway/method.hpp>
#include <headway/no_proxy.hpp>
#include <headway/pool_options.hpp>
#include <headway/pool_stats.hpp>
#include <headway/pooling_connection_manager.hpp>
#include <headway/progress.hpp>
#include <headway/proxy.hpp>
#include <headway/proxy_refusal.hpp>
#include <headway/query_parameters.hpp>
#include <headway/range.hpp>
#include <headway/redirect_strategy.hpp>
#include <headway/request.hpp>
#include <headway/resolver.hpp>
#include <headway/response.hpp>
#include <headway/response_stream.hpp>
#include <headway/retry_strategy.hpp>
#include <headway/reuse_strategy.hpp>
#include <headway/stale_check.hpp>
#include <headway/status_retries.hpp>
#include <headway/time.hpp>
#include <headway/timeouts.hpp>
#include <headway/tls_options.hpp>
#include <headway/url.hpp>
