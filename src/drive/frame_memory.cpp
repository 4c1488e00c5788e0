// SPDX-License-Identifier: BSL-1.0
#include <headway/detail/frame_memory.hpp>

#include <array>
#include <new>
#include <utility>

namespace headway::detail {
namespace {

constexpr std::size_t granularity = 128;
constexpr std::size_t classes = 16;        // up to 2 KiB
constexpr std::size_t kept_per_class = 8;  // an operation nests a handful of frames

// A sanitizer has to see every frame's end, so nothing is kept under one.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool keeps = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool keeps = false;
#else
constexpr bool keeps = true;
#endif
#else
constexpr bool keeps = true;
#endif

struct FreeFrame {
  FreeFrame* next;
};

struct Shelf {
  FreeFrame* top = nullptr;
  std::size_t count = 0;
};

struct ThreadFrames {
  std::array<Shelf, classes> shelves{};
  bool closed = false;  // the thread is ending: frames freed from now on go straight back

  ~ThreadFrames() {
    closed = true;
    for (Shelf& shelf : shelves) {
      while (shelf.top != nullptr) ::operator delete(std::exchange(shelf.top, shelf.top->next));
    }
  }
};

thread_local ThreadFrames frames;

constexpr std::size_t class_of(std::size_t size) { return (size - 1) / granularity; }

}  // namespace

void* allocate_frame(std::size_t size) {
  const std::size_t index = class_of(size);
  if (!keeps || index >= classes) return ::operator new(size);
  Shelf& shelf = frames.shelves[index];
  if (shelf.top == nullptr) return ::operator new((index + 1) * granularity);
  --shelf.count;
  return std::exchange(shelf.top, shelf.top->next);
}

void free_frame(void* memory, std::size_t size) noexcept {
  const std::size_t index = class_of(size);
  if (keeps && index < classes) {
    ThreadFrames& mine = frames;
    Shelf& shelf = mine.shelves[index];
    if (!mine.closed && shelf.count < kept_per_class) {
      shelf.top = new (memory) FreeFrame{shelf.top};
      ++shelf.count;
      return;
    }
  }
  ::operator delete(memory);
}

}  // namespace headway::detail
