// SPDX-License-Identifier: BSL-1.0
#include "survey/report_json.hpp"

#include "survey/json_writer.hpp"

namespace survey {
namespace {

void write_settings(JsonWriter& json, const SurveySettings& settings) {
  json.key("settings");
  json.begin_object();
  json.field("servers", settings.servers);
  json.field("requests", settings.requests);
  json.field("threads", settings.threads);
  json.field("interval_ms", static_cast<double>(settings.interval.count()));
  json.end_object();
}

void write_latency(JsonWriter& json, const Latency& latency) {
  json.key("latency_ms");
  json.begin_object();
  json.field("count", static_cast<int>(latency.count()));
  if (!latency.empty()) {
    json.field("min", to_milliseconds(latency.min()));
    json.field("p50", to_milliseconds(latency.p50()));
    json.field("p95", to_milliseconds(latency.p95()));
    json.field("p99", to_milliseconds(latency.p99()));
    json.field("max", to_milliseconds(latency.max()));
  }
  json.end_object();
}

void write_census(JsonWriter& json, std::string_view key, const Census& census) {
  json.key(key);
  json.begin_object();
  for (TcpState state : counted_states) json.field(name(state), census[state]);
  json.end_object();
}

void write_result(JsonWriter& json, const PlanResult& result) {
  json.begin_object();
  json.field("plan", std::string_view(result.plan));
  json.field("requests", result.requests);
  json.field("failures", result.failures);
  json.field("connections_opened", result.connections_opened);
  json.field("requests_per_connection", requests_per_connection(result));
  json.field("wall_seconds", result.wall_seconds);
  write_latency(json, result.latency);
  write_census(json, "sockets_at_end", result.end);
  write_census(json, "sockets_at_peak", result.peak);
  json.key("first_errors");
  json.begin_array();
  for (const std::string& error : result.first_errors) json.value(std::string_view(error));
  json.end_array();
  json.end_object();
}

}  // namespace

std::string report_json(const std::vector<PlanResult>& results, const SurveySettings& settings,
                        std::string_view advice) {
  JsonWriter json;
  json.begin_object();
  write_settings(json, settings);
  json.key("plans");
  json.begin_array();
  for (const PlanResult& result : results) write_result(json, result);
  json.end_array();
  json.field("advice", advice);
  json.end_object();
  return json.text();
}

}  // namespace survey
