# SPDX-License-Identifier: BSL-1.0
#
# Finds libpsl, which has no CMake package. Defines the target Libpsl::psl. Installed beside headway's package, since
# users of a static library link it, too.

find_path(Libpsl_INCLUDE_DIR libpsl.h)
find_library(Libpsl_LIBRARY NAMES psl)
mark_as_advanced(Libpsl_INCLUDE_DIR Libpsl_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libpsl REQUIRED_VARS Libpsl_LIBRARY Libpsl_INCLUDE_DIR)

if(Libpsl_FOUND AND NOT TARGET Libpsl::psl)
  add_library(Libpsl::psl UNKNOWN IMPORTED)
  set_target_properties(Libpsl::psl PROPERTIES
    IMPORTED_LOCATION "${Libpsl_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Libpsl_INCLUDE_DIR}")
endif()
