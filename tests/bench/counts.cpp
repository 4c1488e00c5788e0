// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/counts.hpp"

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace {

/// Of one thread, so that counting is a plain addition: a locked one would be billed to who allocates much.
struct alignas(64) Tally {
  std::atomic<std::uint64_t> calls{0};
};

// Threads that have ended keep theirs.
constinit std::array<Tally, 1024> tallies{};
constinit std::atomic<std::size_t> threads{0};
constinit thread_local Tally* mine = nullptr;
constinit std::atomic<std::uint64_t> opened{0};

void count() noexcept {
  if (mine == nullptr) {
    const std::size_t thread = threads.fetch_add(1, std::memory_order_relaxed);
    if (thread >= tallies.size()) std::abort();
    mine = &tallies[thread];
  }
  mine->calls.store(mine->calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

// glibc lets a program define these; libraries written in C are counted alike.
extern "C" {
void* __libc_malloc(std::size_t) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;
void* __libc_memalign(std::size_t, std::size_t) noexcept;
int __connect(int, const sockaddr*, socklen_t);

void* malloc(std::size_t size) noexcept {
  count();
  return __libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) noexcept {
  count();
  return __libc_calloc(number, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  count();
  return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  count();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept { return memalign(alignment, size); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  if (alignment % sizeof(void*) != 0 || !std::has_single_bit(alignment)) return EINVAL;
  void* const taken = memalign(alignment, size);
  if (taken == nullptr) return ENOMEM;
  *memory = taken;
  return 0;
}

int connect(int socket, const sockaddr* address, socklen_t size) {
  const int result = __connect(socket, address, size);
  if (address->sa_family == AF_INET && (result == 0 || errno == EINPROGRESS))
    opened.fetch_add(1, std::memory_order_relaxed);
  return result;
}
}

namespace headway::bench {

std::uint64_t allocations() noexcept {
  std::uint64_t sum = 0;
  for (const Tally& tally : tallies) sum += tally.calls.load(std::memory_order_relaxed);
  return sum;
}

std::uint64_t connections_opened() noexcept { return opened.load(std::memory_order_relaxed); }

void require_counting() {
  const std::uint64_t before = allocations();
  void* volatile const plain = std::malloc(1);
  void* volatile const aligned = ::operator new(64, std::align_val_t{64});
  ::operator delete(aligned, std::align_val_t{64});
  std::free(plain);
  if (allocations() != before + 2) throw std::runtime_error("allocations are not counted here");
}

}  // namespace headway::bench
