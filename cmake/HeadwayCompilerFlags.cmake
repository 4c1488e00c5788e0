# SPDX-License-Identifier: BSL-1.0
#
# Flags for everything in this source tree: warnings, sanitizers and the fuzzer's instrumentation. Set on the
# directory and not on the target, so that none of them reaches a user's program through the target.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "headway needs g++ 12 or newer; this is ${CMAKE_CXX_COMPILER_VERSION}")
endif()

# C is llhttp's alone, whose warnings are not ours to mend.
function(headway_cxx_options)
  foreach(flag IN LISTS ARGN)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:${flag}>)
  endforeach()
endfunction()

if(PROJECT_IS_TOP_LEVEL)
  headway_cxx_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion)
  # g++ leaves it out of -Wconversion for C++.
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    headway_cxx_options(-Wno-sign-conversion)
  endif()
endif()
# In a unity build no type is known to be of the main file.
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  headway_cxx_options(-Wno-subobject-linkage)
endif()
if(HEADWAY_WARNINGS_AS_ERRORS)
  headway_cxx_options(-Werror)
endif()

if(HEADWAY_SANITIZE)
  set(HEADWAY_SANITIZE_FLAGS -fsanitize=${HEADWAY_SANITIZE})
  add_compile_options(${HEADWAY_SANITIZE_FLAGS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(${HEADWAY_SANITIZE_FLAGS})
  # Instrumented code misleads g++'s analysis, and Asio's fences, which the thread sanitizer does not
  # understand, stand beside mutexes that it does.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    headway_cxx_options(-Wno-maybe-uninitialized -Wno-tsan)
  endif()
endif()

if(HEADWAY_FUZZ_ENGINE)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "HEADWAY_FUZZ_ENGINE needs Clang; this is ${CMAKE_CXX_COMPILER_ID}")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
