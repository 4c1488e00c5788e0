// SPDX-License-Identifier: BSL-1.0
#pragma once

// A file that is being downloaded: it has another name until it is whole. Owned by one download, on its
// thread.

#include <headway/download.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace headway::exec {

class PartialFile {
 public:
  explicit PartialFile(std::string path, Resume resume);
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  /// What is not whole stays only where it can be gone on with, or is another URL's.
  ~PartialFile();

  /// Creates it, or opens what an earlier download of `url` has left. Errors: the system's;
  /// std::errc::text_file_busy.
  void open(std::string_view url, std::error_code& ec);
  std::uint64_t size() const noexcept { return size_; }
  /// What its bytes are of, for If-Range; empty: they cannot be gone on with.
  const std::string& validator() const noexcept { return validator_; }

  /// Begins anew, with what `validator` names; empty: with what cannot be gone on with.
  void restart(std::string_view url, std::string_view validator, std::error_code& ec);
  void append(std::string_view bytes, std::error_code& ec);
  /// It is whole: it gets its name. False where it has not; an error beside true is one of making that last.
  bool commit(FileSync sync, std::error_code& ec);

 private:
  void open_kept(std::error_code& ec);
  void open_unique(std::error_code& ec);
  void read_origin(std::string_view url);
  void drop() noexcept;
  std::string origin_path() const { return part_ + ".from"; }

  std::string path_, part_;
  std::string validator_;
  std::uint64_t size_ = 0;
  int file_ = -1;
  bool keeps_ = false;
  bool restarted_ = false;
};

}  // namespace headway::exec
