# SPDX-License-Identifier: BSL-1.0
#
# What the library does where another one is there, and says what was found. Sets HEADWAY_HAS_ZLIB,
# HEADWAY_HAS_BROTLI, HEADWAY_HAS_ZSTD and HEADWAY_HAS_LIBPSL from HEADWAY_WITH_… and from what is installed.

# headway_optional(<name> <package> <what it is for>): sets HEADWAY_HAS_<name>.
macro(headway_optional name package purpose)
  set_property(CACHE HEADWAY_WITH_${name} PROPERTY STRINGS AUTO ON OFF)
  set(HEADWAY_HAS_${name} OFF)
  if(HEADWAY_WITH_${name} STREQUAL "AUTO")
    find_package(${package} QUIET MODULE)
    set(HEADWAY_HAS_${name} ${${package}_FOUND})
  elseif(HEADWAY_WITH_${name})
    find_package(${package} REQUIRED MODULE)
    set(HEADWAY_HAS_${name} ON)
  endif()
  if(HEADWAY_HAS_${name})
    message(STATUS "headway: ${purpose}: with ${package}")
  else()
    message(STATUS "headway: ${purpose}: no, without ${package} (HEADWAY_WITH_${name} is ${HEADWAY_WITH_${name}})")
  endif()
endmacro()

headway_optional(ZLIB ZLIB "gzip and deflate")
headway_optional(BROTLI Brotli "br")
headway_optional(ZSTD Zstd "zstd")
headway_optional(LIBPSL Libpsl "public suffixes of cookies")
