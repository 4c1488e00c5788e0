# SPDX-License-Identifier: BSL-1.0
#
# Finds brotli's decoder, which comes without a CMake package. Defines the target Brotli::decoder. Installed
# beside headway's package, since users of a static library link it, too.

find_path(Brotli_INCLUDE_DIR brotli/decode.h)
find_library(Brotli_DECODER_LIBRARY NAMES brotlidec brotlidec-static)
find_library(Brotli_COMMON_LIBRARY NAMES brotlicommon brotlicommon-static)
mark_as_advanced(Brotli_INCLUDE_DIR Brotli_DECODER_LIBRARY Brotli_COMMON_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Brotli
  REQUIRED_VARS Brotli_DECODER_LIBRARY Brotli_COMMON_LIBRARY Brotli_INCLUDE_DIR)

if(Brotli_FOUND AND NOT TARGET Brotli::decoder)
  add_library(Brotli::decoder UNKNOWN IMPORTED)
  set_target_properties(Brotli::decoder PROPERTIES
    IMPORTED_LOCATION "${Brotli_DECODER_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Brotli_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${Brotli_COMMON_LIBRARY}")
endif()
