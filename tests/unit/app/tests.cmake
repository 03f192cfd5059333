include(${CMAKE_CURRENT_LIST_DIR}/cli.cmake)
