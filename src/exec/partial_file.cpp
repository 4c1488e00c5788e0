// SPDX-License-Identifier: BSL-1.0
#include "src/exec/partial_file.hpp"

#include "src/whole_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <random>
#include <utility>

namespace headway::exec {

using detail::write_all;

namespace {

/// Longer URLs and tags are not worth a resumption.
constexpr std::size_t longest_origin = 64 * 1024;

std::error_code last_error() noexcept { return {errno, std::system_category()}; }

/// A descriptor's owner within one function.
class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0) noexcept
      : number_(::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const noexcept { return number_; }
  int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_;
};

std::string read_all(int file) {
  std::string text(longest_origin, '\0');
  const ssize_t n = ::pread(file, text.data(), text.size(), 0);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

std::string random_suffix() {
  std::random_device random;
  return '.' + std::to_string(random()) + ".part";
}

}  // namespace

PartialFile::PartialFile(std::string path, Resume resume)
    : path_(std::move(path)), keeps_(resume == Resume::on) {}

PartialFile::~PartialFile() {
  if (file_ < 0) return;
  if (!keeps_ || size_ == 0 || (restarted_ && validator_.empty())) drop();
  ::close(file_);
}

void PartialFile::drop() noexcept {
  ::unlink(part_.c_str());
  if (keeps_) ::unlink(origin_path().c_str());
}

void PartialFile::open(std::string_view url, std::error_code& ec) {
  ec.clear();
  keeps_ ? open_kept(ec) : open_unique(ec);
  if (!ec && keeps_) read_origin(url);
}

void PartialFile::open_unique(std::error_code& ec) {
  constexpr int most_tries = 100;
  for (int tries = 0; tries < most_tries && file_ < 0; ++tries) {
    part_ = path_ + random_suffix();
    file_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file_ < 0 && errno != EEXIST) break;
  }
  if (file_ < 0) ec = last_error();
}

// The lock ends with the descriptor. Whoever had it before may have given the file its name meanwhile.
void PartialFile::open_kept(std::error_code& ec) {
  part_ = path_ + ".part";
  File file(part_, O_RDWR | O_CREAT | O_NOFOLLOW, 0666);
  struct stat mine {
  }, named{};
  if (file.number() < 0 || ::fstat(file.number(), &mine) != 0) {
    ec = last_error();
  } else if (!S_ISREG(mine.st_mode)) {
    ec = std::make_error_code(std::errc::invalid_argument);
  } else if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0 || ::stat(part_.c_str(), &named) != 0 ||
             mine.st_ino != named.st_ino || mine.st_dev != named.st_dev) {
    ec = std::make_error_code(std::errc::text_file_busy);
  } else if (::fstat(file.number(), &mine) == 0) {  // as it is now that it is ours
    size_ = static_cast<std::uint64_t>(mine.st_size);
    file_ = file.release();
    ::lseek(file_, 0, SEEK_END);
  }
}

/// Two lines: URL and validator.
void PartialFile::read_origin(std::string_view url) {
  const File file(origin_path(), O_RDONLY | O_NOFOLLOW);
  if (file.number() < 0 || size_ == 0) return;
  const std::string text = read_all(file.number());
  const std::size_t line = text.find('\n');
  if (line == std::string::npos || !text.ends_with('\n') || std::string_view(text).substr(0, line) != url) {
    return;
  }
  validator_ = text.substr(line + 1, text.size() - line - 2);
  if (validator_.find('\n') != std::string::npos) validator_.clear();
}

void PartialFile::restart(std::string_view url, std::string_view validator, std::error_code& ec) {
  ec.clear();
  size_ = 0;
  restarted_ = true;
  validator_.clear();
  if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0) ec = last_error();
  if (ec || !keeps_) return;
  ::unlink(origin_path().c_str());
  if (validator.empty() || url.size() + validator.size() + 2 > longest_origin) return;
  const File file(origin_path(), O_WRONLY | O_CREAT | O_EXCL, 0600);  // URLs may hold secrets
  if (file.number() < 0) {
    ec = last_error();
    return;
  }
  write_all(file.number(), std::string(url).append("\n").append(validator).append("\n"), ec);
  if (!ec) validator_ = validator;
}

void PartialFile::append(std::string_view bytes, std::error_code& ec) {
  write_all(file_, bytes, ec);
  if (!ec) size_ += bytes.size();
}

bool PartialFile::commit(FileSync sync, std::error_code& ec) {
  ec.clear();
  if (sync == FileSync::on && ::fsync(file_) != 0) ec = last_error();
  if (!ec && ::rename(part_.c_str(), path_.c_str()) != 0) ec = last_error();
  if (ec) return false;
  if (keeps_) ::unlink(origin_path().c_str());
  // Some file systems write only now.
  if (::close(std::exchange(file_, -1)) != 0) {
    ec = last_error();
    return false;
  }
  if (sync == FileSync::off) return true;
  const File directory(directory_of(path_), O_RDONLY | O_DIRECTORY);
  if (directory.number() < 0 || ::fsync(directory.number()) != 0) ec = last_error();
  return true;
}

}  // namespace headway::exec
