// SPDX-License-Identifier: BSL-1.0

// The rules about which file may include what, read off the source tree itself. Each rule stands in a table
// and is tried on a file that breaks it, too.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct SourceFile {
  std::string path;  // from the root of the tree, as in "src/core/framing.cpp"
  std::string text;
};

/// An include that matches `header` may stand in no file but those whose path matches `allowed_in`.
struct Room {
  const char* header;
  const char* allowed_in;
};

const std::vector<Room> rooms = {
    {"llhttp\\.h|llhttp/.*", "src/core/response_(reader\\.cpp|parser\\.[ch]pp)"},
    {"openssl/.*", "src/connect/tls[^/]*|src/auth/message_digest\\.cpp"},
    {"zlib\\.h", "src/coding/zlib_decoder\\.cpp"},
    {"brotli/.*", "src/coding/brotli_decoder\\.cpp"},
    {"zstd\\.h", "src/coding/zstd_decoder\\.cpp"},
    {"libpsl\\.h", "src/cookies/public_suffix\\.cpp"},
    {"(poll|netdb|ifaddrs|sys/(socket|epoll|un|eventfd)|netinet/.*|net/if)\\.h",
     "src/(connect|drive|testing)/.*|src/core/[^/]*socket[^/]*"},
    // Not a socket's alone: it also tells an address from a name.
    {"arpa/inet\\.h", "src/(connect|drive|testing)/.*|src/(no_proxy|url_chars)\\.cpp"},
};

/// A file whose path matches `layer` may not include what matches `above`: dependencies point one way.
struct Direction {
  const char* layer;
  const char* above;
};

const std::vector<Direction> directions = {
    {"include/.*", "src/.*"},
    {"src/core/.*", "src/(connect|exec|drive)/.*"},
    {"src/coding/.*", "src/(connect|core|drive|exec|manage)/.*"},
    {"src/auth/.*", "src/(coding|connect|cookies|core|drive|exec|manage)/.*"},
    {"src/cookies/.*", "src/(coding|connect|core|drive|exec|manage)/.*"},
    {"src/connect/.*", "src/exec/.*"},
    {"src/drive/.*", "src/(connect|exec)/.*"},
    {"(include|src)/.*", "(examples|tests)/.*"},
    // The kit is for tests: nothing of the library knows of it, and it needs no test framework.
    {"include/headway/(?!testing/).*|src/(?!testing/).*", "headway/testing/.*|src/testing/.*"},
    {"(include/headway|src)/testing/.*", "src/(exec|drive|manage)/.*|g(test|mock)/.*"},
};

constexpr std::size_t longest_file = 300;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// What the file includes, as written; a "…" without a folder is in the file's own.
std::vector<std::string> includes_of(const SourceFile& file) {
  static const std::regex directive(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  std::vector<std::string> includes;
  std::smatch match;
  for (const std::string& line : lines_of(file.text)) {
    if (!std::regex_match(line, match, directive)) continue;
    const bool bare = match[1] == "\"" && match[2].str().find('/') == std::string::npos;
    includes.push_back(bare ? file.path.substr(0, file.path.rfind('/') + 1) + match[2].str()
                            : match[2].str());
  }
  return includes;
}

bool matches(const std::string& text, const char* pattern) {
  return std::regex_match(text, std::regex(pattern));
}

std::vector<std::string> misplaced_includes(const SourceFile& file) {
  std::vector<std::string> found;
  for (const std::string& include : includes_of(file)) {
    for (const Room& room : rooms)
      if (matches(include, room.header) && !matches(file.path, room.allowed_in))
        found.push_back(file.path + " includes " + include);
    for (const Direction& direction : directions)
      if (matches(file.path, direction.layer) && matches(include, direction.above))
        found.push_back(file.path + " includes " + include);
  }
  return found;
}

std::vector<std::string> wrong_openings(const SourceFile& file) {
  const std::vector<std::string> lines = lines_of(file.text);
  std::vector<std::string> found;
  if (lines.empty() || lines[0] != "// SPDX-License-Identifier: BSL-1.0")
    found.push_back(file.path + " does not open with its licence");
  if (file.path.ends_with(".hpp") && std::ranges::find(lines, "#pragma once") == lines.end())
    found.push_back(file.path + " has no #pragma once");
  return found;
}

std::vector<std::string> excessive_lengths(const SourceFile& file) {
  const std::size_t length = lines_of(file.text).size();
  if (length <= longest_file) return {};
  return {file.path + " has " + std::to_string(length) + " lines"};
}

/// All C++ files under these folders.
std::vector<SourceFile> files_under(const std::vector<std::string>& folders) {
  const std::filesystem::path root = SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".hpp" && entry.path().extension() != ".cpp") continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      files.push_back({entry.path().lexically_relative(root).generic_string(), text.str()});
    }
  }
  return files;
}

using Rule = std::vector<std::string> (*)(const SourceFile&);

std::vector<std::string> breaches(Rule rule, const std::vector<std::string>& folders) {
  std::vector<std::string> all;
  for (const SourceFile& file : files_under(folders))
    for (const std::string& breach : rule(file)) all.push_back(breach);
  return all;
}

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(Layering, has_files_to_look_at) {
  EXPECT_THAT(files_under({"include"}), Not(IsEmpty()));
  EXPECT_THAT(files_under({"src"}), Not(IsEmpty()));
}

TEST(Layering, every_include_stands_where_it_may) {
  EXPECT_THAT(breaches(misplaced_includes, {"include", "src"}), IsEmpty());
}

TEST(Layering, every_file_opens_as_all_do) {
  EXPECT_THAT(breaches(wrong_openings, {"include", "src", "tests", "examples"}), IsEmpty());
}

TEST(Layering, no_file_of_the_library_is_too_long) {
  EXPECT_THAT(breaches(excessive_lengths, {"include", "src"}), IsEmpty());
}

TEST(Layering, every_public_header_is_installed_and_in_the_header_of_all) {
  std::ostringstream list, all;
  list << std::ifstream(SOURCE_DIR "/include/CMakeLists.txt").rdbuf();
  all << std::ifstream(SOURCE_DIR "/include/headway/headway.hpp").rdbuf();
  std::ostringstream kit;
  kit << std::ifstream(SOURCE_DIR "/include/headway/testing/testing.hpp").rdbuf();
  for (const SourceFile& file : files_under({"include"})) {
    const std::string name = file.path.substr(std::string("include/").size());
    EXPECT_THAT(list.str(), testing::HasSubstr("  " + name + "\n"));
    if (matches(name, "headway/testing/.*")) {
      if (!name.ends_with("/testing.hpp")) {
        EXPECT_THAT(kit.str(), testing::HasSubstr("#include <" + name + ">\n"));
      }
      continue;
    }
    // The pool's template is for whoever writes a manager, and heavy.
    if (matches(name, "headway/(headway|pool)\\.hpp|headway/(detail|impl)/.*")) continue;
    EXPECT_THAT(all.str(), testing::HasSubstr("#include <" + name + ">\n"));
  }
}

TEST(Layering, a_third_party_header_has_one_room) {
  EXPECT_THAT(misplaced_includes({"src/core/response_reader.cpp", "#include <llhttp.h>\n"}), IsEmpty());
  EXPECT_THAT(misplaced_includes({"src/core/framing.cpp", "#include <llhttp.h>\n"}),
              ElementsAre("src/core/framing.cpp includes llhttp.h"));
  EXPECT_THAT(misplaced_includes({"src/connect/tls_transport.cpp", "#include <openssl/ssl.h>\n"}), IsEmpty());
  EXPECT_THAT(misplaced_includes({"src/connect/connector.cpp", "#include <openssl/ssl.h>\n"}),
              Not(IsEmpty()));
  EXPECT_THAT(misplaced_includes({"src/drive/blocking_waiter.cpp", "# include <poll.h>\n"}), IsEmpty());
  EXPECT_THAT(misplaced_includes({"include/headway/pool.hpp", "#include <sys/socket.h>\n"}), Not(IsEmpty()));
}

TEST(Layering, dependencies_point_one_way) {
  EXPECT_THAT(misplaced_includes({"src/exec/retry.cpp", "#include \"src/core/exchange.hpp\"\n"}), IsEmpty());
  EXPECT_THAT(misplaced_includes({"src/core/exchange.cpp", "#include \"src/exec/retry.hpp\"\n"}),
              ElementsAre("src/core/exchange.cpp includes src/exec/retry.hpp"));
  EXPECT_THAT(misplaced_includes({"src/connect/tcp.cpp", "#include \"src/exec/retry.hpp\"\n"}),
              Not(IsEmpty()));
  EXPECT_THAT(misplaced_includes({"include/headway/url.hpp", "#include \"src/text.hpp\"\n"}), Not(IsEmpty()));
  EXPECT_THAT(misplaced_includes({"src/url.cpp", "#include \"tests/support/server.hpp\"\n"}), Not(IsEmpty()));
}

TEST(Layering, the_test_kit_stands_beside_the_library) {
  EXPECT_THAT(misplaced_includes(
                  {"src/testing/peer.cpp", "#include <headway/testing/peer.hpp>\n#include <poll.h>\n"}),
              IsEmpty());
  EXPECT_THAT(misplaced_includes({"src/client.cpp", "#include <headway/testing/manual_clock.hpp>\n"}),
              ElementsAre("src/client.cpp includes headway/testing/manual_clock.hpp"));
  EXPECT_THAT(misplaced_includes({"include/headway/time.hpp", "#include <headway/testing/patience.hpp>\n"}),
              Not(IsEmpty()));
  EXPECT_THAT(misplaced_includes({"include/headway/testing/peer.hpp", "#include <poll.h>\n"}),
              Not(IsEmpty()));
  EXPECT_THAT(misplaced_includes({"src/testing/peer.cpp", "#include \"src/exec/call.hpp\"\n"}),
              Not(IsEmpty()));
  EXPECT_THAT(misplaced_includes({"src/testing/peer.cpp", "#include <gtest/gtest.h>\n"}), Not(IsEmpty()));
}

TEST(Layering, a_file_without_licence_or_guard_is_found) {
  EXPECT_THAT(wrong_openings({"src/text.hpp", "// SPDX-License-Identifier: BSL-1.0\n#pragma once\n"}),
              IsEmpty());
  EXPECT_THAT(wrong_openings({"src/text.hpp", "// SPDX-License-Identifier: BSL-1.0\n"}),
              ElementsAre("src/text.hpp has no #pragma once"));
  EXPECT_THAT(wrong_openings({"src/text.cpp", "#include <string>\n"}),
              ElementsAre("src/text.cpp does not open with its licence"));
}

TEST(Layering, a_file_of_300_lines_is_the_longest) {
  EXPECT_THAT(excessive_lengths({"src/text.cpp", std::string(300, '\n')}), IsEmpty());
  EXPECT_THAT(excessive_lengths({"src/text.cpp", std::string(301, '\n')}), Not(IsEmpty()));
}

}  // namespace
