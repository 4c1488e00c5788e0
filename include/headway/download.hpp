// SPDX-License-Identifier: BSL-1.0
#pragma once

// Responses whose bodies go somewhere else than into memory: to a file, or to a function.

#include <headway/response.hpp>

#include <cstdint>
#include <functional>
#include <string_view>
#include <system_error>

namespace headway {

/// Takes a body piece by piece, each of 1 byte or more and good for the call alone, with the head that it
/// belongs to. To end the call, set `ec` or throw: the request fails with that very error and its connection
/// is closed. Called on the thread that receives; the server is not read from meanwhile.
using BodySink = std::function<void(const ResponseHead& head, std::string_view piece, std::error_code& ec)>;

/// Whether a download goes on where an earlier one broke off.
enum class Resume {
  off,  ///< it begins anew, and leaves nothing behind where it fails
  /// What has come is kept in PATH.part, and what it is of, an ETag or Last-Modified, in PATH.part.from. The
  /// next download of that URL to that path asks for the rest with Range and If-Range (RFC 9110 sections
  /// 13.1.5 and 14.2). One download to a path at a time: another one is std::errc::text_file_busy.
  on,
};

/// Whether a download is on the disk itself when it is told of.
enum class FileSync { off, on };

struct DownloadOptions {
  Resume resume = Resume::off;
  FileSync sync = FileSync::off;
  /// Bytes of the whole file; beyond it Error::body_too_large.
  std::uint64_t max_size = UINT64_MAX;
};

/// The response, whose `body` is empty where it was saved: any other status than 200, 206 in answer to a
/// resumption, and a 416 that says that nothing is missing, is no failure of the call, but its body is kept
/// here, as by `send`. Files are written with blocking calls, on the thread that receives.
struct Download : Response {
  bool saved = false;              ///< the file is there, whole
  std::uint64_t size = 0;          ///< of the file, in bytes
  std::uint64_t resumed_from = 0;  ///< how much of it an earlier download had brought
};

}  // namespace headway
