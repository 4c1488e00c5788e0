# SPDX-License-Identifier: BSL-1.0
#
# Which content codings the library decodes. Sets HEADWAY_HAS_ZLIB, HEADWAY_HAS_BROTLI and HEADWAY_HAS_ZSTD from
# HEADWAY_WITH_… and from what is installed.

# headway_optional(<name> <package>): sets HEADWAY_HAS_<name>.
macro(headway_optional name package)
  set_property(CACHE HEADWAY_WITH_${name} PROPERTY STRINGS AUTO ON OFF)
  set(HEADWAY_HAS_${name} OFF)
  if(HEADWAY_WITH_${name} STREQUAL "AUTO")
    find_package(${package} QUIET MODULE)
    set(HEADWAY_HAS_${name} ${${package}_FOUND})
  elseif(HEADWAY_WITH_${name})
    find_package(${package} REQUIRED MODULE)
    set(HEADWAY_HAS_${name} ON)
  endif()
endmacro()

headway_optional(ZLIB ZLIB)
headway_optional(BROTLI Brotli)
headway_optional(ZSTD Zstd)
