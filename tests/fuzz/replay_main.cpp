// SPDX-License-Identifier: BSL-1.0

// Runs a fuzz target without a fuzzer: over every file of its corpus, then over mutations of them that are
// the same each time. An input that aborts the program is left in the file "failing-input" for a debugger.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int mutations = 2'000;
constexpr std::uint32_t seed = 20'230'619;

constexpr std::string_view notice = "the input that failed is in failing-input\n";
std::string current;  // what the target is being given

void keep_current(int signal) {
  const int file = open("failing-input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  [[maybe_unused]] auto written = write(file, current.data(), current.size());
  written = write(STDERR_FILENO, notice.data(), notice.size());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(std::string input) {
  current = std::move(input);
  // Out of a heap block of its own size, so that a read beyond the end is found.
  const std::vector<std::uint8_t> bytes(current.begin(), current.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::vector<std::string> read_corpus(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::vector<std::string> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

/// Changes inputs as a fuzzer does. It takes the generator's bare numbers: what a standard distribution makes
/// of them differs from one library to the next.
class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

  std::string next() {
    std::string input = pick();
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(input);
    return input;
  }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }
  const std::string& pick() { return corpus_[below(corpus_.size())]; }
  char byte() {
    constexpr std::string_view telling = "\r\n\t \0:;,/?#[]@%.0\x7f\xff";
    return below(2) == 0 ? telling[below(telling.size())] : static_cast<char>(below(256));
  }

  void change(std::string& input) {
    const std::size_t at = below(input.size() + 1);
    switch (below(5)) {
      case 0:
        input.insert(at, 1, byte());
        break;
      case 1:
        input.erase(at, 1 + below(8));
        break;
      case 2:
        input.resize(at);
        break;
      case 3:
        input.insert(at, pick().substr(0, 1 + below(64)));
        break;
      default:
        if (at < input.size()) input[at] = byte();
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937 random_{seed};
};

}  // namespace

int main(int argc, char** argv) {
  const auto corpus = argc == 2 ? read_corpus(argv[1]) : std::vector<std::string>{};
  if (corpus.empty()) {
    std::cerr << "usage: " << argv[0] << " CORPUS, a directory with at least one file\n";
    return EXIT_FAILURE;
  }
  std::signal(SIGABRT, keep_current);
  for (const std::string& input : corpus) run(input);
  Mutator mutator(corpus);
  for (int i = 0; i < mutations; ++i) run(mutator.next());
  std::cout << corpus.size() << " inputs and " << mutations << " mutations of them\n";
  return EXIT_SUCCESS;
}
