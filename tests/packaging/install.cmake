# SPDX-License-Identifier: BSL-1.0
#
# Installs a build into an empty prefix. With SOURCE it makes the build first: the library alone, as OPTIONS say.
# usage: cmake -DBUILD=… -DPREFIX=… [-DSOURCE=… -DOPTIONS=…] -P install.cmake

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
  if(result)
    message(FATAL_ERROR "${ARGN}:\n${output}")
  endif()
endfunction()

if(SOURCE)
  run(${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} ${OPTIONS})
  run(${CMAKE_COMMAND} --build ${BUILD} --parallel 2)
endif()
file(REMOVE_RECURSE ${PREFIX})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX})
