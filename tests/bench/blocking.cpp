// SPDX-License-Identifier: BSL-1.0
//
// The same exchange again and again by each of several blocking clients: rounds.hpp has the options that all
// benchmarks share. These are its own:
//
//   --url URL                  http or https; what is asked
//   --trust FILE               the authority's certificate, for https
//   --connection kept|new      whether requests share a connection
//   --handshakes resumed|full  whether a new connection takes up the TLS session of another, by those who can
//   --upload MIB               PUTs so many MiB rather than getting
//   --body memory|file         where bodies come from and go to, by those who can
//   --threads N, --connections N   that many threads over that many connections
//
//   blocking --url http://127.0.0.1:8080/ --requests 50000 --peer bare --peer headway
#include "tests/bench/blocking_peers.hpp"
#include "tests/bench/program.hpp"
#include "tests/bench/rounds.hpp"
#include "tests/support/temporary_directory.hpp"

#include <headway/client.hpp>

#include <charconv>
#include <fstream>

namespace headway::bench {
namespace {

/// The length that the server gives to its answer's body.
std::uint64_t learn_answer(const Job& job) {
  Client client({.tls = {.ca_file = job.trusted}});
  Request request{.url = std::string(job.url.str())};
  if (job.upload != 0) {
    request.method = "PUT";
    request.body = "a body";
  }
  const ResponseStream stream = client.open(request);
  const std::string_view length = stream.head().headers["Content-Length"];
  std::uint64_t answer = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), answer);
  if (stream.head().status != 200 || error != std::errc() || answer == 0)
    throw std::runtime_error("no answer of 200 with a Content-Length from " + std::string(job.url.str()));
  return answer;
}

/// Whether it is the second of two, the first being what it is where none is given.
bool is_second(const Arguments& arguments, std::string_view name, std::string_view first,
               std::string_view second) {
  const std::string value = arguments.text(name, first);
  if (value != first && value != second)
    throw std::invalid_argument(std::string(name) + " is to be " + std::string(first) + " or " +
                                std::string(second) + ": " + value);
  return value == second;
}

Job parse_job(const Arguments& arguments) {
  if (arguments.text("--url").empty()) throw std::invalid_argument("--url is missing");
  Job job{.url = Url(arguments.text("--url")), .trusted = arguments.text("--trust")};
  if (!arguments.text("--upload").empty())
    job.upload = static_cast<std::uint64_t>(arguments.number("--upload", 1)) * 1024 * 1024;
  if (is_second(arguments, "--connection", "kept", "new")) job.connections = Connections::new_each;
  if (is_second(arguments, "--handshakes", "resumed", "full")) job.handshakes = Handshakes::full;
  job.answer = learn_answer(job);
  return job;
}

/// A file for the job's bodies: with what is uploaded, which all clients then find in the page cache.
std::string make_file(const testing::TemporaryDirectory& directory, const Job& job) {
  const std::string path = directory.path() / "body";
  std::ofstream file(path, std::ios::binary);
  const std::string piece(piece_size, 'b');
  for (std::uint64_t size = 0; size < job.upload; size += piece.size()) file << piece;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
  return path;
}

using Make = std::unique_ptr<Peer> (*)(const Job& job);

/// The floor, and the other clients: each has its own way of keeping one connection.
std::vector<std::pair<std::string, Make>> peers(const Job& job) {
  std::vector<std::pair<std::string, Make>> all;
  if (job.file.empty() || !job.secure()) all.emplace_back("bare", make_bare);
#ifdef HEADWAY_BENCH_CURL
  all.emplace_back("libcurl", make_curl);
#endif
#ifdef HEADWAY_BENCH_HTTPLIB
  const bool resumes =
      job.secure() && job.connections == Connections::new_each && job.handshakes == Handshakes::resumed;
  if (!resumes && job.file.empty()) all.emplace_back("cpp-httplib", make_httplib);
#endif
  // These two are here for small bodies without TLS.
  if (job.secure() || job.large() || job.upload != 0) return all;
#ifdef HEADWAY_BENCH_BEAST
  all.emplace_back("beast", make_beast);
#endif
#ifdef HEADWAY_BENCH_POCO
  all.emplace_back("poco", make_poco);
#endif
  return all;
}

std::vector<Candidate> candidates(const Job& job) {
  std::vector<Candidate> all{{"headway", [job] { return make_headway(job, Use::defaults); }}};
  for (const auto& [name, make] : peers(job)) all.push_back({name, [job, make] { return make(job); }});
  if (job.connections == Connections::new_each || job.large() || job.upload != 0) return all;
  all.push_back({"headway-fresh", [job] { return make_headway(job, Use::fresh); }});
  all.push_back({"headway-unchecked", [job] { return make_headway(job, Use::unchecked); }});
  all.push_back({"headway-all", [job] { return make_headway(job, Use::all); }});
  return all;
}

std::vector<Candidate> crowds(const Job& job, const Crowd& crowd) {
  std::vector<Candidate> all{
      {"headway", [job, crowd] { return make_headway_crowd(job, Use::defaults, crowd); }}};
  for (const auto& [name, make] : peers(job))
    all.push_back({name, [name, job, make, crowd] {
                     return make_queue(crowd, {name, [&] { return make(job); }});
                   }});
  return all;
}

void run(int argc, char** argv) {
  const Arguments arguments(argc, argv,
                            {"--url", "--trust", "--connection", "--handshakes", "--upload", "--body",
                             "--threads", "--connections", "--workload", "--requests", "--rounds", "--peer"});
  Job job = parse_job(arguments);
  const Crowd crowd{arguments.number("--threads", 1), arguments.number("--connections", 1)};
  const testing::TemporaryDirectory directory;
  if (is_second(arguments, "--body", "memory", "file")) {
    if (crowd.threads > 1) throw std::invalid_argument("--body file is for one thread");
    job.file = make_file(directory, job);
  }
  const bool small = !job.large() && job.upload == 0;
  run_rounds(arguments,
             {.name = "blocking",
              .requests = small ? 50'000 : 10,
              .warm_up = small ? 200 * crowd.threads : 1,
              .connections = job.connections == Connections::new_each ? 0 : crowd.connections},
             crowd.threads == 1 ? candidates(job) : crowds(job, crowd));
}

}  // namespace
}  // namespace headway::bench

int main(int argc, char** argv) {
  return headway::bench::run_main("blocking", [&] { headway::bench::run(argc, argv); });
}
