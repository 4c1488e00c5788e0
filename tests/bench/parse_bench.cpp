// SPDX-License-Identifier: BSL-1.0

// What reading a response's head costs, by the number of its fields, into memory that is used again.

#include "src/core/response_reader.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace headway::core {
namespace {

std::string response_with(int fields) {
  std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
  for (int i = 1; i < fields; ++i)
    text += "X-Field-" + std::to_string(i) + ": value of field " + std::to_string(i) + "; q=0.9\r\n";
  return text + "\r\n";
}

void parse_response(benchmark::State& state) {
  const std::string bytes = response_with(static_cast<int>(state.range(0)));
  ResponseReader reader;
  ResponseHead head;
  Headers trailers;
  std::error_code ec;
  for (auto _ : state) {
    reader.begin("GET", {}, head, trailers);
    reader.parse_head(bytes, ec);
    if (ec || !reader.done()) {
      state.SkipWithError("the response is not complete");
      break;
    }
    benchmark::DoNotOptimize(head);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(parse_response)->ArgName("fields")->Arg(3)->Arg(30)->Arg(100);

}  // namespace
}  // namespace headway::core

BENCHMARK_MAIN();
