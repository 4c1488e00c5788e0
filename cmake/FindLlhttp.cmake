# SPDX-License-Identifier: BSL-1.0
#
# Finds llhttp wherever it may be and defines headway_use_llhttp(<target>), which makes it part of a library.
# The order: HEADWAY_LLHTTP_SOURCE_DIR, an installed CMake package, the C sources that Debian and Ubuntu ship
# in node-llhttp, the official release from the network.
#
# Unless it is a shared library, llhttp ends up inside headway, so that headway's users need not find it.
# Llhttp_SHARED tells.

set(Llhttp_SHARED FALSE)
set(_llhttp_release 9.4.3)
set(_llhttp_sha256 1eb813c7437b31a87496a1cd3ed79f00746720f5e7e29c79b42c02cb69f36c39)

# Debian keeps sources and header apart, the release has them in src/ and include/, others in one place.
function(_llhttp_look_for_sources)
  set(suffixes src . share/llhttp)
  unset(Llhttp_SOURCE_DIR CACHE)
  unset(Llhttp_INCLUDE_DIR CACHE)
  find_path(Llhttp_SOURCE_DIR NAMES llhttp.c PATHS ${ARGN} PATH_SUFFIXES ${suffixes} NO_DEFAULT_PATH)
  find_path(Llhttp_INCLUDE_DIR NAMES llhttp.h PATHS ${ARGN} ${Llhttp_SOURCE_DIR}
    PATH_SUFFIXES include . share/include/llhttp NO_DEFAULT_PATH)
  mark_as_advanced(Llhttp_SOURCE_DIR Llhttp_INCLUDE_DIR)
endfunction()

if(HEADWAY_LLHTTP_SOURCE_DIR)
  _llhttp_look_for_sources(${HEADWAY_LLHTTP_SOURCE_DIR})
else()
  find_package(llhttp CONFIG QUIET)
  foreach(_target IN ITEMS llhttp::llhttp_static llhttp::llhttp_shared llhttp::llhttp)
    if(TARGET ${_target} AND NOT Llhttp_TARGET)
      set(Llhttp_TARGET ${_target})
    endif()
  endforeach()
  if(NOT Llhttp_TARGET)
    _llhttp_look_for_sources(/usr/local /usr)
  endif()
  if(NOT Llhttp_TARGET AND NOT (Llhttp_SOURCE_DIR AND Llhttp_INCLUDE_DIR))
    include(FetchContent)
    # No such subdirectory: the sources are wanted, not the build that comes with them.
    FetchContent_Declare(headway_llhttp
      URL https://github.com/nodejs/llhttp/archive/refs/tags/release/v${_llhttp_release}.tar.gz
      URL_HASH SHA256=${_llhttp_sha256}
      SOURCE_SUBDIR sources-only)
    FetchContent_MakeAvailable(headway_llhttp)
    _llhttp_look_for_sources(${headway_llhttp_SOURCE_DIR})
  endif()
endif()

if(Llhttp_TARGET)
  set(_llhttp_where ${Llhttp_TARGET})
  get_target_property(_llhttp_type ${Llhttp_TARGET} TYPE)
  if(_llhttp_type STREQUAL "SHARED_LIBRARY")
    set(Llhttp_SHARED TRUE)
  endif()
elseif(Llhttp_SOURCE_DIR AND Llhttp_INCLUDE_DIR)
  set(_llhttp_where ${Llhttp_SOURCE_DIR})
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Llhttp REQUIRED_VARS _llhttp_where)

function(_llhttp_compile_into library)
  add_library(headway_llhttp OBJECT
    ${Llhttp_SOURCE_DIR}/api.c
    ${Llhttp_SOURCE_DIR}/http.c
    ${Llhttp_SOURCE_DIR}/llhttp.c)
  target_include_directories(headway_llhttp PRIVATE ${Llhttp_INCLUDE_DIR})
  target_compile_definitions(headway_llhttp PRIVATE LLHTTP_STRICT_MODE=1)
  # Its callbacks are C++ and may throw through it.
  target_compile_options(headway_llhttp PRIVATE -w -fexceptions)
  set_target_properties(headway_llhttp PROPERTIES
    C_STANDARD 99
    C_CLANG_TIDY ""
    UNITY_BUILD OFF
    C_VISIBILITY_PRESET hidden
    POSITION_INDEPENDENT_CODE ON)
  target_sources(${library} PRIVATE $<TARGET_OBJECTS:headway_llhttp>)
  target_include_directories(${library} SYSTEM PRIVATE ${Llhttp_INCLUDE_DIR})
  # Names are hidden in ELF alone, and in one file.
  if(HEADWAY_LLHTTP_SSE42 AND CMAKE_OBJCOPY AND NOT APPLE AND NOT CMAKE_CONFIGURATION_TYPES
      AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$" AND CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    _llhttp_compile_sse42_into(${library})
  endif()
endfunction()

# The parser once more, with the instructions that it has a faster way for and that not every x86-64 has:
# which of the two runs is decided when the program does. All its names but one are made its own.
function(_llhttp_compile_sse42_into library)
  add_library(headway_llhttp_sse42 OBJECT ${Llhttp_SOURCE_DIR}/llhttp.c)
  target_include_directories(headway_llhttp_sse42 PRIVATE ${Llhttp_INCLUDE_DIR})
  target_compile_definitions(headway_llhttp_sse42 PRIVATE LLHTTP_STRICT_MODE=1
    llhttp__internal_execute=headway_llhttp_execute_sse42)
  target_compile_options(headway_llhttp_sse42 PRIVATE -w -fexceptions -msse4.2 -fno-lto)
  set_target_properties(headway_llhttp_sse42 PROPERTIES
    C_STANDARD 99
    C_CLANG_TIDY ""
    UNITY_BUILD OFF
    C_VISIBILITY_PRESET hidden
    INTERPROCEDURAL_OPTIMIZATION OFF
    POSITION_INDEPENDENT_CODE ON)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/llhttp_sse42.o)
  add_custom_command(OUTPUT ${object}
    COMMAND ${CMAKE_OBJCOPY} --keep-global-symbol=headway_llhttp_execute_sse42
      $<TARGET_OBJECTS:headway_llhttp_sse42> ${object}
    DEPENDS headway_llhttp_sse42 $<TARGET_OBJECTS:headway_llhttp_sse42>
    COMMENT "Hiding the names of llhttp's second build"
    VERBATIM)
  set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  target_sources(${library} PRIVATE ${object})
  target_compile_definitions(${library} PRIVATE HEADWAY_LLHTTP_SSE42)
endfunction()

# An archive cannot hold another archive, but the objects in it linked into one it can.
function(_llhttp_merge_archive_into library)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/llhttp_merged.o)
  add_custom_command(OUTPUT ${object}
    COMMAND ${CMAKE_LINKER} -r -o ${object} --whole-archive $<TARGET_FILE:${Llhttp_TARGET}>
    DEPENDS ${Llhttp_TARGET}
    COMMENT "Merging llhttp's archive into one object"
    VERBATIM)
  set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  target_sources(${library} PRIVATE ${object})
  target_include_directories(${library} SYSTEM PRIVATE
    $<TARGET_PROPERTY:${Llhttp_TARGET},INTERFACE_INCLUDE_DIRECTORIES>)
endfunction()

# Call it in the directory that made `library`.
function(headway_use_llhttp library)
  get_target_property(type ${library} TYPE)
  target_compile_definitions(${library} PRIVATE LLHTTP_STRICT_MODE=1)
  if(NOT Llhttp_TARGET)
    _llhttp_compile_into(${library})
  elseif(Llhttp_SHARED)
    target_link_libraries(${library} PRIVATE ${Llhttp_TARGET})
  elseif(type STREQUAL "STATIC_LIBRARY")
    _llhttp_merge_archive_into(${library})
  else()
    target_link_libraries(${library} PRIVATE $<BUILD_INTERFACE:${Llhttp_TARGET}>)
    target_link_options(${library} PRIVATE -Wl,--exclude-libs,ALL)
  endif()
endfunction()
