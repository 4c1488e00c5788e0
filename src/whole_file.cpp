// SPDX-License-Identifier: BSL-1.0
#include "src/whole_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

namespace headway::detail {
namespace {

std::error_code last_error() noexcept { return {errno, std::system_category()}; }

}  // namespace

void write_all(int file, std::string_view bytes, std::error_code& ec) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) {
      ec = last_error();
      return;
    }
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string read_whole_file(const std::string& path, std::size_t most, std::error_code& ec) {
  ec.clear();
  std::string text;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (file < 0) {
    ec = last_error();
    return text;
  }
  std::array<char, 16 * 1024> piece;
  for (ssize_t n = 1; n != 0 && !ec;) {
    n = ::read(file, piece.data(), piece.size());
    if (n < 0 && errno != EINTR) ec = last_error();
    if (n > 0) text.append(piece.data(), static_cast<std::size_t>(n));
    if (text.size() > most) ec = std::make_error_code(std::errc::file_too_large);
  }
  ::close(file);
  return ec ? std::string() : text;
}

void replace_file(const std::string& path, std::string_view text, std::error_code& ec) {
  ec.clear();
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) {
    ec = last_error();
    return;
  }
  write_all(file, text, ec);
  if (!ec && ::fsync(file) != 0) ec = last_error();
  if (::close(file) != 0 && !ec) ec = last_error();
  if (!ec && ::rename(temporary.c_str(), path.c_str()) != 0) ec = last_error();
  if (ec) ::unlink(temporary.c_str());
}

}  // namespace headway::detail
