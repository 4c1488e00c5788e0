# SPDX-License-Identifier: BSL-1.0
#
# What `cmake --install` puts down: the library and the test kit, their headers, the CMake package, a file each
# for pkg-config and the licence.

include(CMakePackageConfigHelpers)
set(headway_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/headway)

set(headway_installed headway)
set(headway_kit_headers PATTERN testing EXCLUDE)
if(HEADWAY_BUILD_TESTING_KIT)
  list(APPEND headway_installed headway_testing)
  set(headway_kit_headers)
endif()

set(headway_headers_args)
if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.23)
  set(headway_headers_args FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
else()
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/headway DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    ${headway_kit_headers})
endif()
install(TARGETS ${headway_installed} EXPORT headwayTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ${headway_headers_args})
install(EXPORT headwayTargets NAMESPACE headway:: DESTINATION ${headway_package_dir})

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/headwayConfig.cmake.in ${PROJECT_BINARY_DIR}/headwayConfig.cmake
  INSTALL_DESTINATION ${headway_package_dir}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/headwayConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/headwayConfig.cmake
  ${PROJECT_BINARY_DIR}/headwayConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/FindAsio.cmake
  ${PROJECT_SOURCE_DIR}/cmake/FindBrotli.cmake
  ${PROJECT_SOURCE_DIR}/cmake/FindLibpsl.cmake
  ${PROJECT_SOURCE_DIR}/cmake/FindZstd.cmake
  DESTINATION ${headway_package_dir})

# The prefix is told from where headway.pc lies, so that `cmake --install --prefix` keeps it true.
set(headway_pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH headway_pc_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" headway_pc_prefix "\${pcfiledir}/${headway_pc_prefix}")
set(headway_pc_libdir "\${prefix}")
cmake_path(APPEND headway_pc_libdir ${CMAKE_INSTALL_LIBDIR})
set(headway_pc_includedir "\${prefix}")
cmake_path(APPEND headway_pc_includedir ${CMAKE_INSTALL_INCLUDEDIR})
set(headway_pc_asio "")
if(NOT Asio_INCLUDE_DIR IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
  set(headway_pc_asio " -I${Asio_INCLUDE_DIR}")
endif()
set(headway_pc_requires "libssl libcrypto")
if(Llhttp_SHARED)
  string(APPEND headway_pc_requires " libllhttp")
endif()
if(HEADWAY_HAS_ZLIB)
  string(APPEND headway_pc_requires " zlib")
endif()
if(HEADWAY_HAS_BROTLI)
  string(APPEND headway_pc_requires " libbrotlidec")
endif()
if(HEADWAY_HAS_ZSTD)
  string(APPEND headway_pc_requires " libzstd")
endif()
if(HEADWAY_HAS_LIBPSL)
  string(APPEND headway_pc_requires " libpsl")
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/headway.pc.in ${PROJECT_BINARY_DIR}/headway.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/headway.pc DESTINATION ${headway_pc_dir})
if(HEADWAY_BUILD_TESTING_KIT)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/headway-testing.pc.in ${PROJECT_BINARY_DIR}/headway-testing.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/headway-testing.pc DESTINATION ${headway_pc_dir})
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
