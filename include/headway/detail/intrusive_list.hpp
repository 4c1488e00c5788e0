// SPDX-License-Identifier: BSL-1.0
#pragma once

// A doubly linked list whose links are members of its elements: nothing is allocated, removal needs no
// search.

#include <cstddef>

namespace headway::detail {

template <class T>
struct Links {
  T* prev = nullptr;
  T* next = nullptr;
  bool linked = false;
};

/// Does not own its elements. An element may be on one list per Links member.
template <class T, Links<T> T::*Member>
class IntrusiveList {
 public:
  IntrusiveList() = default;
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;

  bool empty() const noexcept { return head_ == nullptr; }
  std::size_t size() const noexcept { return size_; }
  T* front() const noexcept { return head_; }
  T* back() const noexcept { return tail_; }
  static T* next(const T& element) noexcept { return (element.*Member).next; }
  static bool contains(const T& element) noexcept { return (element.*Member).linked; }

  void push_back(T& element) noexcept {
    element.*Member = {.prev = tail_, .next = nullptr, .linked = true};
    (tail_ != nullptr ? (tail_->*Member).next : head_) = &element;
    tail_ = &element;
    ++size_;
  }

  /// Before the first element that it precedes, in a sorted list. One that precedes none is appended without
  /// a search.
  template <class Precedes>
  void insert(T& element, Precedes precedes) noexcept {
    if (tail_ == nullptr || !precedes(element, *tail_)) return push_back(element);
    T* at = head_;
    while (!precedes(element, *at)) at = (at->*Member).next;
    T* const before = (at->*Member).prev;
    element.*Member = {.prev = before, .next = at, .linked = true};
    (before != nullptr ? (before->*Member).next : head_) = &element;
    (at->*Member).prev = &element;
    ++size_;
  }

  void remove(T& element) noexcept {
    Links<T>& links = element.*Member;
    (links.prev != nullptr ? (links.prev->*Member).next : head_) = links.next;
    (links.next != nullptr ? (links.next->*Member).prev : tail_) = links.prev;
    links = {};
    --size_;
  }

 private:
  T* head_ = nullptr;
  T* tail_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace headway::detail
