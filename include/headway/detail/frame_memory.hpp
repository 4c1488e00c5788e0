// SPDX-License-Identifier: BSL-1.0
#pragma once

// Memory for coroutine frames, asynchronous operations and header fields, kept by each thread for its next
// operation: a request needs a few blocks of the same sizes each time. Memory may be given back on another
// thread than it came from.

#include <cstddef>
#include <new>

namespace headway::detail {

void* allocate_frame(std::size_t size);
void free_frame(void* memory, std::size_t size) noexcept;

/// The same as a standard allocator. Thread-safe.
template <class T>
struct FrameAllocator {
  using value_type = T;
  FrameAllocator() = default;
  template <class U>
  FrameAllocator(const FrameAllocator<U>&) noexcept {}  // NOLINT: conversion is the point
  T* allocate(std::size_t n) {
    if constexpr (over_aligned) {
      return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(alignof(T))));
    } else {
      return static_cast<T*>(allocate_frame(n * sizeof(T)));
    }
  }
  void deallocate(T* memory, std::size_t n) noexcept {
    if constexpr (over_aligned) {
      ::operator delete(memory, std::align_val_t(alignof(T)));
    } else {
      free_frame(memory, n * sizeof(T));
    }
  }
  template <class U>
  bool operator==(const FrameAllocator<U>&) const noexcept {
    return true;
  }

 private:
  static constexpr bool over_aligned = alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__;
};

}  // namespace headway::detail
